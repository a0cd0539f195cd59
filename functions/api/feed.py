"""A learner's events as they happen: one reader for each learner, however many sockets they have.

Order and completeness come from the store: the reader reads behind the last position it saw. Hints (`shared/push`)
only wake it; while they may be lost it looks for itself every second.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from shared.errors import Unavailable
from shared.events.codec import to_wire
from shared.events.record import Event
from shared.push import Hints

log = structlog.get_logger(__name__)

Read = Callable[[str, int, int], Awaitable[list[Event]]]
"""(learner, after, limit) → their events behind `after`, in order. Raises Unavailable."""
Head = Callable[[str], Awaitable[int]]

PAGE: Final = 200
KEPT: Final = 512
"""Events a reader keeps for its sockets; a socket further behind reads the store itself."""
ERASED = "goals.learner.erased"


@dataclass(frozen=True, slots=True)
class Line:
    """One event ready to be sent: `text` is its CloudEvent in JSON, made once for all sockets."""

    position: int
    type: str
    text: str


def line(event: Event) -> Line:
    return Line(event.position, event.type, to_wire(event).decode())


@dataclass
class Feed:
    """`head`: the last position read; `floor`: the lines hold all of the learner's events behind it."""

    learner: str
    head: int = 0
    floor: int = 0
    lines: deque[Line] = field(default_factory=deque)
    sockets: set[asyncio.Event] = field(default_factory=set)
    hint: asyncio.Event = field(default_factory=asyncio.Event)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None

    def take(self, events: list[Event]) -> None:
        for event in events:
            self.lines.append(line(event))
            self.head = event.position
        while len(self.lines) > KEPT:
            self.floor = self.lines.popleft().position
        for socket in self.sockets:
            socket.set()

    def behind(self, after: int) -> list[Line] | None:
        """The lines behind `after`; None where that is further back than the lines reach."""
        if after < self.floor:
            return None
        return [kept for kept in self.lines if kept.position > after]


class Feeds:
    """All feeds of this process. Lives in one event loop; hints may come from any thread."""

    def __init__(self, read: Read, head: Head, hints: Hints, *, poll: float = 1.0, calm: float = 15.0) -> None:
        """`poll`: seconds between looks while hints may be lost; `calm`: while they are not (a belt with braces)."""
        self._read = read
        self._head = head
        self._hints = hints
        self._poll = poll
        self._calm = calm
        self._feeds: dict[str, Feed] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._unsubscribe: Callable[[], None] | None = None

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._unsubscribe = self._hints.subscribe(self._heard)

    async def stop(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        tasks = [feed.task for feed in self._feeds.values() if feed.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._feeds.clear()

    def _heard(self, learners: frozenset[str], position: int) -> None:
        """From any thread. The look into the dict before the hop keeps hints about others nearly free."""
        if self._loop is not None and (not learners or not self._feeds.keys().isdisjoint(learners)):
            self._loop.call_soon_threadsafe(self._wake, learners, position)

    def _wake(self, learners: frozenset[str], position: int) -> None:
        for learner in learners or tuple(self._feeds):
            feed = self._feeds.get(learner)
            if feed is not None and (not learners or position > feed.head):
                feed.hint.set()

    async def join(self, learner: str, socket: asyncio.Event) -> Feed:
        """`socket` is set whenever there is more. Returns once the feed stands at the learner's present head."""
        feed = self._feeds.get(learner)
        if feed is None:
            feed = self._feeds[learner] = Feed(learner)
            feed.task = asyncio.create_task(self._follow(feed), name=f"feed {learner}")
        feed.sockets.add(socket)
        await feed.ready.wait()
        return feed

    def leave(self, learner: str, socket: asyncio.Event) -> None:
        feed = self._feeds.get(learner)
        if feed is None:
            return
        feed.sockets.discard(socket)
        if not feed.sockets:
            del self._feeds[learner]
            if feed.task is not None:
                feed.task.cancel()

    @property
    def readers(self) -> int:
        return len(self._feeds)

    async def page(self, learner: str, after: int) -> list[Line]:
        """From the store, for a socket that is far behind."""
        return [line(event) for event in await self._read(learner, after, PAGE)]

    async def _follow(self, feed: Feed) -> None:
        while not feed.ready.is_set():
            try:
                feed.head = feed.floor = await self._head(feed.learner)
                feed.ready.set()
            except Unavailable as error:
                log.warning("feed.waits", error=error.detail)
                await asyncio.sleep(self._poll)
        while True:
            feed.hint.clear()
            try:
                while events := await self._read(feed.learner, feed.head, PAGE):
                    feed.take(events)
                    if len(events) < PAGE:
                        break
            except Unavailable as error:
                log.warning("feed.waits", error=error.detail)
                await asyncio.sleep(self._poll)
                continue
            try:
                async with asyncio.timeout(self._calm if self._hints.alive else self._poll):
                    await feed.hint.wait()
            except TimeoutError:
                continue
