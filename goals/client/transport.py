"""Requests to one server: JSON in and out, problems as errors, patience with a server that is away for a moment."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from goals.client.errors import Answered, Unreachable, answered
from shared.near import near
from shared.spoken import of_environment

if TYPE_CHECKING:
    import httpx

AWAY = frozenset({429, 502, 503, 504})
"""Statuses that mean: the same again, later."""
NOT_MODIFIED = 304


class Transport:
    """`patience`: seconds during which a server that is away is asked again. Only what may be sent twice is sent with
    patience; every route here may (events carry the client's id), but for a refresh."""

    def __init__(
        self,
        server: str,
        *,
        patience: float = 3.0,
        timeout: float = 30.0,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        http: httpx.Client | None = None,
    ) -> None:
        self.server = server
        self.patience = patience
        self._timeout = timeout
        self._sleep = sleep
        self._clock = clock
        self._http = http

    @property
    def http(self) -> httpx.Client:
        if self._http is None:
            import httpx

            self._http = httpx.Client(
                base_url=self.server,
                timeout=httpx.Timeout(self._timeout, connect=3.0),
                trust_env=not near(self.server),
                headers={"User-Agent": "goals", "Accept-Language": of_environment(os.environ)},
            )
        return self._http

    def close(self) -> None:
        if self._http is not None:
            self._http.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        body: object | None = None,
        token: str | None = None,
        params: dict[str, Any] | None = None,
        patience: float | None = None,
    ) -> Any:
        """The answer's JSON (or its text, where it is Markdown); None where there is none.

        Raises Answered (NotSignedIn for 401), Unreachable.
        """
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        response = self._answer(method, path, body, headers, params, self.patience if patience is None else patience)
        kind = response.headers.get("content-type", "")
        return response.text if kind.startswith("text/") else _json(response.content)

    def unless(
        self, path: str, etag: str, *, token: str, params: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], str] | None:
        """A GET's JSON and its ETag; None where that is still `etag` (RFC 9110, 13.1.2). Raises as `send`."""
        headers = {"Authorization": f"Bearer {token}", **({"If-None-Match": etag} if etag else {})}
        response = self._answer("GET", path, None, headers, params, self.patience)
        if response.status_code == NOT_MODIFIED:
            return None
        return _json(response.content), response.headers.get("etag", "")

    def _answer(
        self,
        method: str,
        path: str,
        body: object | None,
        headers: dict[str, str],
        params: dict[str, Any] | None,
        patience: float,
    ) -> httpx.Response:
        import httpx

        until = self._clock() + patience
        pause = 0.1
        while True:
            wait = pause
            try:
                response = self.http.request(method, path, json=body, headers=headers, params=params)
                if response.is_success or response.status_code == NOT_MODIFIED:
                    return response
                error: Answered | Unreachable = answered(response.status_code, _json(response.content))
                if response.status_code not in AWAY:
                    raise error
                wait = max(pause, _seconds(response.headers.get("Retry-After")))
            except httpx.HTTPError as cause:
                error = Unreachable(self.server, _why(cause))
                error.__cause__ = cause
            if self._clock() + wait > until:
                raise error
            self._sleep(wait)
            pause = min(pause * 2, 2.0)

    def lines(self, path: str, body: object, token: str) -> Iterator[dict[str, Any]]:
        """A POST answered as NDJSON, line by line. Raises as `send`, and Unreachable where it breaks off."""
        import httpx

        try:
            with self.http.stream("POST", path, json=body, headers={"Authorization": f"Bearer {token}"}) as response:
                if not response.is_success:
                    raise answered(response.status_code, _json(response.read()))
                for line in response.iter_lines():
                    if line:
                        yield json.loads(line)
        except (httpx.HTTPError, ValueError) as error:
            raise Unreachable(self.server, _why(error)) from error


def _json(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except ValueError:
        return None


def _seconds(retry_after: str | None) -> float:
    """The header as a delay (RFC 9110, 10.2.3); its form as a date is not used by our server."""
    return float(retry_after) if retry_after and retry_after.isdecimal() else 0.0


def _why(error: Exception) -> str:
    words = str(error).strip() or type(error).__name__
    return words if len(words) < 120 else words[:117] + "…"
