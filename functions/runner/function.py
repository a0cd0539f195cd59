"""The deployed runner: `POST /runs` answers with `application/x-ndjson`, a line for each event as it happens.

Plain ASGI (spec 3.0), because it streams and must start fast. Problems are RFC 9457. A client that goes away cancels
its run at once. In one process the same runner is called directly: `new().run(request)`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from typing import Any

from functions.runner.admission import Admission
from functions.runner.request import BODY_BYTES, RunRequest
from functions.runner.stream import Event, RunStream
from shared.errors import GoalsError, NotFound, SandboxUnavailable, TooLarge
from shared.sandbox import Capability, Limits, Sandbox

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

AT_ONCE, WAITING = 2, 32


class Runner:
    """`allow_none`: only for a server bound to loopback; see `Sandbox`. Landlock shares the machine's process table,
    so there one run at a time."""

    def __init__(
        self,
        *,
        allow_none: bool = False,
        limits: Limits | None = None,
        at_once: int = AT_ONCE,
        waiting: int = WAITING,
        sandbox: Sandbox | None = None,
    ) -> None:
        self._allow_none, self._limits = allow_none, limits or Limits()
        self._at_once, self._waiting = at_once, waiting
        self._sandbox = sandbox
        self._fault = "not started"
        self._admission: Admission | None = None
        self._open: set[RunStream] = set()
        self._lock = threading.Lock()

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
        self._admission = Admission(1 if one else self._at_once, self._waiting)

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
        stream = RunStream(request, self._sandbox, self._admission.enter())
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
            case "http", "POST", "/runs":
                await self._runs(receive, send)
            case "http", "GET", "/health/liveness":
                await _health(send, *self.alive())
            case "http", "GET", "/health/readiness":
                await _health(send, *self.ready())
            case "http", _, path:
                await _problem(send, NotFound(f"there is no {scope['method']} {path} here: POST /runs"))
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

    async def _runs(self, receive: Receive, send: Send) -> None:
        try:
            stream = self.open(RunRequest.parse(await _body(receive)))
        except GoalsError as error:
            await _problem(send, error)
            return
        except ConnectionResetError:
            return
        await _Pump(self, stream).serve(receive, send)


class _Pump:
    """A thread of its own iterates the stream (the sandbox dies with the thread that started it); lines go out here."""

    def __init__(self, runner: Runner, stream: RunStream) -> None:
        self._runner, self._stream = runner, stream
        self._loop = asyncio.get_running_loop()
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()

    async def serve(self, receive: Receive, send: Send) -> None:
        worker = threading.Thread(target=self._work, name="run", daemon=True)
        worker.start()
        gone = asyncio.create_task(self._watch(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": NDJSON})
            while (event := await self._events.get()) is not None:
                line = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                await send({"type": "http.response.body", "body": line, "more_body": True})
            if not gone.done():
                await send({"type": "http.response.body", "body": b""})
        except OSError:
            pass  # the client went away while we wrote: `finally` ends its run
        finally:
            self._stream.cancel()
            gone.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await gone
            await asyncio.shield(asyncio.to_thread(worker.join))

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._stream.cancel()

    def _work(self) -> None:
        try:
            for event in self._stream:
                self._loop.call_soon_threadsafe(self._events.put_nowait, event)
        finally:
            self._runner.close(self._stream)
            self._loop.call_soon_threadsafe(self._events.put_nowait, None)


NDJSON = [(b"content-type", b"application/x-ndjson"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]


async def _body(receive: Receive) -> bytes:
    """The whole body, refused as soon as it is over the limit."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError("the client left while it sent the body")
        body += bytes(message.get("body", b""))
        if len(body) > BODY_BYTES:
            raise TooLarge(f"the body is over {BODY_BYTES} bytes")
        if not message.get("more_body"):
            return body


async def _answer(send: Send, status: int, kind: bytes, content: Any, headers: list[tuple[bytes, bytes]]) -> None:
    body = json.dumps(content).encode()
    head = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})


async def _problem(send: Send, error: GoalsError) -> None:
    """RFC 9457, with the status of the error tree."""
    content = {"type": "about:blank", "title": error.title, "status": error.status, "detail": error.detail}
    headers = [(b"retry-after", b"2")] if error.status in (429, 503) else []
    await _answer(send, error.status, b"application/problem+json", content, headers)


async def _health(send: Send, good: bool, detail: str) -> None:
    await _answer(send, 200 if good else 503, b"application/json", {"ok": good, "detail": detail}, [])


def new() -> Runner:
    """The function as deployed: sandboxed or not at all."""
    return Runner(
        at_once=int(os.environ.get("GOALS_RUNNER_AT_ONCE", AT_ONCE)),
        waiting=int(os.environ.get("GOALS_RUNNER_WAITING", WAITING)),
    )
