"""The web application: routes, errors and edges around services made elsewhere (`function.py`)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.middleware.cors import CORSMiddleware

from functions.api import docs_page, openapi, problems
from functions.api.edge import Edge
from functions.api.routes import (
    admin,
    auth,
    choices,
    contract,
    device,
    events,
    explaining,
    goals,
    health,
    interactions,
    lake,
    learning,
    live,
    me,
    why,
)
from functions.api.services import Services
from shared.settings import Settings


def create_app(settings: Settings, open_services: Callable[[], Services], close: Callable[[], None]) -> FastAPI:
    """`open_services` and `close` are called at start and end of the application's life, in its event loop's thread
    and a worker thread."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        import asyncio

        here = await asyncio.to_thread(open_services)
        app.state.services = here
        here.feeds.start()
        try:
            yield
        finally:
            await here.sockets.close()
            await here.feeds.stop()
            await asyncio.to_thread(close)

    app = FastAPI(
        title=openapi.TITLE,
        version=openapi.VERSION,
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]
    problems.install(app)
    for module in (
        auth, device, me, interactions, goals, choices, learning, explaining, lake, contract, why, events, admin,
        health, live,
    ):  # fmt: skip
        app.include_router(module.router)
    app.include_router(goals.runs_router)
    app.include_router(auth.keys)

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(docs_page.page(openapi.document(app)), headers={"Cache-Control": "public, max-age=300"})

    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "If-None-Match", "traceparent"],
            expose_headers=["ETag", "Retry-After"],
            max_age=600,
        )
    app.add_middleware(Edge, secure=settings.public_url.startswith("https://"))
    return app
