"""Budgets and answers in Redis or Valkey. Each change is one script (`lua/`): whole, or not at all.

All keys begin with `goals:{models}:`, so that a clustered Redis keeps them in one slot. Names of people and contracts
are digests; answers are kept as they are, and expire.

| key | what |
|---|---|
| `…spent:<day>:<scope>:<digest>` | hash: tokens, cost (millionths of a dollar); expires after two days |
| `…answer:<owner>:<key>` | one answer; expires |
| `…answers` | sorted set of all of them by the time they expire: the bound in number |
| `…owned:<owner>` | set of one learner's keys, for erasure |
| `…erased:<owner>` | this learner is being erased: nothing more is kept; expires after a day |
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from shared.errors import Unavailable
from shared.models.answer import Asker
from shared.models.budget import Amount, Scope, Verdict, places, private
from shared.models.cache import ENTRIES, LARGEST, TTL
from shared.refusals import say
from shared.settings import Allowances

if TYPE_CHECKING:
    from redis import Redis

log = structlog.get_logger(__name__)

LUA = Path(__file__).with_name("lua")
PREFIX = "goals:{models}:"
DAY = 86_400
NO_BOUND = -1
PAUSE = 5.0

T = TypeVar("T")


def connect(url: str) -> Redis:
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return Redis.from_url(url, socket_timeout=1, socket_connect_timeout=0.5, retry=Retry(NoBackoff(), 1))


class Away(Exception):
    """Redis does not answer, or did not a moment ago."""


class Link:
    """To Redis. When it is away nobody waits for it again for `PAUSE` seconds. `clock`: monotonic."""

    def __init__(self, client: Redis, clock: Callable[[], float] = time.monotonic) -> None:
        self.client, self._clock = client, clock
        self._until = 0.0

    def get(self, work: Callable[[], T], what: str) -> T:
        """What `work` gives. Raises Away. `what`: named in the log, once for each pause."""
        if self._clock() < self._until:
            raise Away
        try:
            return self.must(work)
        except Away as away:
            log.warning("models.redis_away", doing=what, error=str(away))
            self._until = self._clock() + PAUSE
            raise

    def must(self, work: Callable[[], T]) -> T:
        """The same, also within a pause."""
        from redis.exceptions import RedisError

        try:
            return work()
        except (RedisError, OSError) as error:
            raise Away(type(error).__name__) from error


class RedisBudget:
    def __init__(self, client: Redis, allowances: Allowances) -> None:
        self._client, self._allowances = Link(client), allowances
        self._reserve, self._settle = (
            client.register_script(_script("reserve")),
            client.register_script(_script("settle")),
        )

    def reserve(self, who: Asker, amount: Amount, now: datetime) -> Verdict:
        kept = places(who, now)
        bounds: list[int] = []
        for scope in kept:
            allowed = getattr(self._allowances, scope)
            bounds += [NO_BOUND if most is None else most for most in (allowed.tokens, allowed.micros)]
        keys = [_sum(place) for place in kept.values()]
        args = [amount.tokens, amount.cost, 2 * DAY, *bounds]
        try:
            done = self._client.get(lambda: self._reserve(keys=keys, args=args), "reserve")
        except Away:
            return "unknown"
        return "reserved" if done else "used_up"

    def settle(self, who: Asker, difference: Amount, now: datetime) -> None:
        keys = [_sum(place) for place in places(who, now).values()]
        with suppress(Away):  # the estimate stays counted
            self._client.get(lambda: self._settle(keys=keys, args=[difference.tokens, difference.cost]), "settle")

    def spent(self, who: Asker, scope: Scope, now: datetime) -> Amount | None:
        place = places(who, now).get(scope)
        if place is None:
            return None
        try:
            tokens, cost = self._client.get(lambda: _sums(self._client.client, _sum(place)), "look")
        except Away:
            return None
        return Amount(tokens, cost)

    def close(self) -> None:
        self._client.client.close()


class RedisCache:
    def __init__(self, client: Redis, entries: int = ENTRIES, ttl: timedelta = TTL) -> None:
        self._client, self._entries, self._seconds = Link(client), entries, int(ttl.total_seconds())
        self._put, self._forget = client.register_script(_script("put")), client.register_script(_script("forget"))

    def get(self, owner: str, key: str, now: datetime) -> str | None:
        try:
            found: Any = self._client.get(lambda: self._client.client.get(f"{PREFIX}answer:{owner}:{key}"), "recall")
        except Away:
            return None
        return found.decode("utf-8", "replace") if isinstance(found, bytes) else None

    def put(self, owner: str, key: str, text: str, now: datetime) -> None:
        raw = text.encode("utf-8", "replace")
        if len(raw) > LARGEST:
            return
        args: list[str | bytes | int] = [PREFIX, owner, key, raw, int(now.timestamp()), self._seconds, self._entries]
        with suppress(Away):
            self._client.get(lambda: self._put(keys=[], args=args), "keep")

    def forget(self, learner: str) -> None:
        try:
            self._client.must(lambda: self._forget(keys=[], args=[PREFIX, private(learner), DAY]))
        except Away as error:
            raise Unavailable(say("answers_not_erased")) from error

    def close(self) -> None:
        self._client.client.close()


def _script(name: str) -> str:
    return (LUA / f"{name}.lua").read_text("utf-8")


def _sum(place: str) -> str:
    return f"{PREFIX}spent:{place}"


def _sums(client: Redis, key: str) -> tuple[int, int]:
    tokens, cost = (int(text or 0) for text in client.hmget(key, ["tokens", "cost"]))
    return tokens, cost
