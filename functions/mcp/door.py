"""The API, the one source of this server: HTTP with the caller's own token, and its problems as errors."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Collection, Mapping
from typing import Any, Protocol
from urllib.parse import quote

import httpx

from functions.mcp.speaking import accepts, spoken
from shared.clock import rfc3339, utc_now
from shared.errors import GoalsError, NotAuthenticated, Unavailable
from shared.ids import new_id
from shared.near import near
from shared.refusals import say
from shared.spoken import Words, words

Json = dict[str, Any]
LOOK = 0.1
"""Seconds between looks for what an interaction led to."""


class Bearer(Protocol):
    """Whose token is sent."""

    async def token(self) -> str:
        """Raises NotAuthenticated."""
        ...

    async def renew(self, used: str) -> bool:
        """The API refused `used`; whether there is another now."""
        ...


class Refused(GoalsError):
    """The API's own problem (RFC 9457), told on in the language it came in."""

    def __init__(
        self, problem: Mapping[str, Any], status: int, retry_after: str | None = None, language: Words = "en"
    ) -> None:
        super().__init__(
            str(problem.get("detail") or problem.get("title") or f"the server answered {status}"),
            hint=str(problem.get("remedy") or problem.get("hint") or "") or None,
        )
        self.title = str(problem.get("title") or "")
        self.status = status
        self._wait = say("again_in", seconds=retry_after).detail(language) if retry_after else ""

    @property
    def sentence(self) -> str:
        """What happened, and what would help."""
        what = f"{self.title}: {self.detail}" if self.title else self.detail
        return " ".join(part for part in (f"{what.rstrip('.')}.", self.hint or "", self._wait) if part)


class Door:
    """`url`: of the API. One for a server; its connections are opened at the first question."""

    def __init__(self, url: str, *, timeout: float = 30.0) -> None:
        self._url, self._timeout = url.rstrip("/"), timeout
        self._http: httpx.AsyncClient | None = None

    @property
    def http(self) -> httpx.AsyncClient:
        if self._http is None:
            limits = httpx.Timeout(self._timeout, connect=3.0)
            self._http = httpx.AsyncClient(
                base_url=self._url, timeout=limits, trust_env=not near(self._url), headers={"User-Agent": "goals-mcp"}
            )
        return self._http

    async def close(self) -> None:
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    async def there(self) -> bool:
        """Whether the API takes requests."""
        try:
            return (await self.http.get("/health/readiness", timeout=3.0)).is_success
        except httpx.HTTPError:
            return False

    def of(self, bearer: Bearer) -> Learner:
        return Learner(self, bearer)


class Learner:
    """The API as one learner sees it. All methods raise Refused, NotAuthenticated, Unavailable."""

    def __init__(self, door: Door, bearer: Bearer) -> None:
        self._door, self._bearer = door, bearer

    async def get(self, *path: str, **params: object) -> Any:
        """JSON, or the text where it is Markdown. Parts of the path are quoted; parameters that are None left out."""
        return await self._ask("GET", _path(path), params={k: v for k, v in params.items() if v is not None})

    async def record(self, type_: str, data: Json, *, id: str | None = None) -> str:  # noqa: A002
        """An interaction of the learner's; gives its id, under which `said` finds what came of it."""
        event = {
            "specversion": "1.0",
            "id": id or new_id(),
            "type": f"goals.{type_}",
            "source": "/functions/mcp",
            "time": rfc3339(utc_now()),
            "data": data,
        }
        [result] = (await self._ask("POST", "/v1/interactions", body=[event]))["results"]
        if result["status"] == "refused":
            raise Refused(result["problem"], int(result["problem"]["status"]))
        return str(event["id"])

    async def said(self, correlation: str, wanted: Collection[str], *, within: float) -> Json | None:
        """The first event of a `wanted` type that this interaction led to; None where none came in time (seconds)."""
        end = time.monotonic() + within
        while True:
            for event in await self.correlated(correlation):
                if event["type"].removeprefix("goals.") in wanted:
                    return event
            if time.monotonic() + LOOK > end:
                return None
            await asyncio.sleep(LOOK)

    async def correlated(self, correlation: str) -> list[Json]:
        """All that an interaction led to so far, in order."""
        return list((await self.get("v1", "events", "correlation", correlation))["events"])

    async def run(self, goal: str, code: str, purpose: str, *, id: str) -> AsyncIterator[Json]:  # noqa: A002
        """The frames of a run as they come, at last `finished` or `cancelled`."""
        path, order = _path(("v1", "goals", goal, "runs")), {"id": id, "code": code, "purpose": purpose}
        token = await self._bearer.token()
        for again in (True, False):
            try:
                async with self._door.http.stream("POST", path, json=order, headers=_signed(token)) as answer:
                    if answer.status_code == 401 and again and await self._bearer.renew(token):
                        token = await self._bearer.token()
                        continue
                    if not answer.is_success:
                        raise _refused(answer, await answer.aread())
                    async for line in answer.aiter_lines():
                        frame: Json = json.loads(line)
                        if frame["type"] == "problem":
                            raise Refused(frame["problem"], int(frame["problem"]["status"]))
                        yield frame
                return
            except httpx.HTTPError as error:
                raise _away(error) from error

    async def _ask(
        self, method: str, path: str, *, body: object = None, params: Mapping[str, Any] | None = None
    ) -> Any:
        token = await self._bearer.token()
        for again in (True, False):
            try:
                answer = await self._door.http.request(method, path, json=body, params=params, headers=_signed(token))
            except httpx.HTTPError as error:
                raise _away(error) from error
            if answer.status_code == 401 and again and await self._bearer.renew(token):
                token = await self._bearer.token()
                continue
            break
        if not answer.is_success:
            raise _refused(answer, answer.content)
        return answer.text if answer.headers.get("content-type", "").startswith("text/") else answer.json()


def _path(parts: Collection[str]) -> str:
    return "/" + "/".join(quote(part, safe="") for part in parts)


def _signed(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Accept-Language": accepts() or "en"}


def _refused(answer: httpx.Response, content: bytes) -> GoalsError:
    try:
        problem = json.loads(content)
    except ValueError:
        problem = {}
    problem = problem if isinstance(problem, dict) else {}
    if answer.status_code == 401:
        return _signed_out(problem)
    language = words(answer.headers.get("content-language", "en"))
    return Refused(problem, answer.status_code, answer.headers.get("retry-after"), language)


def _signed_out(problem: Mapping[str, Any]) -> NotAuthenticated:
    """A token is not renewed here: what helps is to sign in again."""
    refused = say("token_refused")
    return NotAuthenticated(str(problem.get("detail") or refused.detail(spoken())), hint=refused.hint(spoken()))


def _away(error: Exception) -> Unavailable:
    return Unavailable(say("server_away", why=type(error).__name__))
