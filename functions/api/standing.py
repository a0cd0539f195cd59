"""Does the learner's account exist, which language is it spoken to in, and is the goal theirs? Asked with every
interaction, so the answer is kept for a few seconds: a goal never changes its owner, and an account ends but once. A
"no" is never kept."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg_pool import PoolTimeout

from shared.errors import AccountGone
from shared.refusals import say
from shared.spoken import Words, words
from shared.store.connect import Pool
from shared.store.queries import load

SQL = load(Path(__file__).with_name("queries.sql"))


@dataclass(slots=True)
class _Known:
    """`at`: when the account was last seen; `goals`: the learner's own among those asked for."""

    at: float
    language: Words
    goals: set[str] = field(default_factory=set)


class Standing:
    """`seconds`: how long an account is believed to exist; `most`: learners remembered. Lives in one event loop."""

    def __init__(
        self, pool: Pool, *, seconds: float = 3.0, most: int = 4_096, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._pool = pool
        self._seconds = seconds
        self._most = most
        self._now = now
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def of(self, learner: str, goals: Collection[str], *, afresh: bool = False) -> Collection[str]:
        """At least those of `goals` that are this learner's. Raises AccountGone.
        `afresh`: the database is asked whatever is known."""
        known = self._known.get(learner)
        if (
            not afresh
            and known is not None
            and self._now() - known.at < self._seconds
            and known.goals.issuperset(goals)
        ):
            return known.goals
        at = self._now()
        own = await asyncio.to_thread(self._ask, learner, sorted(goals))
        if own is None:
            self.forget(learner)
            raise AccountGone(say("account_gone"))
        language, goals = own
        self._keep(learner, at, language, goals)
        return goals

    async def language(self, learner: str) -> Words | None:
        """Which the learner's profile names; None where there is no account, or the database does not answer."""
        with suppress(AccountGone, psycopg.Error, PoolTimeout):
            await self.of(learner, ())
        return self.spoken(learner)

    def spoken(self, learner: str) -> Words | None:
        """The same without asking anybody: as it was seen last, if it was."""
        known = self._known.get(learner)
        return known.language if known is not None else None

    def forget(self, learner: str) -> None:
        """From any thread: this account has ended."""
        self._known.pop(learner, None)

    def _keep(self, learner: str, at: float, language: Words, own: frozenset[str]) -> None:
        known = self._known.pop(learner, None) or _Known(at, language)
        known.at, known.language = at, language
        if len(known.goals) > 1_000:
            known.goals.clear()
        known.goals |= own
        self._known[learner] = known
        if len(self._known) > self._most:
            self._known.popitem(last=False)

    def _ask(self, learner: str, goals: list[str]) -> tuple[Words, frozenset[str]] | None:
        with self._pool.connection() as conn:
            row = conn.execute(SQL["standing"], {"learner": learner, "goals": goals}).fetchone()
        return (words(row[0]), frozenset(row[1])) if row is not None and row[0] is not None else None
