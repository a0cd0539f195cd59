"""Planner: over weeks of days with three courses none waits for long, whatever the learner does with their goals."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import NOW, TODAY, contract, goal, learner, mastery, terms

from functions.challenges.writing import Bank
from functions.planner import coming
from functions.planner.agent import Context, decide
from functions.planner.turns import AT_ONCE, PATIENCE
from goals.simulate.world import make
from shared.curriculum import Course, Curriculum, Module
from shared.events.catalogue.teaching import PlanChanged
from shared.readmodel.rows import Enrolment, Goal, Plan, Rest

COURSES = ("harbour", "orchard", "quarry")
MOST = PATIENCE + (len(COURSES) - 1) // AT_ONCE
"""Days of learning in a row without a goal of a course: its patience, and the turns of those that go before it."""
LAID_ASIDE = timedelta(days=10)
"""As `process` has it: an open goal nobody works on leaves the plan after so long."""


def curriculum() -> Curriculum:
    """Three courses of eight concepts each that nobody wrote."""
    concepts, bank, courses = {}, {}, {}
    for n, name in enumerate(COURSES):
        one = make(n, concepts=8).curriculum
        names = {c: f"{name}-{c}" for c in one.concepts}
        for slug, concept in one.concepts.items():
            below = tuple(names[p] for p in concept.prerequisites)
            concepts[names[slug]] = replace(concept, slug=names[slug], course=name, prerequisites=below)
        for challenge in one.challenges.values():
            own = tuple(names[c] for c in challenge.concepts)
            bank[f"{name}-{challenge.slug}"] = replace(
                challenge, slug=f"{name}-{challenge.slug}", course=name, concepts=own
            )
        words = {"en": name, "es": name}
        courses[name] = Course(name, words, words, "python", (Module("all", words, tuple(names.values())),), ())
    return Curriculum(courses, concepts, bank, tuple(concepts), "three")


BANK = curriculum()


@dataclass
class Weeks:
    """A learner's days in front of the planner: orders come true, old goals leave, what is solved is mastered."""

    minutes: int
    days_off: tuple[int, ...] = ()
    rests: tuple[Rest, ...] = ()
    goals: dict[str, Goal] = field(default_factory=dict)
    shown: dict[str, float] = field(default_factory=dict)
    plan: Plan | None = None
    worked: dict[str, int] = field(default_factory=dict)

    def context(self, day: int, trigger: str) -> Context:
        return Context(
            now=NOW + timedelta(days=day),
            trigger=trigger,
            curriculum=BANK,
            learner=learner(minutes=self.minutes, level="new", days_off=list(self.days_off)),
            contract=contract(terms(goals_per_day=100)),
            said=TODAY + timedelta(days=day) if trigger == "daily" else None,
            enrolments=[Enrolment(c, "active", NOW - timedelta(days=1)) for c in COURSES],
            goals=list(self.goals.values()),
            mastery={c: mastery(c, shown) for c, shown in self.shown.items()},
            plan=self.plan,
            rests=self.rests,
        )

    def plans(self, day: int, trigger: str) -> None:
        context = self.context(day, trigger)
        decision = decide(context)
        for order in decision.update["orders"]:
            draft = Bank("ana", BANK, list(self.goals.values())).draft(order)
            assert draft is not None
            self.goals[order["goal"]] = goal(
                goal=order["goal"], kind=order["kind"], challenge=draft.challenge.slug, variant=draft.variant,
                course=draft.challenge.course, concepts=list(draft.challenge.concepts), day=TODAY + timedelta(days=day),
                difficulty=draft.challenge.difficulty, minutes=draft.challenge.minutes, because=order["because"],
                assigned=context.now,
            )  # fmt: skip
        for change in (s.body for s in decision.events if isinstance(s.body, PlanChanged)):
            lines = [g.model_dump(mode="json") for g in change.goals]
            version = (self.plan.version if self.plan else 0) + 1
            self.plan = Plan("ana", change.day, change.minutes, lines, "", change.mood, version, context.now)

    def evening(self, day: int) -> None:
        """What `process` does: goals nobody works on are laid aside, what left the plan unopened is given up."""
        held = {line["goal"] for line in self.plan.goals} if self.plan else set()
        for row in list(self.goals.values()):
            if row.state == "open" and timedelta(days=day - self.worked[row.goal]) >= LAID_ASIDE:
                self.goals[row.goal] = replace(row, state="paused")
            if row.state == "assigned" and row.goal not in held:
                self.goals[row.goal] = replace(row, state="abandoned")

    def todays(self) -> list[Goal]:
        lines = self.plan.goals if self.plan else []
        return [self.goals[line["goal"]] for line in lines if line["goal"] in self.goals]

    def does(self, day: int, row: Goal, what: str) -> None:
        now = NOW + timedelta(days=day, minutes=30)
        self.worked[row.goal] = day
        opened = row.opened or now
        if what == "solve":
            self.goals[row.goal] = replace(row, state="solved", opened=opened, closed=now, runs=row.runs + 1)
            concept = row.concepts[0]
            self.shown[concept] = min(0.97, self.shown.get(concept, 0.0) + 0.25)
        elif what == "fail":
            self.goals[row.goal] = replace(row, state="open", opened=opened, runs=row.runs + 1, total=4, best=1)
        elif what == "swap":
            self.goals[row.goal] = replace(row, state="swapped", closed=now)


def waits(weeks: Weeks, days: int, deeds: dict[str, float], seed: int) -> Iterator[tuple[int, str, int]]:
    """(day, course, days of learning in a row without a goal of it), while it has something left to teach."""
    chance = random.Random(seed)
    since = dict.fromkeys(COURSES, 0)
    for day in range(days):
        context = weeks.context(day, "daily")
        if context.day_off() or context.back() is not None:
            continue
        weeks.plans(day, "daily")
        for row in weeks.todays():
            if row.state in ("assigned", "open"):
                what = chance.choices(list(deeds), list(deeds.values()))[0]
                if what != "nothing":
                    weeks.does(day, row, what)
                    weeks.plans(day, "run")
        served = {row.course for row in weeks.todays()}
        for course in COURSES:
            learnt = all(weeks.shown.get(c, 0) >= 0.9 for c in BANK.courses[course].concepts)
            since[course] = 0 if course in served or learnt else since[course] + 1
            yield day, course, since[course]
        weeks.evening(day)


KINDS_OF_LEARNERS = {
    "diligent": {"solve": 0.9, "fail": 0.1},
    "slow": {"solve": 0.2, "fail": 0.5, "nothing": 0.3},
    "absent": {"nothing": 1.0},
    "picky": {"swap": 0.4, "solve": 0.3, "nothing": 0.3},
    "never done": {"fail": 1.0},
    "starting everything": {"fail": 0.8, "nothing": 0.2},
}


@pytest.mark.parametrize("who", KINDS_OF_LEARNERS)
@given(seed=st.integers(0, 10_000), minutes=st.integers(20, 90), off=st.sets(st.integers(0, 6), max_size=5))
@settings(max_examples=6, deadline=None)
def test_of_three_courses_none_waits_longer_than_its_patience_and_its_turn(
    who: str, seed: int, minutes: int, off: set[int]
) -> None:
    weeks = Weeks(minutes, tuple(sorted(off)))
    for day, course, waited in waits(weeks, 28, KINDS_OF_LEARNERS[who], seed):
        assert waited <= MOST, f"{course} has waited {waited} days on day {day}"


def test_without_turns_a_course_does_wait_while_others_are_carried_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the bound above is held by, and that it can be broken."""
    monkeypatch.setattr(coming, "turns", lambda *_: {})
    deeds = KINDS_OF_LEARNERS["starting everything"]
    longest = max(waited for minutes in (20, 30) for _, _, waited in waits(Weeks(minutes), 28, deeds, 1))
    assert longest > 2 * MOST


def test_days_off_are_no_waiting() -> None:
    away = Rest(NOW + timedelta(days=3), TODAY + timedelta(days=20))
    seen = list(waits(Weeks(30, rests=(away,)), 28, KINDS_OF_LEARNERS["slow"], 7))
    assert {day for day, _, _ in seen} == {0, 1, 2, *range(20, 28)}
    assert max(waited for _, _, waited in seen) <= MOST
