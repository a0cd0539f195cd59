"""What a client sends, as text and as JSON."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from pydantic_core import from_json
from starlette.websockets import WebSocket, WebSocketDisconnect

from functions.api.outgoing import TOO_BIG, Closed
from shared.errors import InvalidInput
from shared.events.codec import LIMIT
from shared.refusals import say


def parse(body: bytes | str) -> Any:
    """JSON as RFC 8259 has it. Raises InvalidInput; a lone surrogate is left for the check of its own event."""
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError as error:
        try:
            return json.loads(body, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise InvalidInput(say("not_json_because", why=str(error)[:200])) from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


async def text_of(websocket: WebSocket) -> str:
    """The next message. Raises WebSocketDisconnect, Closed (binary or too big)."""
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code") or 1005)
    text = message.get("text")
    if not isinstance(text, str):
        raise Closed(1003, "text only: CloudEvents in JSON")
    if len(text) > LIMIT or len(text.encode("utf-8", "surrogatepass")) > LIMIT:
        raise Closed(TOO_BIG, f"at most {LIMIT} bytes a message")
    return text
