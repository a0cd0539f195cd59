"""What every request passes first: a size limit, security headers, and the net under unexpected errors."""

from __future__ import annotations

import traceback

import structlog
from starlette.datastructures import MutableHeaders
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
        started = over = False
        size = 0

        async def counted() -> Message:
            nonlocal size, over
            message = await receive()
            size += len(message.get("body", b""))
            if size > LIMIT:
                over = True
                raise TooLarge(f"the body is larger than {LIMIT} bytes", hint="send it in parts")
            return message

        async def dressed(message: Message) -> None:
            nonlocal started
            if over:
                return  # whatever the application makes of a body cut off is not the answer
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            declared = dict(scope["headers"]).get(b"content-length", b"0")
            if declared.isdigit() and int(declared) > LIMIT:
                raise TooLarge(f"the body is {int(declared)} bytes; at most {LIMIT} are taken")
            await self._app(scope, counted, dressed)
            if over:
                raise TooLarge(f"the body is larger than {LIMIT} bytes", hint="send it in parts")
        except TooLarge as error:
            if started:
                raise
            over = False
            await of(error, scope["path"])(scope, receive, dressed)
        except Exception as error:  # the last net: logged with an id, told as a problem
            id_ = new_id()
            trace = "".join(traceback.format_exception(error, limit=-12))
            log.error("api.unexpected", id=id_, path=scope["path"], method=scope["method"], trace=trace)
            if started:
                raise
            await response(unexpected(id_, instance=scope["path"]), {"Retry-After": "5"})(scope, receive, dressed)
