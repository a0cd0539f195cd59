"""What is written to one websocket: passing events first, then stored ones in order and without a gap."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import to_json
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from functions.api.feed import ERASED, PAGE, Feed, Feeds, Line
from functions.api.ingest import Result
from shared.clock import Clock, rfc3339
from shared.errors import Unavailable
from shared.ids import new_id

UNAUTHENTICATED: Final = 4001
SLOW: Final = 4008
TOO_BIG: Final = 1009
AWAY: Final = 1013


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. `token`: for the first message that carries it; `hold`: how long live events wait for a resume;
    `ping`: between heartbeats; `send`: before a client that takes nothing is slow. `passing`: acks that may wait
    to be sent (frames of runs wait their turn at half of it); `events_per_second`, `burst`: of one learner, on all
    their sockets."""

    token: float = 5.0
    hold: float = 1.0
    ping: float = 20.0
    send: float = 10.0
    passing: int = 256
    events_per_second: float = 50.0
    burst: float = 500.0


class Closed(Exception):
    """Ends the socket with a code (RFC 6455, section 7.4.2: 4000 to 4999 are ours) and a word the client acts on."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Outgoing:
    """`after`: the last sequence the client has; None where it has not said so yet."""

    def __init__(
        self, websocket: WebSocket, feeds: Feeds, learner: str, clock: Clock, timing: Timing, after: int | None
    ) -> None:
        self._websocket, self._feeds, self._learner = websocket, feeds, learner
        self._clock, self._timing = clock, timing
        self._cursor = after
        self._released = asyncio.Event()
        if after is not None:
            self._released.set()
        self._passing: deque[str] = deque()
        self.wake = asyncio.Event()
        """Set when there is something to write."""
        self._room_again = asyncio.Event()
        self._overflow = False
        self._ended: Closed | None = None

    @property
    def resumed(self) -> bool:
        return self._cursor is not None

    def end(self, closed: Closed) -> None:
        self._ended = closed
        self.wake.set()

    def say(self, type_: str, data: Mapping[str, Any], *, id_: str | None = None) -> None:
        """Queues a passing event. A client that does not take them is slow."""
        if len(self._passing) >= self._timing.passing:
            self._overflow = True
        else:
            event = {
                "specversion": "1.0",
                "id": id_ or new_id(),
                "type": type_,
                "source": "/functions/api",
                "subject": self._learner,
                "time": rfc3339(self._clock()),
                "datacontenttype": "application/json",
                "data": data,
            }
            self._passing.append(to_json(event).decode())
        self.wake.set()

    async def room(self) -> None:
        """Waits until there is room again for frames of runs, of which there may be thousands at once."""
        while len(self._passing) >= max(1, self._timing.passing // 2):
            self._room_again.clear()
            await self._room_again.wait()

    def ack(self, result: Result) -> None:
        self.say("goals.ack", result)

    async def send(self, feed: Feed, head: int) -> None:
        """The only writer: passing events first, then stored ones behind the cursor, never more than one page ahead."""
        while True:
            self.wake.clear()
            while self._passing:
                await self._write(self._passing.popleft())
            self._room_again.set()
            if self._overflow:
                raise Closed(SLOW, "resume")
            if self._ended is not None:
                raise self._ended
            if not self._released.is_set():
                await self._hold(head)
                continue
            cursor = self._cursor if self._cursor is not None else head
            lines = feed.behind(cursor)
            if lines is None:
                lines = await self._page(cursor)
            for line in lines[:PAGE]:
                await self._write(line.text)
                if self._cursor is not None and self._cursor < cursor:
                    break  # a resume came in between: go back to where it says
                self._cursor = cursor = line.position
                if line.type == ERASED:
                    raise Closed(UNAUTHENTICATED, "erased")
            if not lines and not self._passing:
                await self.wake.wait()

    async def _hold(self, head: int) -> None:
        """Live events wait a moment for a resume, so that none is sent twice; passing ones do not wait."""
        waiting = asyncio.create_task(self.wake.wait())
        try:
            async with asyncio.timeout(self._timing.hold):
                await waiting
        except TimeoutError:
            self.release(head)
        finally:
            waiting.cancel()

    def release(self, after: int) -> None:
        """From here on, stored events behind `after`."""
        self._cursor = after
        self._released.set()
        self.wake.set()

    async def _page(self, after: int) -> list[Line]:
        while True:
            try:
                return await self._feeds.page(self._learner, after)
            except Unavailable:
                await asyncio.sleep(0.5)

    async def _write(self, text: str) -> None:
        try:
            async with asyncio.timeout(self._timing.send):
                await self._websocket.send_text(text)
        except TimeoutError:
            raise Closed(SLOW, "resume") from None


async def goodbye(websocket: WebSocket, closed: Closed) -> None:
    """Says goodbye if the client still takes it; a client that takes nothing for five seconds is cut."""
    if websocket.client_state is WebSocketState.DISCONNECTED:
        return
    with contextlib.suppress(TimeoutError, RuntimeError, WebSocketDisconnect):
        async with asyncio.timeout(5):
            await websocket.close(closed.code, closed.reason[:120])
