"""A learner's events, in order, as xAPI statements.

| event | verb (cmi5 1.0, 9.3) | object | result (9.5) |
|---|---|---|---|
| a goal opened, taken up or run for the first time | initialized | the challenge | |
| `evaluation.recorded` of a submission | passed, failed | the challenge | success, score, duration |
| a goal solved | completed | the challenge | completion, duration |
| a goal swapped, abandoned | terminated, abandoned | the challenge | duration |
| mastery that comes to the gate for the first time | satisfied | the concept | |

cmi5 asks for a duration with each of these results (9.5.4). It is the time since the goal was first opened or taken up,
as `seconds` of an evaluation is; of a goal that was run, and not opened before, since the first that is known of work
on it: an edit, less the time it sums up, a save, a hint, that run.

One registration stands for one goal and keeps to the order of 9.3: nothing before initialized (a goal that was never
begun is not in the record), passed once, no judgement after that.

A statement carries the learner as an account of this server: no name, no address, no code. Its id follows from the
event's, so that a record store which is sent it again keeps it once. We are no cmi5 assignable unit that a learning
management system launched, so statements do not claim cmi5's category, and a concept takes the place of cmi5's block.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.clock import rfc3339
from shared.events.record import Event

Statement = dict[str, Any]
Names = Callable[[str, str], Mapping[str, str]]
"""Kind (`challenge`, `concept`, `course`) and slug → its name by language; empty where it is not known."""

ADL = "http://adlnet.gov/expapi/"
VERBS = {
    "initialized": f"{ADL}verbs/initialized",
    "passed": f"{ADL}verbs/passed",
    "failed": f"{ADL}verbs/failed",
    "completed": f"{ADL}verbs/completed",
    "terminated": f"{ADL}verbs/terminated",
    "abandoned": "https://w3id.org/xapi/adl/verbs/abandoned",
    "satisfied": "https://w3id.org/xapi/adl/verbs/satisfied",
}
TYPES = {
    "challenge": f"{ADL}activities/assessment",
    "concept": f"{ADL}activities/objective",
    "course": f"{ADL}activities/course",
}
BEGIN = frozenset({"goal.opened", "goal.resumed", "run.requested"})
WORK = BEGIN | {"code.edited", "code.saved", "goal.focused", "run.rehearsed", "hint.asked"}
"""What a learner does with a goal: the first of it is when work on it began."""
ENDS = {"solved": "completed", "abandoned": "abandoned", "swapped": "terminated"}
GATE = 0.9
"""Of the learner model (`shared/learner/mastery.py`; a test holds it to that)."""


@dataclass(slots=True)
class _Goal:
    """`begun`: it is in the record. `since`: when work on it began, as far as is known."""

    id: str
    challenge: str
    course: str
    begun: bool = False
    since: datetime | None = None
    passed: bool = False


class Record:
    """`server`: the public address, under which activities have their ids. Events come in order, each once."""

    def __init__(self, learner: str, server: str, names: Names) -> None:
        self._server = server.rstrip("/")
        self._names = names
        self._actor = {"objectType": "Agent", "account": {"homePage": self._server, "name": learner}}
        self._learner = learner
        self._goals: dict[str, _Goal] = {}
        self._satisfied: set[str] = set()

    def statement(self, event: Event) -> Statement | None:
        """None where the record says nothing of this event."""
        data = event.data
        match event.type.removeprefix("goals."):
            case "goal.assigned":
                self._goals[data["goal"]] = _Goal(data["goal"], data["challenge"], data["course"])
            case kind if kind in WORK and (goal := self._goals.get(data["goal"])):
                return self._worked_on(event, goal, begins=kind in BEGIN)
            case "evaluation.recorded" if data["purpose"] == "submit" and (goal := self._goals.get(data["goal"])):
                return self._judged(event, goal)
            case "state.changed" if data["entity"] == "goal" and (goal := self._goals.get(data["id"])):
                return self._ended(event, goal)
            case "mastery.changed" if data["before"] < GATE <= data["after"]:
                return self._mastered(event)
        return None

    def _worked_on(self, event: Event, goal: _Goal, *, begins: bool) -> Statement | None:
        since = event.time - timedelta(seconds=event.data.get("seconds", 0))  # an edit sums up what came before it
        goal.since = goal.since or since
        if not begins or goal.begun:
            return None
        goal.begun = True
        return self._of_goal(event, goal, "initialized", {})

    def _judged(self, event: Event, goal: _Goal) -> Statement | None:
        data = event.data
        if not goal.begun or goal.passed:
            return None
        goal.passed = data["correct"]
        seconds = data.get("seconds")
        result: Statement = {
            "success": data["correct"],
            "score": {"scaled": data["score"]},
            "duration": self._taken(event, goal) if seconds is None else _duration(seconds),
        }
        told = self._extensions(attempt=data["attempt"], assisted=data["assisted"])
        return self._of_goal(event, goal, "passed" if data["correct"] else "failed", result, told)

    def _ended(self, event: Event, goal: _Goal) -> Statement | None:
        verb = ENDS.get(event.data["after"])
        if not goal.begun or verb is None:
            return None
        result: Statement = {"completion": True} if verb == "completed" else {}
        return self._of_goal(event, goal, verb, {**result, "duration": self._taken(event, goal)})

    @staticmethod
    def _taken(event: Event, goal: _Goal) -> str:
        return _duration((event.time - (goal.since or event.time)).total_seconds())

    def _mastered(self, event: Event) -> Statement | None:
        concept = event.data["concept"]
        if concept in self._satisfied:
            return None
        self._satisfied.add(concept)
        context = {"extensions": self._extensions(mastery=event.data["after"])}
        return self._made(event, "satisfied", self._activity("concept", concept), {}, context)

    def _of_goal(
        self, event: Event, goal: _Goal, verb: str, result: Statement, told: Statement | None = None
    ) -> Statement:
        context: Statement = {
            "registration": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self._server}/{self._learner}/{goal.id}")),
            "contextActivities": {"grouping": [self._activity("course", goal.course)]},
        }
        if told:
            context["extensions"] = told
        return self._made(event, verb, self._activity("challenge", goal.challenge), result, context)

    def _made(self, event: Event, verb: str, what: Statement, result: Statement, context: Statement) -> Statement:
        made: Statement = {
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self._server}{event.source}/{event.id}")),
            "actor": self._actor,
            "verb": {"id": VERBS[verb], "display": {"en": verb}},
            "object": what,
            "timestamp": rfc3339(event.time),
            "version": "1.0.3",
            "context": {**context, "platform": "AI Goals Tracker"},
        }
        if result:
            made["result"] = result
        return made

    def _activity(self, kind: str, slug: str) -> Statement:
        definition: Statement = {"type": TYPES[kind]}
        names = dict(self._names(kind, slug))
        if names:
            definition["name"] = names
        return {"objectType": "Activity", "id": f"{self._server}/xapi/{kind}/{slug}", "definition": definition}

    def _extensions(self, **told: Any) -> Statement:
        return {f"{self._server}/xapi/extensions/{name}": value for name, value in told.items()}


def _duration(seconds: float) -> str:
    """ISO 8601, to a hundredth of a second (xAPI 1.0.3, part 2, 4.6)."""
    return f"PT{max(0.0, seconds):.2f}S"
