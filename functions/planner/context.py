"""What a plan is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from shared.clock import local_day
from shared.curriculum import Curriculum
from shared.planning.rests import rested, resting
from shared.readmodel.rows import (
    Contract,
    Enrolment,
    Goal,
    Learner,
    Mastery,
    Mood,
    Plan,
    Rating,
    Rest,
    Review,
    Submission,
)


@dataclass(frozen=True, slots=True)
class Wished:
    """A wish of the last days: its event, and the concept named or recognised in its words, if any. `outcome`, `goal`:
    as it was answered last."""

    event: str
    concept: str | None
    outcome: str | None = None
    goal: str | None = None


@dataclass(frozen=True, slots=True)
class Stuck:
    """The goal this run got stuck on, and the heading of a page that answers what failed."""

    goal: Goal
    anchor: str | None


@dataclass(frozen=True, slots=True)
class Context:
    """`goals`: all ever given. `said`: the day a daily tick speaks of. `ratings`: `l:` and `lc:` of the learner.
    `names`: languages and dependencies of their workspace, if they consent; `wants`: the words of their target and job.
    `writable`: is there somebody who could write a challenge that the bank does not have? `submissions`: the learner's
    that stand, oldest first."""

    now: datetime
    trigger: str
    curriculum: Curriculum
    learner: Learner | None
    contract: Contract | None
    said: date | None = None
    enrolments: Sequence[Enrolment] = ()
    goals: Sequence[Goal] = ()
    mastery: Mapping[str, Mastery] = field(default_factory=dict)
    reviews: Sequence[Review] = ()
    plan: Plan | None = None
    mood: Mood = field(default_factory=Mood)
    wishes: Sequence[Wished] = ()
    ratings: Mapping[str, Rating] = field(default_factory=dict)
    stuck: Stuck | None = None
    writable: bool = False
    rests: Sequence[Rest] = ()
    submissions: Sequence[Submission] = ()
    names: frozenset[str] = frozenset()
    wants: frozenset[str] = frozenset()

    def who(self) -> Learner:
        """The learner, where `plannable` has seen that there is one."""
        assert self.learner is not None  # noqa: S101  for the type checker
        return self.learner

    def plannable(self) -> bool:
        """A known learner with a profile, and a contract in force (or in its days of grace)."""
        if self.learner is None or self.learner.level is None or self.contract is None:
            return False
        terms = self.contract.terms
        return terms.starts <= self.now < terms.ends + timedelta(days=terms.grace_days)

    def day(self) -> date:
        """The day to plan, in the learner's calendar: the tick's, or today; never one before the plan there is."""
        day = self.said or local_day(self.now, self.who().timezone)
        return max(day, self.plan.day) if self.plan is not None else day

    def back(self, day: date | None = None) -> date | None:
        """The day on which the learner will be back, where `day` (the one to plan) lies in days they took off."""
        return resting(self.rests, day or self.day(), self.who().timezone)

    def day_off(self, day: date | None = None) -> bool:
        """Is this weekday (of the day to plan) one on which the learner does not learn?"""
        return (day or self.day()).weekday() in self.who().days_off

    def waited(self, since: date) -> int:
        """Days from `since` to the day to plan, without those the learner took off."""
        day = self.day()
        return (day - since).days - rested(self.rests, since, day, self.who().timezone)

    def closed_courses(self) -> frozenset[str]:
        """Courses the learner was in, and has laid aside, left, or lost with their contract."""
        return frozenset(e.course for e in self.enrolments if e.state in ("paused", "left", "ended"))

    def effect(self) -> str:
        """What today's mood asks of the plan. An answer of yesterday asks nothing."""
        zone = self.who().timezone
        seen = self.mood.observed
        return self.mood.effect if seen and local_day(seen, zone) == local_day(self.now, zone) else "none"

    def effect_is_new(self) -> bool:
        """Was it observed after the plan was last changed?"""
        plan, seen = self.plan, self.mood.observed
        return plan is None or (seen is not None and (plan.mood != self.mood.effect or seen > plan.changed))
