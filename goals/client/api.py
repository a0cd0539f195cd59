"""One method for each route a learner's client uses. Answers are the API's JSON, as `functions/api/models/` has it
and the OpenAPI document of the server describes it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from goals.client.errors import Answered, NotSignedIn, Unreachable
from goals.client.event import Event
from goals.client.session import Session
from goals.client.transport import AWAY, Transport
from shared.ids import new_id

Json = dict[str, Any]
PAGE = 500
GONE = "account-gone"
"""The kind of the problem that says that the account was erased."""


class Api:
    def __init__(
        self,
        transport: Transport,
        session: Session,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.transport = transport
        self.session = session
        self._sleep = sleep
        self._clock = clock

    @property
    def server(self) -> str:
        return self.transport.server

    def _ask(
        self,
        method: str,
        path: str,
        body: object | None = None,
        *,
        patience: float | None = None,
        params: dict[str, object] | None = None,
    ) -> Any:
        """With a token; once again with a new one where it is refused. Parameters that are None are left out."""
        told = {name: value for name, value in (params or {}).items() if value is not None}
        return self._signed(
            lambda token: self.transport.send(method, path, body=body, token=token, params=told, patience=patience)
        )

    def _signed(self, send: Callable[[str], Any]) -> Any:
        token = self.session.access()
        try:
            return send(token)
        except NotSignedIn as error:
            if error.kind == GONE:
                raise
            self.session.renew(token)
        return send(self.session.access())

    def _get(self, path: str, **params: object) -> Json:
        answer: Json = self._ask("GET", path, params=params)
        return answer

    # --- the learner

    def me(self) -> Json:
        return self._get("/v1/me")

    def export(self) -> Json:
        """Everything the server holds of the learner: account, events with their texts in place."""
        return self._get("/v1/me/export")

    def learning_record(self) -> list[Json]:
        """xAPI statements, in order."""
        found: list[Json] = self._ask("GET", "/v1/me/export", params={"format": "xapi"})
        return found

    def contract(self) -> Json:
        return self._get("/v1/contract")

    def contract_history(self) -> Json:
        return self._get("/v1/contract/history")

    def daily(self) -> Json:
        return self._get("/v1/daily")

    def plan(self) -> Json:
        return self._get("/v1/plan")

    def progress(self) -> Json:
        return self._get("/v1/progress")

    def mastery(self, concept: str) -> Json:
        return self._get(f"/v1/mastery/{concept}")

    def courses(self) -> Json:
        return self._get("/v1/courses")

    def lesson(self, concept: str, *, goal: str | None = None) -> str:
        """Markdown."""
        page: str = self._ask("GET", f"/v1/lessons/{concept}", params={"goal": goal})
        return page

    def explain(self, concept: str, *, goal: str | None = None) -> Iterator[Json]:
        """The page in other words: `words` as they are written, at last `explained`. Raises Answered, Unreachable."""
        return self.transport.lines(f"/v1/lessons/{concept}/explanation", {"goal": goal}, self.session.access())

    # --- goals

    def goals(self, *, everything: bool = False) -> Json:
        """Today's and unfinished ones; `everything`: those that are over as well."""
        return self._get("/v1/goals", all="true" if everything else None)

    def goal(self, goal: str) -> Json:
        return self._get(f"/v1/goals/{goal}")

    def runs(self, goal: str) -> list[Json]:
        """Newest first, with the code of each."""
        return list(self._get(f"/v1/goals/{goal}/runs")["runs"])

    def run(self, goal: str, code: str, *, id: str, purpose: str) -> Iterator[Json]:  # noqa: A002
        """Frames as they come to be: `accepted`, `queued`, `printed`, each `case`, at last `finished` or `cancelled`.
        Cut off on the way it asks again with the same id, and tells nothing twice. Raises Answered, Unreachable."""
        order = {"id": id, "code": code, "purpose": purpose}
        until = self._clock() + self.transport.patience
        told, pause, fresh = _Told(), 0.2, False
        while True:
            try:
                for frame in self._frames(goal, order, renewed=fresh):
                    if frame["type"] == "problem":
                        raise Answered(frame["problem"])
                    if told.is_new(frame):
                        yield frame
                    if frame["type"] in ("finished", "cancelled"):
                        return
                raise Unreachable(self.server, "the run's stream ended early")
            except NotSignedIn:
                if fresh:
                    raise
                fresh = True
                continue
            except (Answered, Unreachable) as error:
                if (isinstance(error, Answered) and error.status not in AWAY) or self._clock() + pause > until:
                    raise
            self._sleep(pause)
            pause = min(pause * 2, 2.0)

    def cancel(self, run: str) -> Json:
        """Ends a run at once; `run`: its id, or the one it was asked for with. Raises Answered (409: it is over)."""
        answer: Json = self._ask("DELETE", f"/v1/runs/{run}")
        return answer

    def _frames(self, goal: str, order: Json, *, renewed: bool) -> Iterator[Json]:
        token = self.session.access()
        if renewed:
            self.session.renew(token)
            token = self.session.access()
        return self.transport.lines(f"/v1/goals/{goal}/runs", order, token)

    def record(self, events: Sequence[Json]) -> list[Json]:
        """Sends what the learner did; gives what became of each. Raises Answered for the first one refused."""
        answer = self._ask("POST", "/v1/interactions", list(events))
        results: list[Json] = answer["results"]
        for result in results:
            if result["status"] == "refused":
                raise Answered(result["problem"])
        return results

    # --- choices: each is recorded under an id of its own

    def _word(self, path: str, **more: object) -> Json:
        answer: Json = self._ask("POST", path, {"id": new_id(), **more})
        return answer

    def swap(self, goal: str, reason: str | None = None) -> Json:
        return self._word(f"/v1/goals/{goal}/swap", reason=reason)

    def pause_goal(self, goal: str) -> Json:
        return self._word(f"/v1/goals/{goal}/pause")

    def resume_goal(self, goal: str) -> Json:
        return self._word(f"/v1/goals/{goal}/resume")

    def join(self, course: str) -> Json:
        return self._word(f"/v1/courses/{course}/enrolment")

    def leave(self, course: str) -> Json:
        answer: Json = self._ask("DELETE", f"/v1/courses/{course}/enrolment", params={"id": new_id()})
        return answer

    def pause_course(self, course: str) -> Json:
        return self._word(f"/v1/courses/{course}/pause")

    def resume_course(self, course: str) -> Json:
        return self._word(f"/v1/courses/{course}/resume")

    def rest(self, until: str) -> Json:
        """Days off; `until`: the first day of learning again, YYYY-MM-DD."""
        return self._word("/v1/me/rest", until=until)

    def end_rest(self) -> Json:
        answer: Json = self._ask("DELETE", "/v1/me/rest", params={"id": new_id()})
        return answer

    def see_workspace(self, languages: Sequence[str], dependencies: Sequence[str]) -> Json:
        body = {"id": new_id(), "languages": list(languages), "dependencies": list(dependencies)}
        answer: Json = self._ask("PUT", "/v1/me/workspace", body)
        return answer

    def forget_workspace(self) -> Json:
        answer: Json = self._ask("DELETE", "/v1/me/workspace", params={"id": new_id()})
        return answer

    def wish(self, text: str = "", concept: str | None = None) -> Json:
        return self._word("/v1/wishes", text=text, concept=concept)

    def wishes(self) -> Json:
        return self._get("/v1/wishes")

    # --- events

    def events(self, *, after: int = 0) -> Iterator[Event]:
        """All of the learner's stored events behind `after`, in order."""
        behind: int | None = after
        while behind is not None:
            page = self._get("/v1/events", after=behind, limit=PAGE)
            yield from map(Event.read, page["events"])
            behind = page["next"]

    def correlation(self, id: str) -> list[Event]:  # noqa: A002
        """The events one interaction led to, in order."""
        return [Event.read(raw) for raw in self._get(f"/v1/events/correlation/{id}")["events"]]

    def why(self, event: str, *, depth: int = 4, learner: str | None = None) -> Json:
        """What an event rests on, as a tree. `learner`: whose, for operators."""
        return self._get(f"/v1/events/{event}/why", depth=depth, learner=learner)

    def why_mastery(self, concept: str, *, depth: int = 4) -> Json:
        return self._get(f"/v1/mastery/{concept}/why", depth=depth)

    def doubt(self, concept: str, *, id: str, attempt: str | None = None, text: str = "") -> Json:  # noqa: A002
        """Says that a figure is wrong; the answer is an event (`goals.mastery.answered`)."""
        body = {"id": id, "attempt": attempt, "text": text}
        answer: Json = self._ask("POST", f"/v1/mastery/{concept}/objection", body)
        return answer

    # --- the copy of their data

    def lake_manifest(self, after: int, etag: str = "") -> tuple[Json, str] | None:
        """What has changed in the learner's copy behind the cursor `after`, and its ETag; None: nothing since `etag`.
        Raises NotSignedIn (of kind `GONE` where the account was erased)."""
        found: tuple[Json, str] | None = self._signed(
            lambda token: self.transport.unless("/v1/lake/manifest", etag, token=token, params={"after": after})
        )
        return found

    # --- organisation, operator

    def state_terms(self, contract: str, terms: Json, *, id: str | None = None) -> Json:  # noqa: A002
        """With an `id` of the caller's, which is one amendment however often it is sent."""
        body = {"id": id or new_id(), "terms": terms}
        answer: Json = self._ask("POST", f"/v1/contracts/{contract}/terms", body)
        return answer

    def accept_terms(self, version: str, consents: Sequence[str] = ()) -> Json:
        """Accepts the version in force, as it was read with `contract`."""
        body = {"id": new_id(), "version": version, "consents": list(consents)}
        answer: Json = self._ask("POST", "/v1/contract/acceptance", body)
        return answer

    def tick(self, at: str | None = None) -> Json:
        """Has `daily` look, as of `at`, whose day has begun."""
        answer: Json = self._ask("POST", "/v1/admin/ticks", {"at": at})
        return answer

    def lag(self) -> Json:
        """What waits: to be published, to be taken by the graph, to be finished."""
        return self._get("/v1/admin/lag")


class _Told:
    """What of a run's frames has been told. A case is known by its place among cases, since a server that was started
    again may number the passing frames anew."""

    def __init__(self) -> None:
        self._accepted = False
        self._case = self._frame = 0

    def is_new(self, frame: Json) -> bool:
        """Asked once of each frame."""
        match frame["type"]:
            case "accepted":
                new, self._accepted = not self._accepted, True
            case "case":
                new = frame["index"] > self._case
                self._case = max(self._case, frame["index"])
            case _:
                new = frame.get("frame", self._frame + 1) > self._frame
        self._frame = max(self._frame, frame.get("frame", 0))
        return new
