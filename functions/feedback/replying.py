"""The reply to a run: a verified fact, a likely cause, one next step. Silence where there is nothing new to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from functions.feedback import grounds, wording
from functions.feedback.diagnosis import Diagnosis, diagnose, unread
from functions.feedback.failure import Failure, failures
from functions.feedback.writing import Draft, Wanted, Writer
from graph.state import Input
from shared.curriculum import Challenge
from shared.curriculum import text as spoken
from shared.events.catalogue.teaching import FeedbackGiven
from shared.judging.writing import expectation, written
from shared.readmodel.rows import Feedback, Goal
from shared.spoken import NAMES, words
from shared.validators import broken

INPUT = 300

BARE = ("unreadable", "manners", "person", "unsafe", "links", "system", "hidden", "solution")
"""What not even a rule-made text may hold, though it only quotes the program: then nothing is quoted."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of the newest run. `passed_before`: a submission passed before it; `recent`: what was said on this
    goal, newest first."""

    language: str
    goal: Goal
    challenge: Challenge
    code: str
    report: str
    recent: Sequence[Feedback]
    runs: int
    solved_before: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """`given` None: nothing new to say."""

    given: FeedbackGiven | None
    draft: Draft


def reply(told: Told, run: Input, write: Writer) -> Reply:
    """One short text on one run. Passing runs are the rules' alone: there is nothing to explain."""
    facts = run["facts"]
    passed, total = int(facts["passed"]), int(facts["total"])
    said = [f.text for f in told.recent]
    if total and passed == total:
        text = _on_success(told, facts["purpose"] == "submit", total, said)
        return Reply(_given(told, run, text, None, None, Draft()) if text else None, Draft())
    known = failures(told.report, told.challenge.entry)
    failure = next(iter(known), None) or unread(told.code, told.challenge.entry, told.challenge.language)
    counted = wording.counted(told.language, passed, total, told.goal.hints)
    diagnosis = None
    ways = counted
    if failure is not None:
        others = shown(told.challenge, failure)
        diagnosis = diagnose(told.code, told.challenge.entry, failure, told.challenge.language, others)
        part = _part(told.challenge, failure, told.language)
        ways = wording.failing(told.language, failure, diagnosis, told.goal.hints, part)
    ground = grounds.ground(told.challenge, told.language, told.code, known, passed=passed, total=total)
    text = wording.choose(ways, said, _depth(told.recent, diagnosis) if diagnosis else 0)
    if text is None:
        return Reply(None, Draft())
    if broken(text, ground, BARE):
        text = wording.choose(counted, said, 0)
        if text is None:
            return Reply(None, Draft())
        return Reply(_given(told, run, text, None, diagnosis, Draft()), Draft())
    wanted = Wanted(
        "feedback",
        {
            "language": NAMES[words(told.language)],
            "programming": told.challenge.language,
            "told": text,
            "failure": grounds.told(failure),
            "statement": spoken(told.challenge.statement, told.language),
            "code": told.code,
            "before": "\n".join(said[:5]) or "nothing",
        },
        ground,
        said,
    )
    draft = write(wanted)
    return Reply(_given(told, run, draft.text or text, failure, diagnosis, draft), draft)


def shown(challenge: Challenge, failure: Failure) -> list[Failure]:
    """The cases that the learner is shown, besides this one; whether they pass is not said."""
    language = challenge.language
    return [
        Failure(case.id, True, "wrong", input=written(case, language), expected=expectation(case, language))
        for case in challenge.visible_cases
        if case.id != failure.case and not case.files and not case.stdin
    ]


def _given(
    told: Told, run: Input, text: str, failure: Failure | None, diagnosis: Diagnosis | None, draft: Draft
) -> FeedbackGiven:
    seen = failure if failure is not None and failure.visible else None
    return FeedbackGiven(
        goal=told.goal.goal,
        run=run["facts"]["run"],
        text=text,
        case=seen.case or None if seen else None,
        input=wording.cut(seen.input, INPUT) or None if seen else None,
        line=diagnosis.line if diagnosis else None,
        cause=diagnosis.cause if diagnosis else None,
        language=words(told.language),
        origin="model" if draft.text else "rule",
        replaced=draft.why,
    )


def _on_success(told: Told, submitted: bool, total: int, said: Sequence[str]) -> str | None:
    if not submitted:
        return wording.choose(wording.tried(told.language, total), said, 0)
    return wording.solved(
        told.language,
        total=total,
        parts=len(told.challenge.subtasks),
        runs=told.runs,
        hints=told.goal.hints,
        again=told.solved_before,
    )


def _part(challenge: Challenge, failure: Failure, language: str) -> str:
    """The title of the sub-task a hidden case belongs to: where a challenge has one only, it tells nothing."""
    if failure.visible or len(challenge.subtasks) < 2:
        return ""
    return next((spoken(task.title, language) for task in challenge.subtasks if task.id == failure.part), "")


def _depth(recent: Sequence[Feedback], diagnosis: Diagnosis) -> int:
    """How often in a row, up to now, this very cause was spoken of."""
    depth = 0
    for feedback in recent:
        if feedback.cause != diagnosis.cause:
            break
        depth += 1
    return depth
