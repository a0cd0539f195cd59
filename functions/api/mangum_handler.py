"""The API behind Amazon API Gateway: `handler`. HTTP only; the websocket needs a server that stays."""

from __future__ import annotations

from mangum import Mangum

from functions.api.function import new

handler = Mangum(new().app, lifespan="auto")
