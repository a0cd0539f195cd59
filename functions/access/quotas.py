"""What the contract grants a learner a day, what of it is used, and when it comes anew: in their own time zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from shared.events.catalogue.contracts import Terms
from shared.readmodel.rows import Goal


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


def goals_used(goals: Sequence[Goal], day: date) -> dict[str, int]:
    """Goals of a day, all and by kind. A challenge that was rejected, or never proven, made no goal and counts
    nowhere; a goal that was swapped counts, and so does the one in its place."""
    today = [goal for goal in goals if goal.day == day]
    found = {"goals": len(today)}
    for goal in today:
        found[f"goals.{goal.kind}"] = found.get(f"goals.{goal.kind}", 0) + 1
    return found
