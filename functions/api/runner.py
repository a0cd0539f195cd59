"""The port to the runner, and its form over HTTP. In process it is `functions.runner`'s own `run`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from shared.curriculum import Challenge
from shared.errors import Unavailable

Frame = dict[str, Any]


class Runner(Protocol):
    def run(self, request: Mapping[str, Any]) -> Iterator[Frame]:
        """Frames as they come to be: `case` for each case, at last `finished`. Closing the iterator cancels the run.

        Raises Unavailable where the runner or its sandbox is away: our fault, never the learner's.
        """
        ...


def request_of(run: str, learner: str, challenge: Challenge, code: str, purpose: str) -> dict[str, Any]:
    """What the runner is asked: it finds the cases in its own curriculum."""
    return {
        "run": run,
        "learner": learner,
        "challenge": challenge.slug,
        "version": challenge.version,
        "variant": challenge.variant,
        "code": code,
        "purpose": purpose,
    }


class HttpRunner:
    """`POST /runs`, answered as NDJSON while the run goes on. One connection pool for all threads."""

    def __init__(self, url: str, *, silence: float = 30.0) -> None:
        """`silence`: seconds without a frame before the runner is taken for dead."""
        import httpx

        self._client = httpx.Client(base_url=url, timeout=httpx.Timeout(silence, connect=2.0))

    def run(self, request: Mapping[str, Any]) -> Iterator[Frame]:
        import httpx

        try:
            with self._client.stream("POST", "/runs", json=dict(request)) as response:
                if response.status_code != 200:
                    raise Unavailable(f"the runner answered {response.status_code}")
                for line in response.iter_lines():
                    if line:
                        yield json.loads(line)
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable(f"the runner did not answer: {type(error).__name__}") from error

    def close(self) -> None:
        self._client.close()
