"""The door of the websocket: who may connect, before anything is said."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, WebSocket
from starlette.responses import Response

from functions.api import problems
from functions.api.services import Services
from functions.api.sockets import PROTOCOL
from shared.errors import GoalsError, InvalidInput, NotAllowed, OtherProtocol
from shared.refusals import say

SPEAKS: Final = "Goals-Protocol"
"""A client that offers another version learns from it which side is the older one."""

router = APIRouter()


@router.websocket("/v1/ws")
async def live(websocket: WebSocket) -> None:
    """`goals.v1`. The token comes as subprotocol `bearer.<token>` or as the first message, never in the URL."""
    here: Services = websocket.app.state.services
    try:
        after = _after(websocket)
        _origin(websocket, here.settings.cors_origins)
        if PROTOCOL not in websocket.scope.get("subprotocols", []):
            raise OtherProtocol(say("other_protocol", protocol=PROTOCOL))
    except GoalsError as error:
        response: Response = problems.of(error, websocket.url.path, problems.asked_in(websocket.headers))
        response.headers[SPEAKS] = PROTOCOL
        await websocket.send_denial_response(response)
        return
    await websocket.accept(subprotocol=PROTOCOL)
    await here.sockets.serve(websocket, after=after)


def _after(websocket: WebSocket) -> int | None:
    text = websocket.query_params.get("after")
    if text is None:
        return None
    if not text.isdecimal() or len(text) > 18:
        raise InvalidInput(say("after_not_number"))
    return int(text)


def _origin(websocket: WebSocket, allowed: tuple[str, ...]) -> None:
    """A browser says where its page comes from; an editor or a program says nothing. Raises NotAllowed."""
    origin = websocket.headers.get("origin")
    if origin is not None and origin not in allowed:
        raise NotAllowed(say("page_elsewhere", origin=origin[:100]))
