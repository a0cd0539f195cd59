"""What to say after a run, and which hint to give. Rules only: a verified fact, a likely cause, one next step.

A run that failed through a fault of ours is never spoken of: it says nothing about the learner's code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from functions.feedback import hints, texts, wording
from functions.feedback.diagnosis import Diagnosis, diagnose, unread
from functions.feedback.failure import Failure, failures
from graph.decision import Decision, Said
from graph.state import Input
from shared.curriculum import Challenge
from shared.events.catalogue.teaching import FeedbackGiven
from shared.readmodel.rows import Feedback, Goal

INPUT = 300


@dataclass(frozen=True, slots=True)
class Context:
    """`challenge`: with its variant's values. `code`, `report`: of the newest run of `inputs`; empty if erased.
    `recent`: what was said on this goal, newest first. `runs`: how many the goal has had, this one with it;
    `solved_before`: a submission passed before the newest run."""

    language: str
    goal: Goal | None
    challenge: Challenge | None
    inputs: Sequence[Input]
    code: str = ""
    report: str = ""
    recent: Sequence[Feedback] = ()
    runs: int = 1
    solved_before: bool = False


def decide(context: Context) -> Decision:
    """Hints that were asked for, then words on the newest run."""
    events: list[Said] = []
    if context.goal is not None and context.challenge is not None:
        events += hints.given(context.goal, context.challenge, context.language, context.inputs)
        run = newest_run(context.inputs)
        if run is not None:
            events.append(Said(feedback(context, context.goal, context.challenge, run), causation=run["id"]))
    return Decision({"findings": {"feedback": {"said": bool(events)}}}, events)


def newest_run(inputs: Sequence[Input]) -> Input | None:
    """The newest run that says something about the learner's code."""
    runs = (i for i in reversed(inputs) if i["type"] == "goals.run.finished" and not i["facts"].get("fault"))
    return next(runs, None)


def feedback(context: Context, goal: Goal, challenge: Challenge, run: Input) -> FeedbackGiven:
    """One short text on one run."""
    facts = run["facts"]
    passed, total = int(facts["passed"]), int(facts["total"])
    said = [f.text for f in context.recent]
    failure, diagnosis = None, None
    if total and passed == total:
        text = _on_success(context, challenge, facts["purpose"] == "submit", total, goal.hints, said)
    else:
        failure = next(iter(failures(context.report, challenge.entry)), None) or unread(context.code, challenge.entry)
        if failure is None:
            text = wording.choose(wording.counted(context.language, passed, total, goal.hints), said, 0)
        else:
            diagnosis = diagnose(context.code, challenge.entry, failure)
            ways = wording.failing(context.language, failure, diagnosis, goal.hints)
            text = wording.choose(ways, said, _depth(context.recent, diagnosis))
    return FeedbackGiven(
        goal=goal.goal,
        run=facts["run"],
        text=text,
        case=failure.case or None if failure and failure.visible else None,
        input=_short(failure) if failure else None,
        line=diagnosis.line if diagnosis else None,
        cause=diagnosis.cause if diagnosis else None,
        language=texts.words(context.language),
    )


def _on_success(
    context: Context, challenge: Challenge, submitted: bool, total: int, rungs: int, said: Sequence[str]
) -> str:
    if not submitted:
        return wording.choose(wording.tried(context.language, total), said, 0)
    return wording.solved(
        context.language,
        total=total,
        parts=len(challenge.subtasks),
        runs=context.runs,
        hints=rungs,
        again=context.solved_before,
    )


def _depth(recent: Sequence[Feedback], diagnosis: Diagnosis) -> int:
    """How often in a row, up to now, this very cause was spoken of."""
    depth = 0
    for feedback in recent:
        if feedback.cause != diagnosis.cause:
            break
        depth += 1
    return depth


def _short(failure: Failure) -> str | None:
    return wording.cut(failure.input, INPUT) or None
