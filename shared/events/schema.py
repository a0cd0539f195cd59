"""The catalogue as JSON Schemas and a page to read: `python -m shared.events.schema` writes `docs/events/`."""

from __future__ import annotations

import json
from pathlib import Path

from shared.events import catalogue as _catalogue  # noqa: F401  registers every model
from shared.events.codec import schema_uri
from shared.events.data import LATEST, REGISTRY, Data

FOLDER = Path(__file__).parents[2] / "docs" / "events"


def schema_of(model: type[Data]) -> dict[str, object]:
    schema = model.model_json_schema(mode="serialization")
    schema["$id"] = schema_uri(model.event_type, model.event_version)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["x-stream"] = model.stream_key
    schema["x-from-clients"] = model.from_clients
    schema["x-erasable"] = sorted(model.erasable())
    return schema


def files() -> dict[str, str]:
    """File name → text."""
    texts = {
        f"{type_}.{version}.json": json.dumps(schema_of(model), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        for (type_, version), model in REGISTRY.items()
    }
    return {**texts, "README.md": _page()}


def _page() -> str:
    lines = [
        "# Event catalogue",
        "",
        "Written by `make schemas` from `shared/events/catalogue/`; a test compares. All events are CloudEvents 1.0 in",
        "structured JSON. *erasable*: fields whose text is kept apart and can be erased; the event holds a reference.",
        "",
        "| type | version | stream | from clients | erasable | what it says |",
        "|---|---|---|---|---|---|",
    ]
    for type_, version in sorted(REGISTRY):
        model = REGISTRY[type_, version]
        newest = LATEST[type_].event_version
        note = "" if version == newest else f" (read as version {newest})"
        doc = " ".join((model.__doc__ or "").split()) if model.__doc__ else ""
        fields = ", ".join(f"`{name}`" for name in sorted(model.erasable()))
        lines.append(
            f"| [`{type_}`]({type_}.{version}.json) | {version}{note} | {model.stream_key} "
            f"| {'yes' if model.from_clients else ''} | {fields} | {doc} |"
        )
    return "\n".join(lines) + "\n"


def write(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, text in files().items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write()
