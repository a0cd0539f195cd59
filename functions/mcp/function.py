"""Composition root of `mcp`: an ASGI application with the same life cycle as every function."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse

from functions.api.edge import Edge
from functions.mcp.bearer import OfRequest, Verifier
from functions.mcp.door import Door
from functions.mcp.server import create
from shared.auth.published import PublishedKeys
from shared.auth.tokens import TokenCheck
from shared.clock import Clock, utc_now
from shared.settings import Settings, environment

PATH = "/mcp"


class Mcp:
    """`app` is the ASGI application: streamable HTTP at `/mcp`, each request by itself (no session to lose when an
    instance goes). It keeps nothing, no key either: callers are checked with the public keys that the API tells, and
    what they ask goes to the API."""

    name = "mcp"

    def __init__(self, settings: Settings, *, clock: Clock = utc_now) -> None:
        api = settings.api_url or settings.public_url
        tokens = TokenCheck(PublishedKeys(api), issuer=settings.public_url, clock=clock)
        self.door = Door(api)
        edge = Middleware(Edge, secure=settings.public_url.startswith("https://"))
        self.server = create(self.door, OfRequest(), Verifier(tokens, before=[edge]))
        self.server.custom_route("/health/liveness", methods=["GET"])(self._alive)
        self.server.custom_route("/health/readiness", methods=["GET"])(self._ready)
        self.app = self.server.http_app(
            path=PATH,
            stateless_http=True,
            host_origin_protection=True,  # as the specification asks: no page of elsewhere, no name bound to us later
            allowed_hosts=[urlsplit(settings.public_url).hostname or "", *settings.internal_hosts],
            allowed_origins=list(settings.cors_origins),
        )

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)

    __call__ = handle

    async def _alive(self, _: Request) -> JSONResponse:
        return JSONResponse({"ok": self.alive()})

    async def _ready(self, _: Request) -> JSONResponse:
        ready = await self.door.there()
        return JSONResponse({"ok": ready, "detail": "ready" if ready else "the API is away"}, 200 if ready else 503)

    def alive(self) -> bool:
        return True

    def start(self) -> None:
        """Serves until `stop`, on `HOST` and `PORT`."""
        import uvicorn

        self._server = uvicorn.Server(
            uvicorn.Config(
                self.app,
                host=os.environ.get("HOST", "127.0.0.1"),
                port=int(os.environ.get("PORT", "8080")),
                log_level="warning",
                lifespan="on",
                ws="none",
                timeout_graceful_shutdown=10,
            )
        )
        self._server.run()

    def stop(self) -> None:
        self._server.should_exit = True


def new() -> Mcp:
    return Mcp(environment())
