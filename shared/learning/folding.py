"""The learner model's one writer: the log's facts, a batch at a time, in the order of their positions.

A batch is one transaction: position read, parts fetched, facts learnt from, changed parts and the new position written.
So a crash leaves the model where it was, and whoever goes on meets the same facts in the same order: the figures are
those of one pass, however the log was cut into batches. The net's memory is kept as it grows, a row for each batch with
that batch's attempts: nothing has to be replayed.

Two at once: one has the advisory lock, the other does nothing. Between batches the model stays in the process, and is
fetched anew where somebody else has moved the position meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from shared.learner import LearnerModel
from shared.learner.forecasting import ASSIGNED, EVALUATED, News, learn
from shared.learner.model.stored import GLOBAL, TRAINING
from shared.learning import kept, standing
from shared.learning.kept import Fact
from shared.store import log
from shared.store.connect import Connection

BATCH = 500
"""Events of one transaction at most: some tens of milliseconds, and a rollback that costs no more."""
LEARNERS, OTHERS = 500, 5_000
"""Learners, and items and concepts, that stay in the process after a batch: those met last."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A batch: `position` it came to, `facts` it met, outcomes `learnt`, parts and `bytes` written. `ready`: it came to
    the log's end."""

    position: int
    facts: int
    learnt: int
    parts: int
    bytes: int
    ready: bool


class Fold:
    """One for a process; threads may share it."""

    def __init__(self, *, batch: int = BATCH, learners: int = LEARNERS, others: int = OTHERS) -> None:
        self._batch, self._limits = batch, (learners, others)
        self._busy = Lock()
        self._model = LearnerModel()
        self._position: int | None = None
        """Where `_model` stands; None: it is to be fetched."""
        self._held: dict[str, None] = {}
        """Parts that `_model` has, those met last at the end."""

    @property
    def position(self) -> int | None:
        """Of the log, up to which the model of this process has learnt. None: it has none."""
        return self._position

    def step(self, conn: Connection, now: datetime) -> Folded | None:
        """The next batch; None where nothing waits, or somebody else is at it. Raises psycopg's errors: then the
        position stands."""
        if not self._busy.acquire(blocking=False):
            return None
        try:
            with conn.transaction():
                folded = self._fold(conn, now)
        except BaseException:
            self._position = None
            raise
        finally:
            self._busy.release()
        return folded

    def _fold(self, conn: Connection, now: datetime) -> Folded | None:
        if conn.execute(standing.SQL["only_one"]).fetchone() != (True,):
            return None
        stands, head = standing.begun(conn, now), log.head(conn)
        if head <= stands.position and stands.ready:
            return None
        if self._position != stands.position:
            self._model, self._held = kept.whole(conn), {}
        found = kept.facts(conn, stands.position, head, self._batch)
        ready = len(found) < self._batch
        after = head if ready else found[-1].position
        folded = self._learn(conn, found, after, ready)
        standing.moved(conn, stands.position, after, learnt=folded.learnt, ready=ready, now=now)
        self._position = after
        return folded

    def _learn(self, conn: Connection, found: list[Fact], after: int, ready: bool) -> Folded:
        model, since = self._model, self._model.net.kept
        self._fetch(conn, [fact.news for fact in found if fact.news])
        changed: dict[str, None] = {}
        gone: set[str] = set()
        learnt = 0
        for fact in found:
            if fact.erased:
                name = f"learner:{fact.subject}"
                model.drop(name)
                self._held.pop(name, None)
                changed.pop(name, None)
                gone.add(name)
            elif fact.news is not None and self._moves(fact.news):
                learn(model, fact.news)
                learnt += fact.news.kind == EVALUATED
                changed |= dict.fromkeys(fact.news.names())
        size, parts = 0, model.parts((*changed, GLOBAL, TRAINING)) if changed else {}
        if parts:
            size = kept.put(conn, parts) + kept.remember(conn, model, since)
        kept.drop(conn, gone)
        self._forget()
        return Folded(after, len(found), learnt, len(parts), size, ready)

    def _moves(self, news: News) -> bool:
        """An item that was tried speaks for itself: what is stated of it changes nothing."""
        item = self._model.history.items.get(news.item)
        return news.kind != ASSIGNED or item is None or item.n == 0

    def _fetch(self, conn: Connection, news: Iterable[News]) -> None:
        """What the batch needs and the process has not."""
        needed = kept.names_of(news)
        missing = [name for name in needed if name not in self._held]
        self._model.put(kept.parts(conn, missing))
        for name in needed:  # met last, so forgotten last
            self._held.pop(name, None)
            self._held[name] = None

    def _forget(self) -> None:
        """Keeps the process small: what was not met for longest is in the database, and comes back from there."""
        for limit, ours in zip(self._limits, (True, False), strict=True):
            names = [name for name in self._held if name.startswith("learner:") is ours]
            for name in names[: max(0, len(names) - limit)]:
                self._model.drop(name)
                del self._held[name]
