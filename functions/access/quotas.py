"""What the contract grants a learner a day, what of it is used, and when it comes anew: in their own time zone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.clock import day_of
from shared.events.catalogue.contracts import Terms
from shared.readmodel import View
from shared.readmodel.rows import Contract, Goal, Learner

DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Quota:
    """`kind`: runs, hints, goals, or `goals.<kind of goal>`. `resets`: the instant at which `used` is 0 again."""

    kind: str
    limit: int
    used: int
    resets: datetime

    @property
    def left(self) -> int:
        return max(0, self.limit - self.used)


def quotas(terms: Terms, used: Mapping[str, int], resets: datetime) -> list[Quota]:
    """Every quota of these terms. `used`: by kind, today; what is not named in it is not used."""
    limits = {"runs": terms.runs_per_day, "hints": terms.hints_per_day, "goals": terms.goals_per_day}
    limits |= {f"goals.{kind}": limit for kind, limit in sorted(terms.kinds_per_day.items())}
    return [Quota(kind, limit, used.get(kind, 0), resets) for kind, limit in limits.items()]


def spent(today: int, last_day: int, limit: int) -> int:
    """What counts against a day's limit. `today`: since the learner's midnight; `last_day`: in the last 24 hours.

    24 hours touch two days of one's own, which hold at most twice the limit: more than that was got by moving
    midnight, that is by stating another time zone, and counts today.
    """
    return max(today, last_day - limit)


def runs_used(view: View, learner: Learner, contract: Contract, now: datetime) -> int:
    """Runs used up today. Two round trips."""
    return _used(view.runs_since, learner, contract, contract.terms.runs_per_day, now)


def hints_used(view: View, learner: Learner, contract: Contract, now: datetime) -> int:
    """Hints used up today. Two round trips."""
    return _used(view.hints_since, learner, contract, contract.terms.hints_per_day, now)


def _used(
    count: Callable[[str, datetime], int], learner: Learner, contract: Contract, limit: int, now: datetime
) -> int:
    """Under terms of today the day alone counts: the last 24 hours may have had another limit."""
    begins, _ = day_of(now, learner.timezone)
    today = count(learner.learner, begins)
    if now - (contract.stated or contract.signed) < DAY:
        return today
    return spent(today, count(learner.learner, now - DAY), limit)


def goals_used(goals: Sequence[Goal], day: date) -> dict[str, int]:
    """Goals of a day, all and by kind. A challenge that was rejected, or never proven, made no goal and counts
    nowhere; a goal that was swapped counts, and so does the one in its place."""
    today = [goal for goal in goals if goal.day == day]
    found = {"goals": len(today)}
    for goal in today:
        found[f"goals.{goal.kind}"] = found.get(f"goals.{goal.kind}", 0) + 1
    return found
