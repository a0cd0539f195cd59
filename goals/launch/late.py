"""An ASGI application that is made when somebody first asks for it: one that few use must not make every start slow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any


class Late:
    """Requests to `path` and below go to what `new` makes (an ASGI application with a `lifespan`), in a thread since it
    imports much; all others, websockets and the lifespan go to `first`. `new` may raise: the request fails, the next
    one tries again."""

    def __init__(self, first: Any, path: str, new: Callable[[], Any]) -> None:
        self._first, self._path, self._new = first, path, new
        self._app: Any = None
        self._making = asyncio.Lock()
        self._ending = asyncio.Event()
        self._life: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        if scope["type"] == "http" and (path == self._path or path.startswith(f"{self._path}/")):
            await (await self._made())(scope, receive, send)
            return
        await self._first(scope, receive, send)

    async def close(self) -> None:
        """Ends its life, if it began."""
        self._ending.set()
        if self._life is not None:
            await self._life

    async def _made(self) -> Any:
        async with self._making:
            if self._app is None:
                app = await asyncio.to_thread(self._new)
                up: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._life = asyncio.create_task(self._live(app, up), name=f"life of {self._path}")
                await up
                self._app = app
            return self._app

    async def _live(self, app: Any, up: asyncio.Future[None]) -> None:
        """In one task from beginning to end, as its task groups need."""
        try:
            async with app.router.lifespan_context(app):
                up.set_result(None)
                await self._ending.wait()
        except Exception as error:
            if up.done():
                raise
            up.set_exception(error)
