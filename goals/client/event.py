"""The CloudEvents a client makes, and how one from the server reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.clock import parse, rfc3339
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class Event:
    """From the server. `sequence`: its place in the global order; 0 for a passing event, which is not stored."""

    id: str
    type: str
    source: str
    time: datetime
    sequence: int
    correlation: str
    causation: str | None
    data: dict[str, Any]
    raw: dict[str, Any]

    @classmethod
    def read(cls, raw: dict[str, Any]) -> Event:
        return cls(
            id=str(raw["id"]),
            type=str(raw["type"]),
            source=str(raw["source"]),
            time=parse(str(raw["time"])),
            sequence=int(raw.get("sequence") or 0),
            correlation=str(raw.get("correlationid") or raw["id"]),
            causation=raw.get("causationid"),
            data=dict(raw.get("data") or {}),
            raw=raw,
        )

    @property
    def function(self) -> str:
        """Who said it: `feedback`, `api`…; `learner` for what the learner's client said."""
        root, _, name = self.source.strip("/").partition("/")
        return "learner" if root == "learners" else name or root


def interaction(type_: str, data: dict[str, Any], *, id: str | None = None, time: datetime) -> dict[str, Any]:  # noqa: A002
    """What a learner did, as a CloudEvent. Sending it again with the same `id` is harmless.

    It names the version it is written in, which a server that knows a newer one lifts.
    """
    from shared.events.codec import schema_uri
    from shared.events.data import model_of

    name = f"goals.{type_}"
    return {
        "specversion": "1.0",
        "id": id or new_id(),
        "type": name,
        "source": "/clients/goals",
        "time": rfc3339(time),
        "datacontenttype": "application/json",
        "dataschema": schema_uri(name, model_of(name).event_version),
        "data": data,
    }
