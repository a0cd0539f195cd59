"""How often one may try: the `limits` library on Redis, or in memory where there is none or it is away."""

from __future__ import annotations

from hashlib import sha256

import structlog
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from shared.errors import TooManyRequests
from shared.refusals import say

log = structlog.get_logger(__name__)

PER_ADDRESS = RateLimitItemPerMinute(60)
PER_ACCOUNT_AND_ADDRESS = RateLimitItemPerMinute(10)
PER_ACCOUNT = RateLimitItemPerHour(100)
"""Looser than the one above: a stranger elsewhere must not lock a learner out cheaply."""


class Limits:
    """Keys are hashed: neither an e-mail nor an address is written to Redis."""

    def __init__(self, redis_url: str | None = None) -> None:
        self._memory = FixedWindowRateLimiter(MemoryStorage())
        self._shared: FixedWindowRateLimiter | None = None
        if redis_url is not None:
            from limits.storage import RedisStorage

            storage = RedisStorage(redis_url, socket_timeout=0.5, socket_connect_timeout=0.5)
            self._shared = FixedWindowRateLimiter(storage)

    def attempt(self, item: RateLimitItem, *key: str) -> None:
        """Counts one try. Raises TooManyRequests when they are used up."""
        name = sha256("\x1f".join(key).encode()).hexdigest()[:32]
        if not self._hit(item, name):
            seconds = int(item.get_expiry())
            raise TooManyRequests(say("too_many_tries", tries=item.amount, seconds=seconds), retry_after=seconds)

    def sign_in(self, email: str, address: str) -> None:
        """One try to sign in or up."""
        self.attempt(PER_ADDRESS, "address", address)
        self.attempt(PER_ACCOUNT_AND_ADDRESS, "both", email.lower(), address)
        self.attempt(PER_ACCOUNT, "account", email.lower())

    def _hit(self, item: RateLimitItem, name: str) -> bool:
        if self._shared is not None:
            from redis.exceptions import RedisError

            try:
                return self._shared.hit(item, name)
            except (RedisError, OSError) as error:
                log.warning("limits.memory_instead", error=str(error))
        return self._memory.hit(item, name)
