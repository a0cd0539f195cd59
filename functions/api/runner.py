"""The port to the runner, and its two forms: in this process, and over HTTP. Frames: `functions/runner/stream.py`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Protocol

from shared.curriculum import Challenge
from shared.errors import TooManyRequests, Unavailable

Frame = dict[str, Any]


class Runner(Protocol):
    def run(self, request: dict[str, Any]) -> Iterator[Frame]:
        """`kind` queued, case…, at last finished, or fault. Closing the iterator cancels the run.

        Raises TooManyRequests (full at the moment), Unavailable (the runner or its sandbox is away: our fault).
        """
        ...

    def stop(self) -> None: ...


def request_of(run: str, challenge: Challenge, code: str, language: str) -> dict[str, Any]:
    """What the runner is asked: the code and every case, hidden ones too (they stay outside its sandbox)."""
    return {
        "id": run,
        "language": language,
        "code": code,
        "entry": challenge.entry,
        "cases": [
            {
                "id": case.id,
                "call": case.call,
                "args": list(case.args),
                "kwargs": dict(case.kwargs),
                "expected": case.expected,
                "raises": case.raises,
                "compare": case.compare,
                "tolerance": case.tolerance,
                "subtask": case.subtask,
                "visible": case.visible,
            }
            for case in challenge.cases
        ],
    }


class LocalRunner:
    """The runner inside this process. Without a sandbox every run is a fault, unless told otherwise (loopback only)."""

    def __init__(self, *, allow_none: bool = False) -> None:
        from functions.runner.function import Runner as InProcess

        self._runner = InProcess(allow_none=allow_none)
        self._runner.start()

    def run(self, request: dict[str, Any]) -> Iterator[Frame]:
        from functions.runner.request import RunRequest

        return self._runner.run(RunRequest.model_validate(request))

    def stop(self) -> None:
        self._runner.stop()


class HttpRunner:
    """`POST /runs`, answered as NDJSON while the run goes on. One connection pool for all threads."""

    def __init__(self, url: str, *, silence: float = 60.0) -> None:
        """`silence`: seconds without a frame before the runner is taken for dead."""
        import httpx

        self._client = httpx.Client(base_url=url, timeout=httpx.Timeout(silence, connect=2.0))

    def run(self, request: dict[str, Any]) -> Iterator[Frame]:
        import httpx

        try:
            with self._client.stream("POST", "/runs", json=request) as response:
                if response.status_code == 429:
                    raise TooManyRequests("the runner is full")
                if response.status_code != 200:
                    raise Unavailable(f"the runner answered {response.status_code}")
                for line in response.iter_lines():
                    if line:
                        yield json.loads(line)
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable(f"the runner did not answer: {type(error).__name__}") from error

    def stop(self) -> None:
        self._client.close()
