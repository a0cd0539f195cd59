"""The HTTP client under the SDK: what a server sends is read up to a bound, never further.

The SDK reads a whole body into memory. Compressed bodies are refused, because their size is known only after unpacking
(we ask for none). Redirects are not followed: nothing but the address in the settings is ever sent a learner's text.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from contextlib import suppress

import httpx2

from shared.models.fault import Fault

ANSWER_BYTES = 1_048_576
"""Of one answer with everything around it; a stream's events are about 200 bytes a token."""
CONNECT_SECONDS = 3.0


class _Counted(httpx2.AsyncByteStream):
    """No generator of its own, and none half read behind it when it is closed: what is held in a cycle by an
    exception's frames would be ended by the garbage collector of any thread, perhaps while this one is at it."""

    def __init__(self, stream: httpx2.AsyncByteStream, limit: int) -> None:
        self._stream, self._limit, self._left = stream, limit, limit
        self._chunks: AsyncIterator[bytes] | None = None

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if self._chunks is None:
            self._chunks = aiter(self._stream)
        chunk = await anext(self._chunks)
        self._left -= len(chunk)
        if self._left < 0:
            await self.aclose()
            raise too_large(self._limit)
        return chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
        if self._chunks is not None:
            await run_out(self._chunks)


async def run_out(closed: AsyncIterable[object]) -> None:
    """Ends the generators of something closed: reading on, they meet the end or an error, which is of no interest."""
    with suppress(Exception):
        async for _ in closed:
            pass


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
