"""All websockets of this process: who may keep one open, and how they end when the server goes."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from functions.api.feed import Feeds
from functions.api.incoming import parse, text_of
from functions.api.ingest import Ingest
from functions.api.outgoing import AWAY, UNAUTHENTICATED, Closed, Timing, goodbye
from functions.api.pace import Buckets
from functions.api.runs import Runs
from functions.api.socket import Socket
from shared.auth.tokens import Claims, Tokens
from shared.clock import Clock
from shared.errors import GoalsError, NotAuthenticated, Unavailable
from shared.refusals import say

PROTOCOL: Final = "goals.v1"
BEARER: Final = "bearer."


class Sockets:
    """All sockets of this process."""

    def __init__(
        self, *, ingest: Ingest, runs: Runs, feeds: Feeds, tokens: Tokens, clock: Clock, timing: Timing | None = None
    ) -> None:
        self.ingest = ingest
        self.runs = runs
        self.feeds = feeds
        self.tokens = tokens
        self.clock = clock
        self.timing = timing or Timing()
        self.open: set[Socket] = set()
        self.pace = Buckets(self.timing.events_per_second, self.timing.burst)

    async def close(self) -> None:
        """The server goes: everybody may come back at once, elsewhere."""
        for socket in tuple(self.open):
            socket.end(Closed(AWAY, "resume"))
        for _ in range(50):
            if not self.open:
                return
            await asyncio.sleep(0.02)

    async def serve(self, websocket: WebSocket, *, after: int | None) -> None:
        """From the accepted handshake to the end."""
        try:
            claims = await self._authenticate(websocket)
        except Closed as closed:
            await goodbye(websocket, closed)
            return
        socket = Socket(self, websocket, claims, after)
        self.open.add(socket)
        try:
            await socket.live()
        finally:
            self.open.discard(socket)

    async def _authenticate(self, websocket: WebSocket) -> Claims:
        """By the token in the subprotocol or in the first message. Raises Closed."""
        offered = websocket.scope.get("subprotocols", [])
        token = next((word.removeprefix(BEARER) for word in offered if word.startswith(BEARER)), None)
        try:
            if token is None:
                async with asyncio.timeout(self.timing.token):
                    message = parse(await text_of(websocket))
                token = message.get("token") if isinstance(message, dict) else None
                if not isinstance(token, str):
                    raise NotAuthenticated(say("token_not_sent"))
            claims = self.tokens.verify(token)
            await self.ingest.standing.of(claims.learner, ())
        except TimeoutError:
            raise Closed(UNAUTHENTICATED, "no token came") from None
        except WebSocketDisconnect:
            raise Closed(1000, "gone") from None
        except Unavailable:
            raise Closed(AWAY, "try again") from None
        except GoalsError as error:
            raise Closed(UNAUTHENTICATED, error.detail) from None
        return claims
