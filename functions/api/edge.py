"""What every request passes first: a size limit, security headers, and the net under unexpected errors."""

from __future__ import annotations

import traceback
from collections.abc import Mapping

import structlog
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from functions.api.problems import of, response
from shared.errors import TooLarge
from shared.http import unexpected
from shared.ids import new_id

log = structlog.get_logger(__name__)

LIMIT = 1_048_576
"""Bytes of any request body."""


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
        exchange = _Exchange(receive, send, self._headers)
        try:
            declared = dict(scope["headers"]).get(b"content-length", b"0")
            if declared.isdigit() and int(declared) > LIMIT:
                raise TooLarge(f"the body is {int(declared)} bytes; at most {LIMIT} are taken")
            await self._app(scope, exchange.receive, exchange.send)
            if exchange.over:
                raise _over()
        except TooLarge as error:
            await exchange.instead(of(error, scope["path"]), scope, error)
        except Exception as error:  # noqa: BLE001  the last net: logged with an id, told as a problem
            id_ = new_id()
            trace = "".join(traceback.format_exception(error, limit=-12))
            log.error("api.unexpected", id=id_, path=scope["path"], method=scope["method"], trace=trace)
            told = response(unexpected(id_, instance=scope["path"]), {"Retry-After": "5"})
            await exchange.instead(told, scope, error)


def _over() -> TooLarge:
    return TooLarge(f"the body is larger than {LIMIT} bytes", hint="send it in parts")


class _Exchange:
    """One request and its answer: the body counted, the headers added."""

    def __init__(self, receive: Receive, send: Send, headers: Mapping[str, str]) -> None:
        self._receive, self._send, self._headers = receive, send, headers
        self._size = 0
        self.over = self.started = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._size += len(message.get("body", b""))
        if self._size > LIMIT:
            self.over = True
            raise _over()
        return message

    async def send(self, message: Message) -> None:
        if self.over:
            return  # whatever the application makes of a body cut off is not the answer
        if message["type"] == "http.response.start":
            self.started = True
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
        await answer(scope, self._receive, self.send)
