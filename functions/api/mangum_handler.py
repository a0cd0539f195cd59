"""The API behind Amazon API Gateway: `handler`. HTTP only; the websocket needs a server that stays.

Opened at the first request and kept for the instance's life: Mangum's own lifespan would open and close it each time.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from mangum import Mangum

from functions.api.function import Api
from shared.settings import environment

TEXT = ["text/", "application/json", "application/problem+json", "application/x-ndjson"]
"""Bodies that need no base64."""


def gateway(api: Api) -> Mangum:
    api.app.state.services = api.open()
    return Mangum(api.app, lifespan="off", text_mime_types=TEXT)


@cache
def _opened() -> Mangum:
    return gateway(Api(environment()))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """What Lambda calls."""
    answer: dict[str, Any] = _opened()(event, context)
    return answer
