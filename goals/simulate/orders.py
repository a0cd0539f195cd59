"""The plainer orders that the planner is held against. Each goes on, round after round, until it is told to stop.

    fixed      a course without adaptivity: every challenge of every concept in the course's order, easiest first, each
               solved before the next one; then again, in other variants
    lenient    the same, but a challenge is left after SUBMISSIONS
    gated      the course's order, but on to the next concept once three challenges in a row passed at the first try
    random     any challenge of the course, each as likely as another
    oracle     no order but a bound: sees the hidden state, and tries the easiest challenge of the first concept that is
               not held while all it rests on is

A day has the same minutes as with the planner, and in `lenient`, `gated` and `random` a challenge is left after
SUBMISSIONS, as a goal is there for a day.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping

from goals.simulate.minds import MINUTE, Mind
from goals.simulate.taught import RETRY, SUBMISSIONS, Attempt
from goals.simulate.world import World
from shared.curriculum import Challenge

IN_A_ROW = 3
Choice = Iterator[Challenge]


class Ordered:
    """One learner in front of one of the orders."""

    def __init__(self, world: World, mind: Mind, name: str, minutes: int, order: str) -> None:
        self.world, self.mind, self.minutes = world, mind, minutes
        self.most = MOST.get(order, SUBMISSIONS)
        self.now = 0.0
        self.won: dict[str, int] = {}
        chance = random.Random(f"order {name}")  # noqa: S311 - a simulation
        self.choice = ORDERS[order](self, chance)
        self.passed = False
        self.working = self._work()

    def day(self, number: int) -> Iterator[Attempt]:
        """One day's submissions. What was begun goes on the next day."""
        spent = 0.0
        while spent < self.minutes:
            challenge, minutes = next(self.working)
            spent += minutes
            at = number + spent * MINUTE
            passed = self.mind.attempt(challenge.concept, self.world.true[challenge.slug], at)
            self.passed, self.now = passed, at
            yield Attempt(at, challenge.concept, passed, "course")

    def _work(self) -> Iterator[tuple[Challenge, float]]:
        for challenge in self.choice:
            for turn in range(self.most):
                yield challenge, challenge.minutes * (RETRY if turn else 1.0)
                if self.passed:
                    self.won[challenge.concept] = self.won.get(challenge.concept, 0) + 1 if turn == 0 else 0
                    break
                self.won[challenge.concept] = 0


def fixed(learner: Ordered, _: random.Random) -> Choice:
    bank = learner.world.curriculum
    while True:
        for concept in bank.order:
            yield from _own(learner.world, concept)


def gated(learner: Ordered, _: random.Random) -> Choice:
    while True:
        for concept in learner.world.concepts:
            learner.won[concept] = 0
            for challenge in 2 * _own(learner.world, concept):
                yield challenge
                if learner.won[concept] >= IN_A_ROW:
                    break


def at_random(learner: Ordered, chance: random.Random) -> Choice:
    bank = list(learner.world.curriculum.challenges.values())
    while True:
        yield chance.choice(bank)


def oracle(learner: Ordered, _: random.Random) -> Choice:
    held, world = learner.mind.holds, learner.world
    while True:
        now = learner.now
        lost = [c for c in world.concepts if not held(c, now)] or list(world.concepts)
        ready = (c for c in lost if all(held(b, now) for b in world.below(c)))
        yield _own(world, next(ready, lost[0]))[0]


ORDERS: Mapping[str, Callable[[Ordered, random.Random], Choice]] = {
    "fixed": fixed,
    "lenient": fixed,
    "gated": gated,
    "random": at_random,
    "oracle": oracle,
}
MOST = {"fixed": 1_000, "oracle": 1}
"""Submissions of one challenge before it is left, where it is not SUBMISSIONS."""


def _own(world: World, concept: str) -> list[Challenge]:
    """A concept's own challenges, easiest first."""
    return [c for c in world.curriculum.challenges_of(concept) if c.concept == concept]
