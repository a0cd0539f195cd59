"""A learner says "this is wrong" of a mastery figure. An attempt is taken out where a rule allows it:

    challenge_changed   its challenge is another now, or gone: what it measured cannot be looked at any more
    too_high            a success the learner names: nobody is credited with what they say is not theirs
    first_try           a failing try (not a submission): a starter is run before it is written
    slip                a failing submission on a goal that was solved alone within a day: they could do it after all

The last two at most three times in thirty days (`limit`); everything else `stands`, and is explained with what would
move it. A model decides none of this. The rules are tried in that order; without an attempt named the newest one that
a rule allows is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from shared.readmodel.rows import Doubt, Evaluation

Rule = Literal["challenge_changed", "too_high", "first_try", "slip", "limit", "stands", "no_attempt", "not_yours"]
LIMITED: frozenset[Rule] = frozenset({"first_try", "slip"})
MOST, WITHIN = 3, timedelta(days=30)
SLIP = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Question:
    """`id`: of the event; `attempt`: the run they mean, by its own id or that of its event, if they mean one."""

    id: str
    concept: str
    at: datetime
    attempt: str | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """`withdraw`: the evaluation to take out, if any; `about`: the one that was looked at."""

    rule: Rule
    withdraw: Evaluation | None = None
    about: Evaluation | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """`evaluations`: the learner's, oldest first; `changed`: goals whose challenge is not what it was;
    `doubts`: of before."""

    evaluations: Sequence[Evaluation]
    changed: frozenset[str] = frozenset()
    doubts: Sequence[Doubt] = ()


def ruling(question: Question, case: Case) -> Ruling:
    """Which rule decides, and what it takes out."""
    counted = [e for e in case.evaluations if question.concept in e.concepts and e.deltas and e.withdrawn is None]
    if question.attempt is not None:
        named = next((e for e in case.evaluations if question.attempt in (e.run, e.caused, e.event)), None)
        if named is None:
            return Ruling("not_yours")
        if named not in counted:
            return Ruling("no_attempt", about=named)
        counted = [named]
    if not counted:
        return Ruling("no_attempt")
    spent = _spent(question, case) >= MOST
    refused: Ruling | None = None
    for evaluation in reversed(counted):
        rule = next(_allowing(evaluation, question, case), None)
        if rule is None:
            continue
        if rule in LIMITED and spent:
            refused = refused or Ruling("limit", about=evaluation)
            continue
        return Ruling(rule, withdraw=evaluation, about=evaluation)
    return refused or Ruling("stands", about=counted[-1])


def _allowing(e: Evaluation, question: Question, case: Case) -> Iterator[Rule]:
    """The rules that allow to take `e` out, the first one first."""
    if e.goal in case.changed:
        yield "challenge_changed"
    if e.correct:
        if question.attempt is not None:
            yield "too_high"
        return
    if e.purpose == "run":
        yield "first_try"
    elif any(
        later.goal == e.goal and later.correct and later.purpose == "submit" and not later.assisted
        and timedelta() <= later.at - e.at <= SLIP
        for later in case.evaluations
    ):  # fmt: skip
        yield "slip"


def _spent(question: Question, case: Case) -> int:
    return sum(
        d.outcome == "reweighed" and d.rule in LIMITED and question.at - WITHIN <= d.at < question.at
        for d in case.doubts
    )
