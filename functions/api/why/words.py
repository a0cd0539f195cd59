"""What an event says in an explanation, in the learner's language. The words stand in `words.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from functions.api.why.links import Role
from shared.curriculum import text
from shared.events.record import PAYLOAD, Event
from shared.planning import explained

Words = Mapping[str, Mapping[str, Mapping[str, str]]]
YES_NO = {
    "outcome": ({"en": "correct", "es": "correcto"}, {"en": "not correct", "es": "incorrecto"}),
    "helped": (  # from three hints on; fewer make it count less
        {"en": "as helped", "es": "con ayuda"},
        {"en": "as your own", "es": "como tuyo"},
    ),
}
NONE = {"en": "none", "es": "ninguno"}
FULLY = {"en": "as before weights were kept", "es": "como antes de guardarse los pesos"}


@cache
def _words() -> Words:
    found: Words = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
    return found


def role(name: Role, language: str) -> str:
    return text(_words()["roles"][name], language)


def says(event: Event, language: str) -> str:
    """One sentence. Of a type that has no words of its own: its name."""
    name = event.type.removeprefix("goals.")
    words = _words()["says"].get(name)
    return text(words, language).format_map(_Figures(figures(event, language), language)) if words else name


def because(event: Event, language: str) -> str:
    """The reason that was written down when it was decided, of a plan with those of its goals and what each weighs;
    empty where there is none."""
    found = event.data.get("because") or (event.data.get("text") if event.type in TOLD else "")
    if not isinstance(found, str) or found.startswith(PAYLOAD):
        return ""
    lines = event.data["goals"] if event.type == "goals.plan.changed" else []
    return " · ".join([found, *(_line(line, language) for line in lines)])


def _line(line: Mapping[str, Any], language: str) -> str:
    weight = explained(line.get("parts", {}), language)
    return f"{line['kind']}, {line['concept']}: {line['because']}" + (f" [{weight}]" if weight else "")


TOLD = frozenset({"goals.mastery.answered", "goals.contract.changed"})
"""Types whose `text` is their reason."""


class _Figures(dict[str, str]):
    """A field an older version of the event does not have is none."""

    def __init__(self, known: Mapping[str, str], language: str) -> None:
        super().__init__(known)
        self._language = language

    def __missing__(self, key: str) -> str:
        return text(NONE, self._language)


def figures(event: Event, language: str) -> dict[str, str]:
    """The fields of the data as words."""
    data = event.data
    told = {name: _written(value, language) for name, value in data.items()}
    match event.type.removeprefix("goals."):
        case "evaluation.recorded":
            told["outcome"] = text(YES_NO["outcome"][not data["correct"]], language)
            told["helped"] = text(YES_NO["helped"][not data["assisted"]], language)
            weight = data.get("weight")
            told["counted"] = f"{weight:.2f}" if weight is not None else text(FULLY, language)
            told["moves"] = _moves(data["deltas"], 1)
        case "evaluation.withdrawn":
            told["moves"] = _moves(data["deltas"], -1)
        case "contract.amended" | "contract.changed" | "contract.signed":
            changes = data.get("changes") or {}
            told["changed"] = "; ".join(f"{n}: {a} → {b}" for n, (a, b) in changes.items()) or text(NONE, language)
            terms = data.get("terms") or {}
            told |= {"version": str(terms.get("version", "")), "term": f"{terms.get('starts')} – {terms.get('ends')}"}
        case "plan.changed":
            told["count"] = str(len(data["goals"]))
        case _:
            pass
    return told


def _moves(deltas: Mapping[str, float], sign: Literal[1, -1]) -> str:
    """What moved of the learner's own, by concept: `; loops +1.03` (log-odds of mastery without help)."""
    mine = {key.rpartition("|")[2]: sign * delta for key, delta in deltas.items() if key.startswith("mu:")}
    return "".join(f"; {concept} {delta:+.2f}" for concept, delta in mine.items())


def _written(value: Any, language: str) -> str:
    match value:
        case None | [] | "":
            return text(NONE, language)
        case str() if value.startswith(PAYLOAD):
            return "…"
        case bool():
            return str(value).lower()
        case float():
            return f"{value:.2f}"
        case list():
            return "; ".join(str(item) for item in value if not isinstance(item, dict))
        case dict():
            return ", ".join(map(str, value))
        case _:
            return str(value)
