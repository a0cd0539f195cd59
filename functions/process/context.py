"""What the states are judged by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from shared.clock import local_day
from shared.curriculum import Curriculum
from shared.machines import Evidence
from shared.planning.rests import rested, resting
from shared.readmodel.rows import Contract, Enrolment, Goal, Learner, Mastery, Plan, Rest, Review
from shared.readmodel.rows import State as Stood


@dataclass(frozen=True, slots=True)
class Seen:
    """An input of this run. `fault`: a run that we failed says nothing about anybody. `course`: the one it is about."""

    type: str
    id: str
    day: date | None = None
    fault: bool = False
    course: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """`goal`: the one this thread is about, as the last commit left it; `goals`: all of the learner's.

    `passes`: visits in this run before this one. `refused`: the reason, if access was denied.
    `solved`: does evaluation say so? `planned`: has the planner spoken in this run? `stood`: by (entity, id).
    Looked up once a day: `idle`, goals nobody has worked on for long, and since when; `unsettled`, goals that are not
    solved although a run of theirs solves them: that run's event, and when. `rests`: days off the learner took.
    """

    now: datetime
    thread: str
    trigger: str
    learner: Learner
    curriculum: Curriculum
    inputs: Sequence[Seen]
    goal: Goal | None = None
    goals: Sequence[Goal] = ()
    enrolments: Sequence[Enrolment] = ()
    mastery: Mapping[str, Mastery] = field(default_factory=dict)
    reviews: Sequence[Review] = ()
    plan: Plan | None = None
    stood: Mapping[tuple[str, str], Stood] = field(default_factory=dict)
    passes: int = 0
    refused: str | None = None
    solved: bool = False
    planned: bool = False
    before: Mapping[str, bool] = field(default_factory=dict)
    contract: Contract | None = None
    idle: Mapping[str, datetime] = field(default_factory=dict)
    unsettled: Mapping[str, tuple[str, datetime]] = field(default_factory=dict)
    rests: Sequence[Rest] = ()

    @property
    def evidence(self) -> list[Evidence]:
        return [Evidence(i.type, i.id) for i in self.inputs if not i.fault]

    @property
    def day(self) -> date:
        """The tick's, or today where the learner lives."""
        said = [i.day for i in self.inputs if i.day is not None]
        return said[-1] if said else local_day(self.now, self.learner.timezone)

    @property
    def back(self) -> date | None:
        """The day on which the learner will be back from days off; None where this is none of them."""
        return resting(self.rests, self.day, self.learner.timezone)

    def idle_days(self, since: date) -> int:
        """Days from `since` to this one, without those the learner took off."""
        off = rested(self.rests, since, self.day, self.learner.timezone)
        return (self.day - since).days - off

    def state_of(self, entity: str, id_: str, initial: str) -> str:
        stood = self.stood.get((entity, id_))
        return stood.state if stood else initial
