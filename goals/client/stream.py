"""The websocket `goals.v1` in a thread of its own: it resumes behind the last sequence it saw, for as long as it runs.

Stored events are kept in order and without doubles; whoever wants one waits for it. What is sent is sent again after
a cut until the server has acknowledged it.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

from goals.client.errors import Answered, NotSignedIn, Unreachable
from goals.client.event import Event
from goals.client.session import Session
from shared.errors import GoalsError
from shared.near import near
from shared.spoken import of_environment

PROTOCOL = "goals.v1"
UNAUTHENTICATED = 4001
LONGEST = 1_048_576
RUNS = 64
"""Whose frames are remembered; four of a learner's go on at a time."""
T = TypeVar("T")


class Stream:
    """`after`: the last sequence seen so far; None begins with what is new. `passing`: told of events that are not
    stored (`goals.run.case`…), from the stream's thread; after a cut the server tells those of a run that goes on
    again, and each is told once here."""

    def __init__(
        self,
        server: str,
        session: Session,
        *,
        after: int | None = None,
        passing: Callable[[Event], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.server = server
        self.events: list[Event] = []
        self.sequence = after
        self.connections = 0
        self._session = session
        self._passing = passing
        self._clock = clock
        self._news = threading.Condition()
        self._unsent: dict[str, str] = {}
        self._frames: dict[str, int] = {}
        self._acks: dict[str, dict[str, Any]] = {}
        self._socket: Any = None
        self._ending = threading.Event()
        self._error: GoalsError | None = None
        self._thread = threading.Thread(target=self._run, name="stream", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ending.set()
        socket = self._socket
        if socket is not None:
            socket.close()
        self._thread.join(5)

    # --- for others

    def ready(self, timeout: float = 10.0) -> None:
        """Returns once the server has said welcome. Raises NotSignedIn, Unreachable."""
        self._until(lambda: self.connections > 0 or None, timeout, "the websocket did not open in time")

    def wait(self, wanted: Callable[[Event], bool], timeout: float, *, what: str = "an event") -> Event:
        """The first stored event that is `wanted`, seen already or still to come. Raises Unreachable."""
        place = 0

        def look() -> Event | None:
            nonlocal place
            while place < len(self.events):
                place += 1
                if wanted(self.events[place - 1]):
                    return self.events[place - 1]
            return None

        return self._until(look, timeout, f"{what} did not come within {timeout:.0f} s")

    def send(self, event: dict[str, Any], timeout: float = 30.0) -> dict[str, Any]:
        """Sends an interaction; returns its acknowledgement. Raises Answered where it is refused, Unreachable."""
        identity, text = str(event["id"]), json.dumps(event, ensure_ascii=False)
        with self._news:
            self._unsent[identity] = text
        self._write(text)
        ack = self._until(lambda: self._acks.pop(identity, None), timeout, f"{event['type']} was not acknowledged")
        if ack["status"] == "refused":
            raise Answered(ack["problem"])
        return ack

    def _until(self, look: Callable[[], T | None], timeout: float, otherwise: str) -> T:
        end = self._clock() + timeout
        with self._news:
            while True:
                if (found := look()) is not None:
                    return found
                if self._error is not None:
                    raise self._error
                left = end - self._clock()
                if left <= 0:
                    raise Unreachable(self.server, otherwise)
                self._news.wait(min(left, 1.0))

    # --- the thread

    def _run(self) -> None:
        from websockets.exceptions import InvalidHandshake, WebSocketException

        pause = 0.05
        while not self._ending.is_set():
            before, token = self.connections, ""
            try:
                token = self._session.access()
                self._live(token)
            except NotSignedIn as error:
                self._fail(error)
                return
            except (OSError, TimeoutError, InvalidHandshake, WebSocketException, Unreachable, Answered):
                pass  # cut off is the normal case: connect again
            self._socket = None
            pause = 0.05 if self.connections > before else min(pause * 2, 2.0)
            self._ending.wait(pause)

    def _live(self, token: str) -> None:
        from websockets.exceptions import ConnectionClosed
        from websockets.sync.client import connect
        from websockets.typing import Subprotocol

        with connect(
            "ws" + self.server.removeprefix("http") + "/v1/ws",
            subprotocols=[Subprotocol(PROTOCOL), Subprotocol(f"bearer.{token}")],
            additional_headers={"Accept-Language": of_environment(os.environ)},
            proxy=None if near(self.server) else True,
            open_timeout=5,
            close_timeout=1,
            max_size=LONGEST,
        ) as socket:
            self._socket = socket
            if self.sequence is not None:
                socket.send(json.dumps(_resume(self.sequence)))
            with self._news:
                unsent = list(self._unsent.values())
            for text in unsent:
                socket.send(text)
            try:
                while not self._ending.is_set():
                    self._take(Event.read(json.loads(socket.recv())))
            except ConnectionClosed as closed:
                if closed.rcvd is not None and closed.rcvd.code == UNAUTHENTICATED:
                    self._session.renew(token)

    def _take(self, event: Event) -> None:
        with self._news:
            if event.sequence:
                if self.sequence is None or event.sequence > self.sequence:
                    self.sequence = event.sequence
                    self.events.append(event)
            elif event.type == "goals.ack":
                if (identity := event.data.get("id")) and self._unsent.pop(identity, None) is not None:
                    self._acks[identity] = event.data
            elif event.type == "goals.welcome":
                self.connections += 1
                if self.sequence is None:
                    self.sequence = int(event.data.get("sequence") or 0)
            self._news.notify_all()
        if not event.sequence and self._passing is not None and self._is_new(event):
            self._passing(event)

    def _is_new(self, event: Event) -> bool:
        """Frames of a run are counted from 1."""
        run, frame = event.data.get("run"), event.data.get("frame")
        if run is None or frame is None:
            return True
        new: bool = frame > self._frames.get(run, 0)
        self._frames[run] = max(frame, self._frames.get(run, 0))
        while len(self._frames) > RUNS:
            del self._frames[next(iter(self._frames))]
        return new

    def _write(self, text: str) -> None:
        """What cannot be sent now goes out with the next connection."""
        from websockets.exceptions import WebSocketException

        socket = self._socket
        if socket is None:
            return
        try:
            socket.send(text)
        except (WebSocketException, OSError):
            return

    def _fail(self, error: GoalsError) -> None:
        with self._news:
            self._error = error
            self._news.notify_all()


def _resume(after: int) -> dict[str, Any]:
    data = {"after": after}
    return {
        "specversion": "1.0",
        "id": f"resume-{after}",
        "type": "goals.resume",
        "source": "/clients/goals",
        "data": data,
    }
