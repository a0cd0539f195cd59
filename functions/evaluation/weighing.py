"""How much an outcome counts, so that trying often costs nothing and learning is not mistaken for failing:

    a submission that passes, first time on this goal      1    after failed submissions, many tries or light hints: 0.7
    the goal's first failing submission                    1
    its second, with another failure                       0.25
    the goal's first failing try, before any submission    0.2  (a starter is run before it is written)
    everything else: more tries, the same failure again, a try that passes, a goal solved before: recorded, weight 0

Assisted: a hint of rung 3 or more was given before the run; rungs 1 and 2 name the concept and ask a question, and say
nothing of this challenge's solution, so what follows them counts as unassisted with less weight. A hint that was given
after a run says nothing of it, in whatever order the two are evaluated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, cast

from graph.state import Input
from shared.readmodel.rows import Goal, Hint, Run

ASSISTED_FROM = 3
MANY_TRIES = 8
FIRST_TRY, SECOND_FAILURE, LABOURED = 0.2, 0.25, 0.7


@dataclass(frozen=True, slots=True)
class Past:
    """What happened on the goal before one run. `runs` without faults; `signature`: of its last failing submission."""

    runs: int = 0
    failed_submissions: int = 0
    solved: bool = False
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run as it is evaluated. `event`: id of its run.finished event; `number`: its place on the goal, from 1;
    `rung`: the highest hint given before it."""

    event: str
    at: datetime
    run: str
    purpose: Literal["run", "submit"]
    passed: int
    total: int
    verdict: str
    signature: str
    number: int
    weight: float
    rung: int

    @property
    def assisted(self) -> bool:
        return self.rung >= ASSISTED_FROM

    @property
    def correct(self) -> bool:
        return self.total > 0 and self.passed == self.total

    @property
    def solves(self) -> bool:
        return self.correct and self.purpose == "submit"


def outcomes(
    goal: Goal, runs: Sequence[Run], inputs: Sequence[Input], hints: Sequence[Hint] = ()
) -> list[tuple[Outcome, Past]]:
    """The runs that `inputs` report, with what they count for and what came before each. `runs`: all, oldest first.
    `hints`: the goal's with their times; where none is given, the goal's highest rung counts for every run."""
    ours = {i["facts"]["run"]: i for i in inputs if _counts(i)}
    past, found, seen = Past(), [], set[str]()
    for run in runs:
        if run.fault:
            continue
        if run.run in ours:
            seen.add(run.run)
            outcome = _outcome(ours[run.run], past, goal, hints)
            found.append((outcome, past))
            past = _after(past, outcome.purpose, outcome.correct, outcome.signature)
        else:
            correct = run.total > 0 and run.passed == run.total
            past = _after(past, run.purpose, correct, run.signature)
    for name, event in ours.items():
        if name not in seen:  # the read model has not shown it (yet): the event itself is the truth
            outcome = _outcome(event, past, goal, hints)
            found.append((outcome, past))
            past = _after(past, outcome.purpose, outcome.correct, outcome.signature)
    return found


def weighed(purpose: str, correct: bool, signature: str, past: Past, hints: int) -> float:
    """How much an outcome counts, in [0, 1]; see the table above."""
    if past.solved:
        return 0.0
    match purpose, correct:
        case "submit", True:
            laboured = past.failed_submissions or past.runs > MANY_TRIES or 0 < hints < ASSISTED_FROM
            return LABOURED if laboured else 1.0
        case "submit", False:
            if past.failed_submissions == 0:
                return 1.0
            return SECOND_FAILURE if past.failed_submissions == 1 and signature != past.signature else 0.0
        case _, False:
            return FIRST_TRY if past.runs == 0 else 0.0
        case _:
            return 0.0


def _counts(event: Input) -> bool:
    return event["type"] == "goals.run.finished" and not event["facts"].get("fault")


def _rung(goal: Goal, hints: Sequence[Hint], at: datetime) -> int:
    return max((hint.rung for hint in hints if hint.at <= at), default=0) if hints else goal.hints


def _outcome(event: Input, past: Past, goal: Goal, hints: Sequence[Hint]) -> Outcome:
    facts = event["facts"]
    at = datetime.fromisoformat(event["at"]).astimezone(UTC)
    rung = _rung(goal, hints, at)
    passed, total = int(facts["passed"]), int(facts["total"])
    correct = total > 0 and passed == total
    purpose = cast(Literal["run", "submit"], facts["purpose"])
    signature = str(facts.get("signature", ""))
    return Outcome(
        event=event["id"],
        at=at,
        run=facts["run"],
        purpose=purpose,
        passed=passed,
        total=total,
        verdict=str(facts.get("verdict", "")),
        signature=signature,
        number=past.runs + 1,
        weight=weighed(purpose, correct, signature, past, rung),
        rung=rung,
    )


def _after(past: Past, purpose: str, correct: bool, signature: str) -> Past:
    failed = purpose == "submit" and not correct
    return Past(
        runs=past.runs + 1,
        failed_submissions=past.failed_submissions + failed,
        solved=past.solved or (purpose == "submit" and correct),
        signature=signature if failed else past.signature,
    )
