"""Looks up one learner's events, each question once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from shared.events.record import Event
from shared.readmodel.challenges import NOBODY
from shared.store import log
from shared.store.connect import Connection
from shared.store.log import event_of
from shared.store.queries import load

SQL = load(Path(__file__).with_name("queries.sql"))
LOOKED_AT = 200
"""Events of a type that are looked through, newest first, for the one that is meant."""


class Look:
    """Over one connection, for one explanation: what was found is kept. Sees events of `learner`, and such as are about
    nobody: of a challenge's difficulty."""

    def __init__(self, conn: Connection, learner: str) -> None:
        self._conn = conn
        self._learner = learner
        self._known: dict[str, Event | None] = {}
        self._ways: dict[str, list[Event]] = {}
        self._streams: dict[str, list[Event]] = {}

    def ids(self, ids: Sequence[str]) -> list[Event]:
        """Those there are, in the order asked for. Of several with one id the server's own word is meant: the last."""
        missing = [id_ for id_ in dict.fromkeys(ids) if id_ not in self._known]
        if missing:
            self._known |= dict.fromkeys(missing)
            self._known |= {event.id: event for event in log.of_ids(self._conn, self._learner, missing)}
        return [event for id_ in dict.fromkeys(ids) if (event := self._known[id_]) is not None]

    def way(self, event: Event) -> list[Event]:
        """Everything of the interaction that `event` belongs to."""
        if event.correlation not in self._ways:
            found = log.of_correlation(self._conn, event.correlation)
            self._ways[event.correlation] = [e for e in found if e.subject == self._learner]
        return self._ways[event.correlation]

    def stream(self, name: str) -> list[Event]:
        if name not in self._streams:
            found = log.stream(self._conn, name, limit=2_000)
            self._streams[name] = [e for e in found if e.subject in (self._learner, NOBODY)]
        return self._streams[name]

    def newest(self, types: Iterable[str], before: int, fits: Callable[[Event], bool] = lambda _: True) -> list[Event]:
        """The newest event of these types before a position that fits, if there is one."""
        parameters = [self._learner, [f"goals.{t}" for t in types], before, LOOKED_AT]
        for row in self._conn.execute(SQL["newest"], parameters):
            event = event_of(row)
            if fits(event):
                return [event]
        return []
