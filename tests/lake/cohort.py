"""A made-up class whose truth is known: abilities, difficulties, learning. For views, reports, measured difficulty.

Most of what is evaluated is practice, as in an editor where every save is a run: before a submission, on goals that are
never submitted, in the week before a learner's first answer, and all that one of them ever does.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from shared.events.catalogue.agents import EvaluationRecorded, MasteryChanged
from shared.events.catalogue.teaching import GoalAssigned, HintGiven
from shared.events.data import Data
from shared.events.record import new_event
from shared.ids import derived_id
from shared.store.connect import Connection
from tests.lake.events import STORE, registered

BEGAN = datetime(2026, 9, 7, 9, tzinfo=UTC)
CONCEPTS = ("conditionals", "loops", "lists", "functions", "dictionaries")


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


@dataclass
class Challenge:
    """`difficulty`: the true one, in log-odds; `stated`: what its author believed, 0 to 1."""

    slug: str
    concept: str
    difficulty: float
    stated: float


def challenges(dice: random.Random, each: int = 4) -> list[Challenge]:
    """The harder ones of each concept come later; authors are off by some."""
    made = []
    for place, concept in enumerate(CONCEPTS):
        for number in range(each):
            hard = -1.6 + 0.35 * place + 0.7 * number
            stated = min(0.95, max(0.05, 0.5 + (hard + dice.gauss(0, 0.8)) / 4))
            made.append(Challenge(f"{concept}-{number + 1}", concept, hard, stated))
    return made


@dataclass
class Learner:
    name: str
    ability: float
    began: datetime
    skill: dict[str, float] = field(default_factory=dict)
    tried: dict[str, int] = field(default_factory=dict)


def life(who: Learner, bank: list[Challenge], weeks: int, dice: random.Random) -> Iterator[tuple[datetime, Data]]:
    """Three goals on each of four days a week, each tried until it is solved or given up; hints where it goes badly."""
    number = 0
    for week in range(weeks):
        if dice.random() < 0.06 * week:
            return  # stays away from now on
        for day in range(4):
            at = who.began + timedelta(weeks=week, days=day, minutes=dice.uniform(0, 300))
            concept = CONCEPTS[min(len(CONCEPTS) - 1, int(week * 0.8 + dice.random()))]
            for challenge in dice.sample([c for c in bank if c.concept == concept], 3):
                number += 1
                for passed, body in _goal(who, challenge, f"{who.name}-{number}", at, dice):
                    yield at + passed, body
                if number % 7 == 0:
                    yield from tried_out(who, bank[number % len(bank)], f"{who.name}-{number}-left", at)
                at += timedelta(minutes=40)


def _goal(
    who: Learner, challenge: Challenge, goal: str, at: datetime, dice: random.Random
) -> Iterator[tuple[timedelta, Data]]:
    concepts = (challenge.concept,)
    yield timedelta(), GoalAssigned(
        goal=goal, kind="daily", challenge=challenge.slug, challenge_version=1, course="python-foundations",
        concepts=concepts, difficulty=challenge.stated, day=at.date(), minutes=10, because="next",
    )  # fmt: skip
    skill = who.skill.setdefault(challenge.concept, 0.0)
    seconds = 0.0
    practice, runs = random.Random(goal), 0
    for attempt in range(1, 6):
        chance = sigmoid(who.ability + skill - challenge.difficulty + 0.4 * (attempt - 1))
        right = dice.random() < chance
        began = seconds
        seconds += dice.uniform(60, 240)
        assisted = attempt > 2
        for part in range(practice.randrange(3)):
            runs += 1
            after = began + 10 * (part + 1)
            yield from _run(who, challenge, goal, timedelta(seconds=after), runs, right=practice.random() < 0.4)
        runs += 1
        if assisted:
            yield (
                timedelta(seconds=seconds - 30),
                HintGiven(goal=goal, rung=attempt - 2, text="look again", left=7 - attempt),
            )
        before = sigmoid(skill - 1)
        skill += 0.35 if right else 0.05
        yield timedelta(seconds=seconds), EvaluationRecorded(
            goal=goal, run=f"{goal}-{attempt}", challenge=challenge.slug, concepts=concepts, correct=right,
            assisted=assisted, purpose="submit", expected=sigmoid(who.ability + skill - 4 * (challenge.stated - 0.5)),
            score=1.0 if right else dice.uniform(0, 0.9), attempt=runs, seconds=seconds,
        )  # fmt: skip
        who.tried[challenge.concept] = who.tried.get(challenge.concept, 0) + 1
        yield timedelta(seconds=seconds + 1), MasteryChanged(
            concept=challenge.concept, goal=goal, before=before, after=sigmoid(skill - 1), assisted=0.4,
            unassisted=sigmoid(skill - 1), uncertainty=0.7, attempts=who.tried[challenge.concept], evidence=(),
            because="tried",
        )  # fmt: skip
        if right:
            break
    who.skill[challenge.concept] = skill


def _run(
    who: Learner, challenge: Challenge, goal: str, at: timedelta, number: int, *, right: bool
) -> Iterator[tuple[timedelta, Data]]:
    """A try that counts as no answer. A goal's first one that fails moves mastery, as a fifth of a submission does."""
    yield at, EvaluationRecorded(
        goal=goal, run=f"{goal}-try-{number}", challenge=challenge.slug, concepts=(challenge.concept,), correct=right,
        assisted=False, purpose="run", expected=0.99, score=1.0 if right else 0.5, attempt=number,
        seconds=at.total_seconds(),
    )  # fmt: skip
    if number == 1 and not right:
        skill = sigmoid(who.skill.get(challenge.concept, 0.0) - 1)
        who.tried[challenge.concept] = who.tried.get(challenge.concept, 0) + 1
        yield at + timedelta(seconds=1), MasteryChanged(
            concept=challenge.concept, goal=goal, before=skill, after=max(0.0, skill - 0.02), assisted=0.4,
            unassisted=skill, uncertainty=0.7, attempts=who.tried[challenge.concept], evidence=(), because="tried",
        )  # fmt: skip


def tried_out(who: Learner, challenge: Challenge, goal: str, at: datetime) -> Iterator[tuple[datetime, Data]]:
    """A goal with a hint and runs, one of them right, and nothing submitted."""
    yield at, GoalAssigned(
        goal=goal, kind="daily", challenge=challenge.slug, challenge_version=1, course="python-foundations",
        concepts=(challenge.concept,), difficulty=challenge.stated, day=at.date(), minutes=10, because="next",
    )  # fmt: skip
    yield at + timedelta(seconds=1), HintGiven(goal=goal, rung=1, text="look again", left=5)
    for number, right in ((1, False), (2, True)):
        for passed, body in _run(who, challenge, goal, timedelta(seconds=20 * number), number, right=right):
            yield at + passed, body


def taught(
    conn: Connection, *, learners: int = 24, weeks: int = 6, seed: int = 1, tenant: str = "public"
) -> list[Challenge]:
    """Appends the lives of a class in two cohorts, in order of time; gives its challenges."""
    dice = random.Random(seed)
    bank = challenges(dice)
    facts: list[tuple[datetime, str, Data]] = []
    for number in range(learners):
        began = BEGAN + timedelta(weeks=3 * (number % 2))
        who = Learner(f"learner-{number:02d}", dice.gauss(0, 0.8), began)
        before = began - timedelta(weeks=1)
        facts.append((before, who.name, registered()))
        facts += [(at, who.name, body) for at, body in tried_out(who, bank[0], f"{who.name}-before", before)]
        facts += [(at, who.name, body) for at, body in life(who, bank, weeks, dice)]
    onlooker = Learner("onlooker", 0.0, BEGAN)
    facts += [(at, "onlooker", body) for at, body in tried_out(onlooker, bank[0], "onlooker-1", BEGAN)]
    facts.sort(key=lambda fact: fact[:2])
    for begin in range(0, len(facts), 500):
        new = [
            new_event(
                body, id=derived_id("cohort", who, str(begin + place)), source="/test", subject=who, time=at,
                correlation=derived_id("cohort", who), tenant=tenant,
            )
            for place, (at, who, body) in enumerate(facts[begin : begin + 500])
        ]  # fmt: skip
        with conn.transaction():
            STORE.append_one(conn, new)
    return bank
