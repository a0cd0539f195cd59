"""The HTTP client under the SDK: what a server sends is read up to a bound, never further.

The SDK reads a whole body into memory. Compressed bodies are refused, because their size is known only after unpacking
(we ask for none). Redirects are not followed: nothing but the address in the settings is ever sent a learner's text.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2

from shared.models.fault import Fault

ANSWER_BYTES = 1_048_576
"""Of one answer with everything around it; a stream's events are about 200 bytes a token."""
CONNECT_SECONDS = 3.0


class _Counted(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream, limit: int) -> None:
        self._stream, self._limit = stream, limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = self._limit
        async for chunk in self._stream:
            left -= len(chunk)
            if left < 0:
                raise too_large(self._limit)
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


def too_large(limit: int) -> Fault:
    return Fault("too_large", f"the answer is over {limit} bytes", billed=True)


def client(limit: int = ANSWER_BYTES) -> httpx2.AsyncClient:
    """Proxies are taken from the environment, as the SDK does."""

    async def bound(response: httpx2.Response) -> None:
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise Fault("too_large", "the answer is compressed, which was not asked for: its size has no bound")
        declared = response.headers.get("content-length", "")
        if declared.isdigit() and int(declared) > limit:
            raise too_large(limit)
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = _Counted(response.stream, limit)

    return httpx2.AsyncClient(
        headers={"accept-encoding": "identity"},
        follow_redirects=False,
        timeout=httpx2.Timeout(60, connect=CONNECT_SECONDS),
        limits=httpx2.Limits(max_connections=64, max_keepalive_connections=16),
        event_hooks={"response": [bound]},
    )
