"""A function behind HTTP: `POST /` takes one structured CloudEvent; `/health/liveness` and `/health/readiness` answer
probes. Plain ASGI, so that a cold start imports no web framework."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from shared.events.codec import LIMIT
from shared.function.port import Function, Reply

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PROBLEM = b"application/problem+json"


class FunctionApp:
    """`concurrency`: events handled at once (as `containerConcurrency` of the Knative Service)."""

    def __init__(self, new: Callable[[], Function], *, concurrency: int = 4) -> None:
        self._new = new
        self._function: Function | None = None
        self._threads = ThreadPoolExecutor(concurrency, thread_name_prefix="handle")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "lifespan":
                await self._lifespan(receive, send)
            case "http":
                await self._http(scope, receive, send)
            case _:
                await send({"type": "websocket.close", "code": 1003})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._function = self._new()
                await asyncio.to_thread(self._function.start)
                await send({"type": "lifespan.startup.complete"})
            else:
                if self._function is not None:
                    await asyncio.to_thread(self._function.stop)
                self._threads.shutdown()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        function = self._function
        match scope["method"], scope["path"]:
            case "GET", "/health/liveness":
                reply = Reply(200) if function is not None and function.alive() else _not("alive")
            case "GET", "/health/readiness":
                ready = function is not None and await asyncio.to_thread(function.ready)
                reply = Reply(200) if ready else _not("ready")
            case "POST", "/" if function is not None:
                reply = await self._event(function, scope, receive)
            case "POST", "/":
                reply = _not("ready")
            case method, path:
                detail = f"{method} {path} is not here: POST one CloudEvent to /"
                reply = Reply(405, {"type": "about:blank", "title": "Not here", "status": 405, "detail": detail})
        await _answer(reply, send)

    async def _event(self, function: Function, scope: Scope, receive: Receive) -> Reply:
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return Reply(503)
            body += message.get("body", b"")
            if len(body) > 2 * LIMIT:  # the codec says how much is too much; this only bounds memory
                break
            if not message.get("more_body", False):
                break
        headers = {k.lower(): v for k, v in scope["headers"]}
        content_type = headers.get(b"content-type", b"").decode("latin-1")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, function.handle, bytes(body), content_type)


def _not(what: str) -> Reply:
    problem = {"type": "about:blank", "title": "Unavailable", "status": 503, "detail": f"the function is not {what}"}
    return Reply(503, problem)


async def _answer(reply: Reply, send: Send) -> None:
    body = b"" if reply.problem is None else json.dumps(reply.problem).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    if body:
        headers.append((b"content-type", PROBLEM))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
