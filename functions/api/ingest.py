"""Taking what learners do: checked, then made durable with everybody else's in one commit."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from typing import Any, Literal, TypedDict
from zoneinfo import available_timezones

from functions.api.admission import Admission
from functions.api.standing import Standing
from shared.auth.tokens import Claims
from shared.clock import Clock
from shared.errors import GoalsError, InvalidInput, NotFound, TooLarge
from shared.events.codec import LIMIT, interaction
from shared.events.record import NewEvent
from shared.http import problem_of, readable
from shared.refusals import say
from shared.spoken import Words
from shared.store.append import Receipt
from shared.store.batching import BatchingAppender
from shared.telemetry import tracer

RUN = "goals.run.requested"
PROFILE = "goals.profile.stated"
TRACE = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
MOST = 100
"""Events in one batch."""


class Result(TypedDict):
    """What became of one event. `status`: recorded; duplicate (was recorded before: just as well); refused (it can
    never be recorded as it is: forget it or mend it)."""

    id: str | None
    status: Literal["recorded", "duplicate", "refused"]
    position: int | None
    problem: dict[str, Any] | None


@cache
def zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _calendar(profile: Mapping[str, Any]) -> None:
    """Raises InvalidInput where a profile's time zone is none, or its week has no day to learn on."""
    if profile["timezone"] not in zones():
        raise InvalidInput(say("no_time_zone", timezone=profile["timezone"]))
    if len(set(profile["days_off"])) == 7:
        raise InvalidInput(say("no_day_left"))


def encodable(text: str) -> None:
    """Raises InvalidInput where a text is not valid Unicode."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidInput(say("event_not_unicode")) from None


def refused(id_: object, error: GoalsError, language: Words) -> Result:
    name = readable(id_[:64]) if isinstance(id_, str) else None
    return {"id": name, "status": "refused", "position": None, "problem": problem_of(error, language=language)}


def taken(receipt: Receipt) -> Result:
    return {
        "id": receipt.id,
        "status": "recorded" if receipt.new else "duplicate",
        "position": receipt.position,
        "problem": None,
    }


class Ingest:
    def __init__(self, standing: Standing, appender: BatchingAppender, clock: Clock, admission: Admission) -> None:
        self.standing = standing
        self._admission = admission
        self._appender = appender
        self._clock = clock

    def check(self, raw: object, claims: Claims, *, run: bool = False) -> NewEvent:
        """One event as it came, made ours. Raises InvalidInput, TooLarge, UnknownEventType. `run`: a requested run is
        meant (it is executed as it is recorded, by `runs.py`, which alone passes True)."""
        if not isinstance(raw, Mapping):
            raise InvalidInput(say("event_not_object"))
        if raw.get("type") == RUN and not run:
            raise InvalidInput(say("run_not_here"))
        event = interaction(raw, learner=claims.learner, now=self._clock(), tenant=claims.tenant)
        for payload in event.payloads:
            encodable(payload.body)
        if event.traceparent is not None and not TRACE.fullmatch(event.traceparent):
            event = replace(event, traceparent=None)  # W3C Trace Context, 3.2: a malformed one is as good as none
        if event.type == PROFILE:
            _calendar(event.data)
        return event

    def depends(self, event: NewEvent) -> bool:
        """Whether `admit` looks at what the learner did before: all of that must be recorded by then."""
        return self._admission.concerns(event)

    async def admit(self, event: NewEvent) -> None:
        """Raises where what is asked for cannot be (`admission.py`)."""
        if self.depends(event):
            refusal = await asyncio.to_thread(self._admission.refusal, event)
            if refusal is not None:
                raise refusal

    async def record(self, events: Sequence[NewEvent], language: Words) -> list[Result]:
        """Appends checked events; what is refused is said in `language`. Raises StoreUnavailable, TooManyRequests: then
        nothing may be assumed recorded."""
        try:
            with ExitStack() as spans:
                for event in events:
                    spans.enter_context(tracer().span(event.type.removeprefix("goals."), event.correlation, root=True))
                receipts = await asyncio.wrap_future(self._appender.submit(events))
        except InvalidInput as error:
            if len(events) == 1:
                return [refused(events[0].id, error, language)]
            each = await asyncio.gather(*(self.record([event], language) for event in events))
            return [result for results in each for result in results]
        return [taken(receipt) for receipt in receipts]

    async def take(self, raws: Sequence[object], claims: Claims, *, sizes_known: bool = False) -> list[Result]:
        """A batch, each event for itself; results in the order of `raws`. Words of the learner's own are taken only
        where the account exists at this moment: none may outlive an erasure."""
        results: list[Result | None] = [None] * len(raws)
        events: list[tuple[int, NewEvent]] = []
        wrong: list[tuple[int, object, GoalsError]] = []
        for place, raw in enumerate(raws):
            try:
                if not sizes_known:
                    fits(raw)
                events.append((place, self.check(raw, claims)))
            except GoalsError as error:
                wrong.append((place, raw.get("id") if isinstance(raw, Mapping) else None, error))
        goals = {goal for _, e in events if (goal := e.data.get("goal")) is not None}
        own = await self.standing.of(claims.learner, goals, afresh=any(e.payloads for _, e in events))
        language = self.standing.spoken(claims.learner) or "en"
        good: list[tuple[int, NewEvent]] = []

        async def recorded() -> None:
            for (place, _), result in zip(good, await self.record([e for _, e in good], language), strict=True):
                results[place] = result
            good.clear()

        for place, event in events:
            if good and self.depends(event):
                await recorded()
            goal = event.data.get("goal")
            try:
                if goal is not None and goal not in own:
                    raise not_yours(goal)
                await self.admit(event)
                good.append((place, event))
            except GoalsError as error:
                wrong.append((place, event.id, error))
        if good:
            await recorded()
        for place, identity, why in wrong:
            results[place] = refused(identity, why, language)
        return [result for result in results if result is not None]


def not_yours(goal: str) -> NotFound:
    return NotFound(say("no_goal", goal=goal[:64]))


def fits(raw: object) -> None:
    """Raises TooLarge where one event is over the limit."""
    size = len(json.dumps(raw, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
    if size > LIMIT:
        raise TooLarge(say("event_too_large", size=size, limit=LIMIT))
