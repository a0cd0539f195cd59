"""Hints over Redis pub/sub: one message for each commit, with all its learners, on one channel.

A subscriber picks out those it has sockets for by a look into a dict, which at 1 µs a hint is cheaper than
subscribing and unsubscribing for each socket.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import structlog

from shared.push.port import Heard

if TYPE_CHECKING:
    from redis import Redis

log = structlog.get_logger(__name__)

CHANNEL = "goals:push"
EVERYBODY: frozenset[str] = frozenset()
_JOIN = 256
"""At most so many hints that wait are sent as one message."""


def _client(url: str) -> Redis:
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return Redis.from_url(
        url, socket_timeout=2, socket_connect_timeout=1, health_check_interval=10, retry=Retry(NoBackoff(), 1)
    )


class RedisPush:
    """Sends from a thread of its own: a commit never waits for Redis. While Redis is away hints are dropped."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._queue: queue.Queue[tuple[frozenset[str], int] | None] = queue.Queue(4_096)
        self._thread = threading.Thread(target=self._run, name="push", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._queue.put(None)
        self._thread.join(5)

    def publish(self, learners: Iterable[str], position: int) -> None:
        try:
            self._queue.put_nowait((frozenset(learners), position))
        except queue.Full:
            return

    def _run(self) -> None:
        from redis.exceptions import RedisError

        client = _client(self._url)
        away = False
        while (first := self._queue.get()) is not None:
            learners, position = first
            ending = False
            for _ in range(_JOIN):
                try:
                    more = self._queue.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    ending = True
                    break
                learners, position = learners | more[0], max(position, more[1])
            try:
                client.publish(CHANNEL, f"{position} {' '.join(learners)}")
                away = False
            except (RedisError, OSError) as error:
                if not away:
                    log.warning("push.redis_away", error=str(error))
                away = True
            if ending:
                break
        client.close()


class RedisHints:
    """Listens in a thread of its own and connects again by itself."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._heard: list[Heard] = []
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hints", daemon=True)
        self.alive = False

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        self._thread.join(5)

    def subscribe(self, heard: Heard) -> Callable[[], None]:
        self._heard.append(heard)
        return lambda: self._heard.remove(heard)

    def _tell(self, learners: frozenset[str], position: int) -> None:
        for heard in tuple(self._heard):
            heard(learners, position)

    def _run(self) -> None:
        from redis.exceptions import RedisError

        while not self._ending.is_set():
            try:
                self._listen()
            except (RedisError, OSError) as error:
                if self.alive:
                    log.warning("push.redis_away", error=str(error))
                    self.alive = False
                    self._tell(EVERYBODY, 0)  # from now on they must look for themselves
                self._ending.wait(0.5)

    def _listen(self) -> None:
        with _client(self._url) as client, client.pubsub(ignore_subscribe_messages=True) as subscription:
            subscription.subscribe(CHANNEL)
            subscription.get_message(timeout=2)  # the confirmation: from here on nothing published is missed
            self.alive = True
            self._tell(EVERYBODY, 0)  # who knows what was missed meanwhile
            while not self._ending.is_set():
                message = subscription.get_message(timeout=1)
                if message is None:
                    continue
                position, *learners = message["data"].decode().split(" ")
                self._tell(frozenset(learners), int(position))
