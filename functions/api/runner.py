"""The port to the runner, and its two forms: in this process, and over HTTP. Frames: `functions/runner/stream.py`."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any, Protocol
from urllib.parse import quote

import structlog

from shared.curriculum import Challenge
from shared.errors import TooManyRequests, Unavailable

Frame = dict[str, Any]
log = structlog.get_logger(__name__)


class Runner(Protocol):
    def run(self, request: dict[str, Any]) -> Iterator[Frame]:
        """`kind` queued, printed, case…, at last finished, fault or cancelled. Closing the iterator cancels the run.

        Raises TooManyRequests (full at the moment), Unavailable (the runner or its sandbox is away: our fault).
        """
        ...

    def cancel(self, run: str) -> bool:
        """Ends a run at once, from any thread, whoever listens to it. False: it is not there, or not yet."""
        ...

    def stop(self) -> None: ...


def request_of(run: str, challenge: Challenge, code: str, learner: str = "") -> dict[str, Any]:
    """What the runner is asked: the code and every case, hidden ones too (what they expect stays outside its sandbox).
    `learner`: whoever's turn the run uses while others wait; "" is somebody of its own."""
    return {
        "id": run,
        "learner": learner,
        "language": challenge.language,
        "code": code,
        "checks": challenge.checks,
        "entry": challenge.entry,
        "cases": [
            {
                "id": case.id,
                "call": case.call,
                "args": list(case.args),
                "kwargs": dict(case.kwargs),
                "expected": case.expected,
                "raises": case.raises,
                "prints": case.prints,
                "stdin": case.stdin,
                "files": dict(case.files),
                "check": case.check,
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

    def cancel(self, run: str) -> bool:
        return self._runner.cancel(run)

    def stop(self) -> None:
        self._runner.stop()


LAST = frozenset({"finished", "fault", "cancelled"})
PAUSES = (0.05, 0.2, 0.5, 1.0, 2.0)
"""Seconds before each try to come back to a run; together less than the runner's grace."""


class HttpRunner:
    """`POST /runs`, answered as NDJSON while the run goes on. A lost connection is taken up again behind the last line
    heard (`GET /runs/{id}?after=N`). Where a balancer leads to a runner that does not know it, the run is asked for
    again, and what was told is not told twice; the first runner ends it after its grace. One connection pool for all
    threads."""

    def __init__(self, url: str, *, silence: float = 60.0) -> None:
        """`silence`: seconds without a frame before the runner is taken for dead."""
        import httpx

        self._client = httpx.Client(base_url=url, timeout=httpx.Timeout(silence, connect=2.0))

    def run(self, request: dict[str, Any]) -> Iterator[Frame]:
        import httpx

        heard = _Heard(request["id"])
        try:
            for pause in (*PAUSES, None):
                before = heard.lines
                try:
                    yield from self._frames(request, heard)
                except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                    if not heard.reached:
                        raise _away(error) from error
                    lost: Exception = error
                except httpx.ReadTimeout:
                    raise
                except httpx.TransportError as error:
                    lost = error
                else:
                    return
                if pause is None:
                    raise _away(lost) from lost
                if heard.lines == before:
                    time.sleep(pause)
        except (httpx.HTTPError, ValueError) as error:
            raise _away(error) from error
        finally:
            if heard.reached and not heard.over:
                self.cancel(request["id"])  # nobody comes back: its place is free now, not after the runner's grace

    def _frames(self, request: dict[str, Any], heard: _Heard) -> Iterator[Frame]:
        """Those not heard yet. Raises httpx.TransportError when the connection is lost before the last."""
        import httpx

        method, path = ("GET", heard.path) if heard.reached else ("POST", "/runs")
        with self._client.stream(method, path, json=None if heard.reached else request) as response:
            if response.status_code == 404 and heard.reached:
                heard.forget()  # it lost its place while it waited, or this is another runner: it asks for a place
                raise httpx.ReadError("the runner does not have this run")
            if response.status_code != 200:
                raise _refused(response.status_code, response.read())
            heard.reached = True
            for line in _lines(response.iter_bytes()):
                frame: Frame = json.loads(line)
                if heard.take(frame):
                    yield frame
        if not heard.over:
            raise httpx.ReadError("the stream ended without a last word")

    def cancel(self, run: str) -> bool:
        import httpx

        try:
            return self._client.delete(f"/runs/{quote(run, safe='')}", timeout=1.0).is_success
        except httpx.HTTPError as error:
            log.warning("run.cancel_unheard", run=run, error=str(error))
            return False

    def stop(self) -> None:
        self._client.close()


class _Heard:
    """How far a run has been heard."""

    def __init__(self, run: str) -> None:
        self._run = run
        self._judged: set[str] = set()
        self._printed: set[str] = set()
        self.forget()

    def forget(self) -> None:
        """It begins anew, but for what was told of cases: each verdict once, and no case prints twice."""
        self.lines, self.reached, self.over = 0, False, False
        self._told = frozenset(self._judged | self._printed)

    @property
    def path(self) -> str:
        return f"/runs/{quote(self._run, safe='')}?after={self.lines}"

    def take(self, frame: Frame) -> bool:
        """Whether this is news."""
        self.lines += 1
        kind = frame.get("kind")
        self.over = kind in LAST
        if kind == "case":
            new = frame["id"] not in self._judged
            self._judged.add(frame["id"])
            return new
        if kind == "printed":
            self._printed.add(frame["case"])
            return frame["case"] not in self._told
        return kind != "queued" or not self._told


def _lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Whole lines. Not httpx's own, which also breaks at U+2028 and others that a learner may print."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from filter(None, whole)


def _refused(status: int, body: bytes) -> TooManyRequests | Unavailable:
    try:
        detail = str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        detail = "no reason given"
    if status == TooManyRequests.status:
        return TooManyRequests(detail)
    return Unavailable(f"the runner answered {status}: {detail}")


def _away(error: Exception) -> Unavailable:
    return Unavailable(f"the runner did not answer: {type(error).__name__}")
