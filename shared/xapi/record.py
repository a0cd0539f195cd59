"""A learner's events, in order, as xAPI statements.

| event | verb (cmi5 1.0, section 9.3) | object |
|---|---|---|
| the first `goal.opened` of a goal | initialized | the challenge |
| `evaluation.recorded` of a submission | passed, failed | the challenge |
| a goal solved, abandoned, swapped | completed, abandoned, terminated | the challenge |
| mastery that comes to the gate | satisfied | the concept |

A statement carries the learner as an account of this server: no name, no address, no code. Its id follows from the
event's, so that a record store which is sent it again keeps it once. Where a learner does the same challenge again, the
registration tells the goals apart. We are no cmi5 assignable unit that a learning management system launched, so
statements do not claim cmi5's category.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
ENDS = {"solved": "completed", "abandoned": "abandoned", "swapped": "terminated"}
GATE = 0.9
"""Of the learner model (`shared/learner/mastery.py`; a test holds it to that)."""


@dataclass(slots=True)
class _Goal:
    challenge: str
    course: str
    begun: bool = False


class Record:
    """`server`: the public address, under which activities have their ids. Events come in order, each once."""

    def __init__(self, learner: str, server: str, names: Names) -> None:
        self._server = server.rstrip("/")
        self._names = names
        self._actor = {"objectType": "Agent", "account": {"homePage": self._server, "name": learner}}
        self._learner = learner
        self._goals: dict[str, _Goal] = {}

    def statement(self, event: Event) -> Statement | None:
        """None where the record says nothing of this event."""
        data = event.data
        match event.type.removeprefix("goals."):
            case "goal.assigned":
                self._goals[data["goal"]] = _Goal(data["challenge"], data["course"])
            case "goal.opened":
                goal = self._goals.get(data["goal"])
                if goal is not None and not goal.begun:
                    goal.begun = True
                    return self._of_goal(event, data["goal"], "initialized")
            case "evaluation.recorded" if data["purpose"] == "submit":
                verb = "passed" if data["correct"] else "failed"
                return self._of_goal(event, data["goal"], verb, _result(data), self._told(data))
            case "state.changed" if data["entity"] == "goal" and data["after"] in ENDS:
                verb = ENDS[data["after"]]
                result: Statement | None = {"completion": True, "success": True} if verb == "completed" else None
                return self._of_goal(event, data["id"], verb, result)
            case "mastery.changed" if data["before"] < GATE <= data["after"]:
                result = {"success": True, "score": {"scaled": data["after"]}}
                return self._made(event, "satisfied", self._activity("concept", data["concept"]), result, None)
        return None

    def _of_goal(
        self, event: Event, goal: str, verb: str, result: Statement | None = None, told: Statement | None = None
    ) -> Statement | None:
        known = self._goals.get(goal)
        if known is None:
            return None
        context: Statement = {
            "registration": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self._server}/{self._learner}/{goal}")),
            "contextActivities": {"grouping": [self._activity("course", known.course)]},
        }
        if told:
            context["extensions"] = told
        return self._made(event, verb, self._activity("challenge", known.challenge), result, context)

    def _made(
        self, event: Event, verb: str, what: Statement, result: Statement | None, context: Statement | None
    ) -> Statement:
        made: Statement = {
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self._server}{event.source}/{event.id}")),
            "actor": self._actor,
            "verb": {"id": VERBS[verb], "display": {"en": verb}},
            "object": what,
            "timestamp": rfc3339(event.time),
            "version": "1.0.3",
            "context": {**(context or {}), "platform": "AI Goals Tracker"},
        }
        if result is not None:
            made["result"] = result
        return made

    def _activity(self, kind: str, slug: str) -> Statement:
        definition: Statement = {"type": TYPES[kind]}
        names = dict(self._names(kind, slug))
        if names:
            definition["name"] = names
        return {"objectType": "Activity", "id": f"{self._server}/xapi/{kind}/{slug}", "definition": definition}

    def _told(self, data: Mapping[str, Any]) -> Statement:
        base = f"{self._server}/xapi/extensions"
        return {f"{base}/attempt": data["attempt"], f"{base}/assisted": data["assisted"]}


def _result(data: Mapping[str, Any]) -> Statement:
    """cmi5 (9.5.1): a score is scaled; a duration is ISO 8601, to a hundredth of a second at most (xAPI 4.6)."""
    result: Statement = {"success": data["correct"], "score": {"scaled": data["score"]}}
    if data.get("seconds") is not None:
        result["duration"] = f"PT{data['seconds']:.2f}S"
    return result
