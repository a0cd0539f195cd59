"""What every request passes first: a size limit, security headers, and the net under unexpected errors."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from functions.api.problems import asked_in, of, response
from shared.errors import GoalsError, TooLarge
from shared.http import unexpected
from shared.ids import new_id
from shared.refusals import say
from shared.telemetry import meter

log = structlog.get_logger(__name__)

LIMIT = 1_048_576
"""Bytes of any request body."""
LINGER_BYTES, LINGER_SECONDS = 16 * LIMIT, 5.0
"""What is still read of a body that was refused, so that its sender can finish and see the answer."""


class Edge:
    """Plain ASGI: costs microseconds and streams bodies through."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        if secure:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange, began = _Exchange(receive, send, self._headers), time.perf_counter()
        try:
            declared = dict(scope["headers"]).get(b"content-length", b"0")
            if declared.isdigit() and int(declared) > LIMIT:
                raise TooLarge(say("body_too_large", size=int(declared), limit=LIMIT))
            await self._app(scope, exchange.receive, exchange.send)
            if exchange.over:
                raise _over()
        except GoalsError as error:
            await exchange.instead(of(error, scope["path"], asked_in(Headers(scope=scope))), scope, error)
        except Exception as error:  # noqa: BLE001  the last net: logged with an id, told as a problem
            id_ = new_id()
            trace = "".join(traceback.format_exception(error, limit=-12))
            log.error("api.unexpected", id=id_, path=scope["path"], method=scope["method"], trace=trace)
            language = asked_in(Headers(scope=scope))
            told = response(
                unexpected(id_, language=language, instance=scope["path"]),
                {"Retry-After": "5", "Content-Language": language},
            )
            await exchange.instead(told, scope, error)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            meter().requested(scope["method"], route, exchange.status, time.perf_counter() - began)


def _over() -> TooLarge:
    return TooLarge(say("body_over", limit=LIMIT))


class _Exchange:
    """One request and its answer: the body counted, the headers added."""

    def __init__(self, receive: Receive, send: Send, headers: Mapping[str, str]) -> None:
        self._receive, self._send, self._headers = receive, send, headers
        self._size = 0
        self._read = False
        self.over = self.started = False
        self.status = 0
        """Of the answer; 0: none was begun."""

    async def receive(self) -> Message:
        message = await self._receive()
        self._size += len(message.get("body", b""))
        self._read = not message.get("more_body", False)
        if self._size > LIMIT:
            self.over = True
            raise _over()
        return message

    async def send(self, message: Message) -> None:
        if self.over:
            return  # whatever the application makes of a body cut off is not the answer
        if message["type"] == "http.response.start":
            self.started = True
            self.status = int(message["status"])
            headers = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store")
        await self._send(message)

    async def instead(self, answer: Response, scope: Scope, error: Exception) -> None:
        """Answers with this; an answer that has begun cannot be taken back, so then the error goes on."""
        if self.started:
            raise error
        self.over = False
        lingers = isinstance(error, TooLarge) and not self._read
        await answer(scope, self._receive, self._last if lingers else self.send)

    async def _last(self, message: Message) -> None:
        """The answer to a body that was not read to its end, whole at once; then the connection is closed, but not
        before its sender had time to see the answer (RFC 9112, section 9.6). A sender that goes on for ever is cut."""
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Connection"] = "close"
            await self.send(message)
            return
        await self.send({**message, "more_body": True})
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS):
                while not self._read and self._size < LINGER_BYTES:
                    received = await self._receive()
                    self._size += len(received.get("body", b""))
                    self._read = not received.get("more_body", False)
        await self.send({"type": "http.response.body", "body": b""})
