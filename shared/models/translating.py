"""What the SDK, httpx and the clock raise, as a Fault: never with their own words, which may quote anything."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from types import TracebackType

from shared.models.fault import Fault, of_status


def translated(error: Exception, now: datetime) -> Fault:
    """What an exception of the SDK or of httpx means; anything else is an answer that cannot be read."""
    import httpx2
    import openai

    match error:
        case Fault():
            return error
        case openai.APIStatusError():
            return of_status(error.status_code, error.code, error.response.headers, now)
        case openai.APITimeoutError() | httpx2.TimeoutException():
            cause = error.__cause__ or error
            billed = not isinstance(cause, httpx2.ConnectTimeout | httpx2.PoolTimeout)
            return Fault("timeout", "the server was silent for too long", again=True, billed=billed)
        case openai.APIConnectionError() | httpx2.HTTPError():
            cause = error.__cause__ or error
            if isinstance(cause, httpx2.ConnectError):
                return Fault("network", "the server cannot be reached", again=True)
            return Fault("cut", "the connection ended within the answer", again=True, billed=True)
        case openai.APIError():
            return Fault("server_error", "the server reported an error within the stream", again=True, billed=True)
        case _:  # a body that is no JSON, or JSON of another shape: the SDK raises what it happens to meet
            detail = f"the answer cannot be read ({type(error).__name__})"
            return Fault("invalid", detail, again=True, billed=True, mute=isinstance(error, json.JSONDecodeError))


class deadline:  # noqa: N801  used like asyncio.timeout
    """asyncio.timeout whose end is a Fault."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._timeout = asyncio.timeout(seconds)

    async def __aenter__(self) -> None:
        await self._timeout.__aenter__()

    async def __aexit__(
        self, type_: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._timeout.__aexit__(type_, raised, trace)
        except TimeoutError:
            raise Fault("timeout", f"no answer within {self._seconds:.1f} seconds", billed=True) from None
