"""A learner's own words put back where the events hold references (`shared/store/payloads.py`)."""

from __future__ import annotations

from collections.abc import Sequence

from functions.api.outcome import redacted
from shared.events.record import Event
from shared.store import payloads
from shared.store.connect import Connection

LONG = frozenset({"code", "report"})
"""Fields that stay references where events are listed or streamed: the client sent the one itself, and the other is
told by the run. An export holds them too."""


SEALED = frozenset({"document"})
"""Fields that no client is given, in an export either: a written challenge has its reference and hidden cases in it."""


def put_back(conn: Connection, learner: str, events: Sequence[Event], *, whole: bool = False) -> None:
    """In `data`, in place: one query for all of `events`, none where they hold no reference. Only texts of `learner`
    are found; a text that was erased stays the reference it is. `whole`: the long ones too, without what hidden cases
    ask."""
    places = [
        (event, name, value)
        for event in events
        for name, value in event.data.items()
        if isinstance(value, str) and name not in SEALED and (whole or name not in LONG)
    ]
    texts = payloads.texts(conn, learner, (value for _, _, value in places))
    for event, name, value in places:
        text = texts.get(value)
        if text is not None:
            hides = name == "report" and event.type == "goals.run.finished"
            event.data[name] = redacted(text) if hides else text
