"""Many simulated learners under each way of ordering their work, side by side, on every core."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from statistics import mean, median, stdev

from goals.simulate.kept import Kept, Key
from goals.simulate.minds import MECHANISMS, Traits
from goals.simulate.orders import Ordered
from goals.simulate.taught import Taught
from goals.simulate.world import make

ARMS = ("planner", "no reviews", "fixed", "lenient", "gated", "random", "oracle")
ALL = "all"
"""In place of a mechanism: every learner."""
MASTERED = 0.8
"""Share of the course's concepts truly held at once at which the course counts as mastered."""
MINUTES, DAYS, AFTER = 45, 150, 30
"""Minutes a day; days after which a learner who is not there is counted with what they tried so far; days of rest."""


@dataclass(frozen=True, slots=True)
class Course:
    """What one learner needed. `retained`: share of the concepts held AFTER days after the course was mastered, with
    nothing but due reviews in between under the planner and nothing at all elsewhere; None if it never was.
    `days`: until then, or until nobody waits any longer."""

    attempts: int
    reached: bool
    retained: float | None
    days: int = DAYS


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one arm under one mechanism. `attempts`: mean, those who never got there with what they tried; `middle`: their
    median; `days`: mean; `error`: standard error of `attempts`; `each`: every learner's, in their order."""

    mechanism: str
    arm: str
    learners: int
    attempts: float
    reached: float
    retained: float
    middle: float
    days: float
    error: float
    each: tuple[int, ...] = ()


def run(mechanism: str, arm: str, seed: int, number: int) -> Course:
    """One learner. The same mind (by seed and number) stands in front of each arm."""
    world = make(seed)
    below = {c: world.below(c) for c in world.concepts}
    name = f"{seed}-{number}"
    mind = MECHANISMS[mechanism](below, Traits(), name)
    planned = arm in ("planner", "no reviews")
    learner: Taught | Ordered = (
        Taught(world, mind, name, MINUTES, reviews=arm == "planner")
        if planned
        else Ordered(world, mind, name, MINUTES, arm)
    )

    def held(day: float) -> float:
        return sum(mind.holds(c, day) for c in world.concepts) / len(world.concepts)

    attempts = 0
    for day in range(DAYS):
        for attempt in learner.day(day):
            attempts += 1
            if held(attempt.day) >= MASTERED:
                if isinstance(learner, Taught) and arm == "planner":
                    learner.only_reviews = True
                    for later in range(day + 1, day + AFTER):
                        for _ in learner.day(later):
                            pass
                return Course(attempts, True, held(attempt.day + AFTER), day + 1)
    return Course(attempts, False, None)


def study(
    learners: int, seed: int, workers: int, done: Callable[[int], None], kept: Kept | None = None
) -> list[Figures]:
    """Learners are dealt to the mechanisms in turn, and each stands in front of every arm; last, ALL of them together.
    `done` hears of each learner's end in an arm. `kept`: those that ended before. Independent of `workers`."""
    names, kept = tuple(MECHANISMS), kept or Kept(None)
    keys = [(seed, names[n % len(names)], arm, n) for n in range(learners) for arm in ARMS]
    courses = {key: course for key in keys if (course := kept.get(key)) is not None}
    if courses:
        done(len(courses))
    left = [key for key in keys if key not in courses]
    with ProcessPoolExecutor(workers) as pool:
        for key, course in zip(left, pool.map(_run, left), strict=True):
            courses[key] = course
            kept.add(key, course)
            done(1)
    every = [*names[:learners], ALL]
    return [
        figures(mechanism, arm, [courses[key] for key in keys if key[2] == arm and mechanism in (key[1], ALL)])
        for mechanism in every
        for arm in ARMS
    ]


def _run(key: Key) -> Course:
    seed, mechanism, arm, number = key
    return run(mechanism, arm, seed, number)


def figures(mechanism: str, arm: str, courses: Sequence[Course]) -> Figures:
    kept = [c.retained for c in courses if c.retained is not None]
    return Figures(
        mechanism,
        arm,
        len(courses),
        mean(c.attempts for c in courses),
        mean(c.reached for c in courses),
        mean(kept) if kept else 0.0,
        median(c.attempts for c in courses),
        mean(c.days for c in courses),
        stdev(c.attempts for c in courses) / math.sqrt(len(courses)) if len(courses) > 1 else 0.0,
        tuple(c.attempts for c in courses),
    )


def fewer(found: Sequence[Figures], mechanism: str, arm: str) -> float:
    """How many attempts fewer the planner needs than another arm, as a share of that one's. Negative: more."""
    by = {f.arm: f.attempts for f in found if f.mechanism == mechanism}
    return 1 - by["planner"] / by[arm]


def interval(found: Sequence[Figures], mechanism: str, arm: str, samples: int = 1000) -> tuple[float, float]:
    """Of `fewer`, 95 %: learners drawn again with what they needed under both, the same draws each time (B. Efron,
    "Bootstrap methods", Annals of Statistics 7, 1979)."""
    by = {f.arm: f.each for f in found if f.mechanism == mechanism}
    pairs = list(zip(by["planner"], by[arm], strict=True))
    chance = random.Random("interval")  # noqa: S311 - a simulation
    drawn = (chance.choices(pairs, k=len(pairs)) for _ in range(samples))
    savings = sorted(1 - sum(p for p, _ in draw) / sum(o for _, o in draw) for draw in drawn)
    return savings[samples // 40], savings[samples - 1 - samples // 40]
