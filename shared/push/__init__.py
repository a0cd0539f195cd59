"""Telling those who watch a learner that there is news: a hint, nothing more.

A hint says "this learner's events now reach position N". Order and completeness come from the store: whoever gets a
hint reads it. A lost hint costs a moment, never an event.
"""

from shared.push.local import LocalPush
from shared.push.port import Heard, Hints, Push
from shared.push.redis import RedisHints, RedisPush

__all__ = ["Heard", "Hints", "LocalPush", "Push", "RedisHints", "RedisPush", "connect"]


def connect(redis_url: str | None) -> tuple[Push, Hints]:
    """Both ends: over Redis, or inside this process where there is none. Start and stop both."""
    if redis_url is None:
        local = LocalPush()
        return local, local
    return RedisPush(redis_url), RedisHints(redis_url)
