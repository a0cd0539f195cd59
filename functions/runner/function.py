"""The deployed runner: `POST /runs` answers with `application/x-ndjson`, a line for each event as it happens.

`GET /runs/{id}?after=N` goes on behind the N lines one has; `DELETE /runs/{id}` cancels; a `POST` with the id of a run
that is there joins it. Ids are the secret: whoever calls is the API, inside the system, and derives them.

Plain ASGI (spec 3.0), because it streams and must start fast. Problems are RFC 9457. In one process the same runner is
called directly: `new().run(request)`.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress

from functions.runner import admission
from functions.runner.admission import Admission
from functions.runner.answers import (
    Receive,
    Scope,
    Send,
    after_of,
    body_of,
    send_health,
    send_lines,
    send_nothing,
    send_problem,
)
from functions.runner.kept import GRACE, KeptRun, KeptRuns
from functions.runner.request import RunRequest
from functions.runner.stream import Event, RunStream
from shared.errors import GoalsError, NotFound, SandboxUnavailable
from shared.sandbox import Capability, Limits, Sandbox


class Runner:
    """`allow_none`: only for a server bound to loopback; see `Sandbox`. Landlock shares the machine's process table,
    so there one run at a time."""

    def __init__(
        self,
        *,
        allow_none: bool = False,
        limits: Limits | None = None,
        at_once: int = admission.AT_ONCE,
        each: int = admission.EACH,
        waiting: int = admission.WAITING,
        grace: float = GRACE,
        sandbox: Sandbox | None = None,
    ) -> None:
        self._allow_none, self._limits = allow_none, limits or Limits()
        self._at_once, self._each, self._waiting = at_once, each, waiting
        self._sandbox = sandbox
        self._fault = "not started"
        self._admission: Admission | None = None
        self._open: set[RunStream] = set()
        self._lock = threading.Lock()
        self._kept = KeptRuns(self.close, grace=grace)

    # ---------------------------------------------------------------- life cycle

    def start(self, config: Mapping[str, str] | None = None) -> None:
        """Probes the sandbox. Without one the function lives, is not ready, and says why."""
        try:
            self._sandbox = self._sandbox or Sandbox(self._allow_none, self._limits)
        except SandboxUnavailable as error:
            self._fault = error.detail
            return
        self._sandbox.warm_up()
        one = self._sandbox.capability.mode == "landlock"
        self._admission = Admission(1 if one else self._at_once, self._each, self._waiting)

    def stop(self) -> None:
        """Takes no more, ends what runs and the sandbox's warm process."""
        self._admission = None
        self._fault = "stopping"
        with self._lock:
            streams = list(self._open)
        for stream in streams:
            stream.cancel()
        if self._sandbox is not None:
            self._sandbox.close()

    def alive(self) -> tuple[bool, str]:
        return True, "alive"

    def ready(self) -> tuple[bool, str]:
        return (True, self.capability.detail) if self._admission else (False, self._fault)

    @property
    def capability(self) -> Capability:
        """Of the sandbox. Raises SandboxUnavailable when there is none or `start` was not called."""
        if self._sandbox is None:
            raise SandboxUnavailable(self._fault)
        return self._sandbox.capability

    # ---------------------------------------------------------------- in this process

    def open(self, request: RunRequest) -> RunStream:
        """A stream with its place in the line. Close it. Raises TooManyRequests, SandboxUnavailable."""
        if self._admission is None or self._sandbox is None:
            raise SandboxUnavailable(self._fault)
        stream = RunStream(request, self._sandbox, self._admission.enter(request.learner))
        with self._lock:
            self._open.add(stream)
        return stream

    def run(self, request: RunRequest) -> Iterator[Event]:
        """The events of one run; closing the iterator cancels it. Raises as `open`, at the first event."""
        stream = self.open(request)
        try:
            yield from stream
        finally:
            self.close(stream)

    def cancel(self, identity: str) -> bool:
        """Ends the run of this id at once, waiting or running; from any thread. False: there is none."""
        with self._lock:
            found = [stream for stream in self._open if stream.id == identity]
        for stream in found:
            stream.cancel()
        return bool(found)

    def close(self, stream: RunStream) -> None:
        stream.close()
        with self._lock:
            self._open.discard(stream)

    # ---------------------------------------------------------------- over HTTP

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI application."""
        match scope["type"], scope.get("method"), scope.get("path"):
            case "lifespan", _, _:
                await self._lifespan(receive, send)
            case "http", "GET", "/health/liveness":
                await send_health(send, *self.alive())
            case "http", "GET", "/health/readiness":
                await send_health(send, *self.ready())
            case "http", str(method), str(path):
                with suppress(ConnectionResetError):  # it left while it sent the body: nobody to answer
                    await self._answer(method, path, scope, receive, send)
            case kind, _, _:
                raise ValueError(f"this application does not speak {kind}")

    __call__ = handle

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await asyncio.to_thread(self.start)
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await asyncio.to_thread(self.stop)
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, method: str, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        at, _, identity = path.removeprefix("/").partition("/")
        try:
            match method, at, identity:
                case "POST", "runs", "":
                    run, after = self._begin(await body_of(receive)), 0
                case "GET", "runs", identity if identity:
                    run, after = self._kept.find(identity), after_of(scope)
                    run.transcript.behind(after)
                case "DELETE", "runs", identity if identity:
                    self._kept.find(identity).stream.cancel()
                    await send_nothing(send)
                    return
                case _:
                    raise NotFound(f"there is no {method} {path} here: POST /runs, GET or DELETE /runs/{{id}}")
        except GoalsError as error:
            await send_problem(send, error)
            return
        with self._kept.followed(run):
            await send_lines(run.transcript.follow(after), receive, send)

    def _begin(self, body: bytes) -> KeptRun:
        request = RunRequest.parse(body)
        return self._kept.begin(request.id, body, lambda: self.open(request))


def new() -> Runner:
    """The function as deployed: sandboxed or not at all."""
    told = os.environ
    return Runner(
        at_once=int(told.get("GOALS_RUNNER_AT_ONCE", admission.AT_ONCE)),
        each=int(told.get("GOALS_RUNNER_WAITING_EACH", admission.EACH)),
        waiting=int(told.get("GOALS_RUNNER_WAITING", admission.WAITING)),
    )
