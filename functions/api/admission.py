"""What a learner may ask of their plan, judged when they ask: by REST, in a batch, on the websocket alike.

An event that cannot come true is refused with the reason, not recorded and then ignored. What was recorded before is
never refused when it is sent again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shared.clock import Clock, day_of, local_day
from shared.curriculum import Curriculum, text
from shared.errors import Conflict, GoalsError, InvalidInput, NotAllowed, NotFound, TooManyRequests
from shared.events.record import NewEvent
from shared.planning.bounds import SWAPS_A_DAY, swaps_to_ask
from shared.planning.rests import LONGEST
from shared.readmodel import View
from shared.readmodel.rows import Goal, Learner
from shared.refusals import say
from shared.store import log
from shared.store.connect import Connection, Pool

NAMES = 120
NAME = re.compile(r"[a-z0-9][a-z0-9._+#-]{0,39}")
"""A language's or package's name as registries write it: no path, no free text."""
OVER = ("solved", "swapped", "abandoned")
WAYS: Mapping[str, tuple[str, ...]] = {
    "goals.enrolment.paused": ("active",),
    "goals.enrolment.resumed": ("paused",),
    "goals.enrolment.left": ("active", "paused", "completed"),
}
"""What is asked of an enrolment → the states in which it means something."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One event, and who asks for it when."""

    event: NewEvent
    learner: Learner
    view: View
    curriculum: Curriculum
    now: datetime

    @property
    def data(self) -> dict[str, Any]:
        return self.event.data

    @property
    def today(self) -> date:
        return local_day(self.now, self.learner.timezone)


def _going(asked: Asked) -> Goal:
    """The goal, which must not be over. Raises NotFound, Conflict."""
    goal = asked.view.goal(asked.data["goal"])
    if goal is None or goal.learner != asked.learner.learner:
        raise NotFound(say("no_goal", goal=asked.data["goal"]))
    if goal.state in OVER:
        raise Conflict(say("goal_over", state=goal.state))
    return goal


def _swap(asked: Asked) -> None:
    goal = _going(asked)
    zone = asked.learner.timezone
    others = [g for g in asked.view.goals_of(asked.learner.learner) if g.goal != goal.goal]
    if swaps_to_ask(others, asked.today, zone):
        return
    wait = day_of(asked.now, zone)[1] - asked.now
    raise TooManyRequests(say("swaps_used_up", swaps=SWAPS_A_DAY), retry_after=int(wait.total_seconds()) + 1)


def _goal(asked: Asked) -> None:
    _going(asked)


def _course(asked: Asked) -> None:
    course = asked.data["course"]
    if course not in asked.curriculum.courses:
        raise NotFound(say("no_course", course=course))
    title = text(asked.curriculum.courses[course].title, asked.learner.language)
    states = {e.course: e.wanted for e in asked.view.enrolments(asked.learner.learner)}
    if course not in states:
        raise Conflict(say("not_in_course", title=title, course=course))
    if states[course] not in WAYS[asked.event.type]:
        raise Conflict(say("course_stands", title=title, state=states[course]))


def _rest(asked: Asked) -> None:
    until = date.fromisoformat(asked.data["until"])
    if not asked.today < until <= asked.today + LONGEST:
        raise InvalidInput(say("not_a_day", until=until, today=asked.today, days=LONGEST.days))


def _workspace(asked: Asked) -> None:
    """Only with consent, and names only. The texts are in the event's payloads already."""
    contract = asked.view.contract_of(asked.learner.learner)
    if not asked.learner.consent_workspace and "workspace" not in (contract.consents if contract else ()):
        raise NotAllowed(say("workspace_not_agreed"))
    texts = [payload.body for payload in asked.event.payloads]
    if len(texts) != sum(bool(asked.data[field]) for field in ("languages", "dependencies")):
        raise InvalidInput(say("workspace_not_names"))
    names = [name for text in texts for name in text.split()]
    if len(names) > NAMES or any(not NAME.fullmatch(name) for name in names):
        raise InvalidInput(say("workspace_names_only", names=NAMES, letters=40))


RULES: Mapping[str, Callable[[Asked], None]] = {
    "goals.goal.swapped": _swap,
    "goals.goal.paused": _goal,
    "goals.goal.resumed": _goal,
    "goals.learning.paused": _rest,
    "goals.workspace.seen": _workspace,
    **dict.fromkeys(WAYS, _course),
}


class Admission:
    def __init__(self, pool: Pool, curriculum: Curriculum, clock: Clock) -> None:
        self._pool, self._curriculum, self._clock = pool, curriculum, clock

    @staticmethod
    def concerns(event: NewEvent) -> bool:
        return event.type in RULES

    def refusal(self, event: NewEvent) -> GoalsError | None:
        """Why it may not be, or None. Blocks for a few round trips. Raises StoreUnavailable."""
        with self._pool.connection() as conn:
            try:
                self.check(conn, event)
            except GoalsError as error:
                return error
        return None

    def check(self, conn: Connection, event: NewEvent) -> None:
        """Raises Conflict, InvalidInput, NotFound, TooManyRequests."""
        rule = RULES.get(event.type)
        if rule is None or any(e.source == event.source for e in log.of_ids(conn, event.subject, [event.id])):
            return
        view = View(conn)
        learner = view.learner(event.subject)
        if learner is not None:
            rule(Asked(event, learner, view, self._curriculum, self._clock()))
