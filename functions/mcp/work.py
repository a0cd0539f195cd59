"""What each tool does, over the API. No MCP here: a learner in, an answer's model out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from functions.mcp.door import Json, Learner, Refused
from functions.mcp.models import (
    CaseResult,
    GoalList,
    Hint,
    Lesson,
    MasteryReasons,
    MoodTaken,
    OpenedGoal,
    ProgressReport,
    Question,
    RunResult,
)
from shared.errors import Conflict, Unavailable
from shared.ids import new_id
from shared.refusals import say

FEEDBACK, WORDS, HINT = 4.0, 2.0, 10.0
"""Seconds to wait for what the agents say. Feedback and words that come later are not lost: open_goal and the events
have them; a hint is what was asked for."""

Purpose = Literal["run", "submit"]
Told = Callable[[float, float | None, str], Awaitable[None]]
"""(how far, of how much, in words)."""


async def goals(learner: Learner, *, everything: bool = False) -> GoalList:
    return GoalList.model_validate(await learner.get("v1", "goals", all="true" if everything else None))


async def detail(learner: Learner, goal: str) -> Json:
    found: Json = await learner.get("v1", "goals", goal)
    return found


async def look(learner: Learner, goal: str) -> OpenedGoal:
    """The goal with what the learner ran last; nothing is recorded."""
    return await _opened(learner, await detail(learner, goal))


async def open_goal(learner: Learner, goal: str) -> OpenedGoal:
    found = await detail(learner, goal)
    if found["opened"] is None:
        await learner.record("goal.opened", {"goal": goal})
    return await _opened(learner, found)


async def _opened(learner: Learner, found: Json) -> OpenedGoal:
    code = None
    if found["runs"]:
        history = (await learner.get("v1", "goals", found["goal"], "runs", limit=1))["runs"]
        code = next((run["code"] for run in history if run["code"]), None)
    return OpenedGoal.model_validate({**found, "code": code, "concept": found["page"]["concept"]})


async def lesson(learner: Learner, concept: str, goal: str | None = None) -> Lesson:
    page = await learner.get("v1", "lessons", concept, goal=goal)
    return Lesson(concept=concept, goal=goal, markdown=page)


async def run(learner: Learner, goal: str, code: str, purpose: Purpose, told: Told, request: str | None) -> RunResult:
    """Runs it, telling how far it is, then waits a moment for what the agents say."""
    identity = request or new_id()
    end: Json | None = None
    waited = 0.0
    async for frame in learner.run(goal, code, purpose, id=identity):
        match frame["type"]:
            case "queued":
                waited += 0.001  # progress must increase with each word (MCP, "Progress")
                await told(waited, None, f"waiting: {frame['position']} before this one")
            case "case":
                await told(frame["index"], frame["of"], f"{frame['index']} of {frame['of']}: {frame['verdict']}")
            case "finished" | "cancelled":
                end = frame
    if end is None:
        raise Unavailable(say("stream_ended_early"))
    if end["type"] == "cancelled":
        return RunResult(
            run=end["run"], purpose=purpose, verdict="cancelled", passed=0, failed=0, total=end["total"], cancelled=True
        )
    result = RunResult.model_validate({**end, "failing": [_case(case) for case in end["cases"]]})
    return result if end["fault"] else await _with_words(learner, identity, result)


async def _with_words(learner: Learner, correlation: str, result: RunResult) -> RunResult:
    said = await learner.said(correlation, {"feedback.given", "message.withheld"}, within=FEEDBACK)
    if (
        said is not None and result.purpose == "submit" and not result.failed
    ):  # mastery moves, and how it went is asked, a moment later
        await learner.said(correlation, {"process.reviewed"}, within=WORDS)
    events = await learner.correlated(correlation)
    words = next((e["data"]["text"] for e in events if e["type"] == "goals.feedback.given"), None)
    asked = next((_question(e) for e in events if e["type"] == "goals.mood.asked"), None)
    return result.model_copy(
        update={
            "feedback": words,
            "mastery": [_moved(e["data"]) for e in events if e["type"] == "goals.mastery.changed"],
            "question": asked,
        }
    )


def _question(asked: Json) -> Question:
    return Question(question=asked["id"], text=asked["data"]["question"], answers=asked["data"]["answers"])


def _moved(data: Json) -> str:
    return f"{data['concept']}: {data['before']:.2f} → {data['after']:.2f}. {data['because']}"


def _case(case: Json) -> CaseResult:
    error = case.get("error")
    words = {name: _text(case.get(name)) for name in ("input", "expected", "got", "stdout")}
    told = f"{error.get('type')}: {error.get('message')}" if isinstance(error, dict) else None
    kept = {name: case.get(name) for name in ("visible", "subtask", "verdict", "line")}
    return CaseResult.model_validate({**kept, **words, "error": told})


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


async def hint(learner: Learner, goal: str, rung: int | None, request: str | None) -> Hint:
    """The next rung, or one that was reached. Raises Refused with the reason where the ladder is not open."""
    asked = await learner.record("hint.asked", {"goal": goal, **({"rung": rung} if rung else {})}, id=request)
    said = await learner.said(asked, {"hint.given", "access.denied"}, within=HINT)
    if said is None:
        raise Unavailable(say("hint_late"))
    if said["data"].get("goal") != goal:
        raise Conflict(say("id_used_by_event"))
    if said["type"] == "goals.access.denied":
        raise Refused({"detail": said["data"]["text"], "remedy": said["data"]["remedy"]}, 403)
    return Hint.model_validate(said["data"])


async def progress(learner: Learner) -> ProgressReport:
    found = await learner.get("v1", "progress")
    streak = found["streak"]
    return ProgressReport.model_validate({**found, "days_in_a_row": streak["current"], "longest": streak["longest"]})


async def why(learner: Learner, concept: str) -> MasteryReasons:
    return MasteryReasons.model_validate(await learner.get("v1", "mastery", concept))


async def mood(learner: Learner, answer: str, goal: str | None, question: str | None, request: str | None) -> MoodTaken:
    data = {"answer": answer, "goal": goal, "question": question}
    answered = await learner.record("mood.answered", {k: v for k, v in data.items() if v is not None}, id=request)
    said = await learner.said(answered, {"motivation.given"}, within=WORDS)
    return MoodTaken(recorded=True, words=said["data"]["text"] if said else None)
