"""What the runner's HTTP server reads and answers: bodies, problems (RFC 9457), health, and a run's lines as NDJSON."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from contextlib import aclosing
from typing import Any
from urllib.parse import parse_qs

from functions.runner.request import BODY_BYTES
from shared.errors import GoalsError, InvalidInput, TooLarge

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

NDJSON = [(b"content-type", b"application/x-ndjson"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]


async def body_of(receive: Receive) -> bytes:
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


def after_of(scope: Scope) -> int:
    """`?after=N`, the lines the client has; 0 without it. Raises InvalidInput."""
    told = parse_qs(scope.get("query_string", b"").decode("ascii", "replace")).get("after", ["0"])[-1]
    if not (told.isascii() and told.isdigit() and len(told) < 10):
        raise InvalidInput(f"after is the number of lines you have, not {told[:20]!r}")
    return int(told)


async def send_lines(lines: AsyncGenerator[bytes], receive: Receive, send: Send) -> None:
    """Sends them as they come; ends at once when the client leaves."""
    sending = asyncio.create_task(_sent(lines, send))
    leaving = asyncio.create_task(_left(receive))
    try:
        await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
    finally:
        sending.cancel()
        leaving.cancel()
        for outcome in await asyncio.gather(sending, leaving, return_exceptions=True):
            if isinstance(outcome, Exception) and not isinstance(outcome, OSError):  # OSError: the client left
                raise outcome


async def _sent(lines: AsyncGenerator[bytes], send: Send) -> None:
    async with aclosing(lines):
        await send({"type": "http.response.start", "status": 200, "headers": NDJSON})
        async for line in lines:
            await send({"type": "http.response.body", "body": line, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def send_nothing(send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def send_problem(send: Send, error: GoalsError) -> None:
    """RFC 9457, with the status of the error tree; a limit that was met is named (`limit`, `scope`)."""
    content = {"type": "about:blank", "title": error.title, "status": error.status, "detail": error.detail}
    content |= {name: error.context[name] for name in ("limit", "scope") if name in error.context}
    if error.hint:
        content["hint"] = error.hint
    headers = []
    if error.status in (429, 503):
        headers = [(b"retry-after", str(error.context.get("retry_after", 2)).encode())]
    await _send(send, error.status, b"application/problem+json", content, headers)


async def send_health(send: Send, good: bool, detail: str) -> None:
    await _send(send, 200 if good else 503, b"application/json", {"ok": good, "detail": detail}, [])


async def _send(send: Send, status: int, kind: bytes, content: Any, headers: list[tuple[bytes, bytes]]) -> None:
    body = json.dumps(content).encode()
    head = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})
