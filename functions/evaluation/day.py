"""A day of work summed up, once it is over: said at the start of the next day the learner is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import mean, median

from functions.evaluation.patterns import WINDOW, patterns
from shared.clock import local_day, midnight
from shared.events.catalogue.explaining import EvaluationSummarised, Retained
from shared.readmodel.rows import Cause, Evaluation, MasteryStep

MOST_DAYS = 7
"""Days that one start of a day sums up at most: after a long outage the oldest stay unsaid."""
EVIDENCE = 100


@dataclass(frozen=True, slots=True)
class Record:
    """What is on record of a learner, of the last weeks, each oldest first. `summed`: days summed up already."""

    timezone: str
    evaluations: Sequence[Evaluation] = ()
    causes: Sequence[Cause] = ()
    steps: Sequence[MasteryStep] = ()
    summed: frozenset[date] = frozenset()


def summaries(record: Record, today: date) -> list[EvaluationSummarised]:
    """Of every day of work before `today` that was not summed up, oldest first. A day without work has none."""
    worked = {local_day(e.at, record.timezone) for e in record.evaluations}
    left = sorted(day for day in worked - record.summed if today - WINDOW <= day < today)
    return [summary(record, day) for day in left[-MOST_DAYS:]]


def summary(record: Record, day: date) -> EvaluationSummarised:
    """One day, in the learner's own calendar."""
    zone = record.timezone
    ends = midnight(day + timedelta(days=1), zone)
    of_day = [e for e in record.evaluations if local_day(e.at, zone) == day]
    solving = _solving(of_day)
    paces = [e.pace for e in solving if e.pace is not None]
    return EvaluationSummarised(
        day=day,
        attempts=len(of_day),
        solved=len(solving),
        assisted=sum(e.assisted for e in solving),
        seconds=round(sum(e.seconds or 0.0 for e in solving), 1),
        pace=round(median(paces), 3) if paces else None,
        patterns=patterns(record.causes, ends),
        retention=retained([e for e in record.evaluations if ends - WINDOW <= e.at < ends]),
        mastery=_moved([s for s in record.steps if local_day(s.at, zone) == day]),
        evidence=tuple(e.event for e in of_day)[-EVIDENCE:],
    )


def retained(evaluations: Sequence[Evaluation]) -> Retained:
    """Recalled: the first submission of a review was right, and without help."""
    first: dict[str, Evaluation] = {}
    for e in evaluations:
        if e.kind == "review" and e.purpose == "submit":
            first.setdefault(e.goal, e)
    reviews = list(first.values())
    return Retained(
        reviews=len(reviews),
        recalled=sum(e.correct and not e.assisted for e in reviews),
        expected=round(mean(e.expected for e in reviews), 4) if reviews else None,
    )


def _solving(evaluations: Sequence[Evaluation]) -> list[Evaluation]:
    """The first solving submission of each goal solved."""
    found: dict[str, Evaluation] = {}
    for e in evaluations:
        if e.correct and e.purpose == "submit":
            found.setdefault(e.goal, e)
    return list(found.values())


def _moved(steps: Sequence[MasteryStep]) -> dict[str, tuple[float, float]]:
    """Concept → where it stood in the morning, and in the evening."""
    moved: dict[str, tuple[float, float]] = {}
    for step in steps:
        morning, _ = moved.get(step.concept, (step.before, step.after))
        moved[step.concept] = (morning, step.after)
    return moved
