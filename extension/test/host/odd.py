"""The real server with one thing otherwise, so that tests see what no release of it does yet.

ODD, a JSON object in the environment: `protocol` (another name of the websocket's protocol), `unknown` (an event type
it does not know), `seconds` (how long an access token lives, without leeway).
"""

from __future__ import annotations

import json
import os
from datetime import timedelta
from typing import Any

import functions.api.function as api
import functions.api.ingest as ingest
import functions.api.routes.live as live
import functions.api.socket as socket
import shared.auth.tokens as tokens
from goals.cli import app
from shared.errors import UnknownEventType
from shared.events import codec

odd: dict[str, Any] = json.loads(os.environ["ODD"])

if "protocol" in odd:
    live.PROTOCOL = odd["protocol"]
if "unknown" in odd:
    known = codec.interaction

    def older(raw: Any, **rest: Any) -> Any:
        if raw.get("type") == odd["unknown"]:
            raise UnknownEventType(f"there is no event type {raw['type']}")
        return known(raw, **rest)

    ingest.interaction = older
if "seconds" in odd:
    tokens.LEEWAY = socket.LEEWAY = timedelta(0)

    class Short(tokens.Tokens):
        def __init__(self, *args: Any, **rest: Any) -> None:
            super().__init__(*args, **{**rest, "life": timedelta(seconds=odd["seconds"])})

    api.Tokens = Short
app(prog_name="goals")
