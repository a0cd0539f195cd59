"""Generated logs of attempts, to develop on: four shapes of log, five mechanisms of answering.

A *shape* says what is tried, how often and when; a *mechanism* says how an answer comes about. None of the mechanisms
is the model's own: what helps on all of them is not an accident of one.

| shape | imitates | what is peculiar |
|---|---|---|
| `exercises` | programming exercises | few rows, one item tried again and again until it is solved |
| `blocks` | a skill builder | no clock, skills in blocks until three successes in a row, some rows twice |
| `steps` | a university course | all go through the same long list of steps, each once; items differ widely |
| `problems` | an algebra tutor | steps nearly unique, known by their combination of concepts, patterns repeat |

| mechanism | source |
|---|---|
| `rasch` | ability per learner and concept, practice adds log(1 + n), items discriminate (Birnbaum 1968) |
| `tracing` | hidden knowledge per concept, learnt by chance, slips and guesses (Corbett & Anderson 1995) |
| `forgetting` | practice decays as a power of time (Pavlik & Anderson 2005) |
| `momentum` | ability wanders and comes back: good and bad days, fatigue within a sitting |
| `kinds` | learners are strong in one of several hidden kinds of task, successes and failures teach differently |
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shared.learner.model.rows import Row

Concepts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """What is tried. `kind`: a hidden one of `KINDS`; `sharp`: how steeply ability tells on it."""

    name: str
    concepts: Concepts
    hard: float
    kind: int
    sharp: float


@dataclass(frozen=True, slots=True)
class Shape:
    """`easy`: mean log-odds; `spread`: of items; `unlike`: of learners, in log-odds."""

    learners: int
    tries: float
    items: int
    concepts: int
    easy: float
    spread: float
    unlike: float
    clock: bool


SHAPES = {
    "exercises": Shape(60, 46, 36, 14, 0.2, 0.8, 1.0, clock=True),
    "blocks": Shape(420, 138, 2600, 90, 0.3, 1.0, 0.9, clock=False),
    "steps": Shape(150, 220, 700, 60, 1.2, 1.4, 0.8, clock=True),
    "problems": Shape(100, 210, 5000, 70, 1.0, 0.8, 0.7, clock=True),
}
MECHANISMS = ("rasch", "tracing", "forgetting", "momentum", "kinds")
KINDS = 4
DAY = 86_400.0


class World:
    """Concepts, items and the mechanism of one log; `scale` makes it smaller or larger by its learners."""

    def __init__(self, shape: str, mechanism: str, seed: int, scale: float = 1.0) -> None:
        if shape not in SHAPES or mechanism not in MECHANISMS:
            raise ValueError(
                f"no log of shape {shape!r} by {mechanism!r}: {', '.join(SHAPES)}; {', '.join(MECHANISMS)}"
            )
        self.shape, self.mechanism, self.name = SHAPES[shape], mechanism, shape
        self.chance = chance = random.Random(f"{shape}/{mechanism}/{seed}")  # noqa: S311 - seeded, no secret
        self.learners = max(4, round(self.shape.learners * scale))
        names = [f"k{i}" for i in range(self.shape.concepts)]
        self.hard = {c: chance.gauss(0, 0.7) for c in names}
        self.gain = {c: max(0.0, chance.gauss(0.35, 0.25)) for c in names}
        self.kind = {c: chance.randrange(KINDS) for c in names}
        self.start = {c: chance.uniform(0.15, 0.75) for c in names}
        self.transit = {c: chance.uniform(0.03, 0.3) for c in names}
        self.tasks = self._tasks(names)
        alike: dict[Concepts, list[Task]] = {}
        for task in self.tasks:
            alike.setdefault(task.concepts, []).append(task)
        self.blocks = list(alike.values())

    def _tasks(self, names: list[str]) -> list[Task]:
        chance, shape, tasks = self.chance, self.shape, []
        combined = [self._combination(names) for _ in range(max(4, shape.concepts * 2))]
        for i in range(shape.items):
            concepts = combined[i * len(combined) // shape.items] if self.name == "steps" else chance.choice(combined)
            if self.name == "blocks" and chance.random() < 0.02:
                concepts = ()
            hard = chance.gauss(0, shape.spread) + sum(self.hard[c] for c in concepts) / max(1, len(concepts))
            kind = self.kind[concepts[0]] if concepts and chance.random() < 0.7 else chance.randrange(KINDS)
            tasks.append(Task(f"x{i}", concepts, hard, kind, math.exp(chance.gauss(0, 0.3))))
        return tasks

    def _combination(self, names: list[str]) -> Concepts:
        many = self.chance.choices((1, 2, 3), (6, 3, 1))[0]
        return tuple(self.chance.sample(names, many))

    def rows(self) -> Iterator[Row]:
        """Learner after learner, each in the order of their attempts."""
        for number in range(self.learners):
            yield from Learner(self, f"l{number}").rows()


class Learner:
    """One learner's hidden state, and the attempts that come of it."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.name, self.chance = world, name, world.chance
        chance, shape = self.chance, world.shape
        self.able = chance.gauss(0, shape.unlike)
        self.quick = math.exp(chance.gauss(0, 0.4))
        self.slip, self.guess = chance.uniform(0.02, 0.12), chance.uniform(0.05, 0.25)
        self.apart: dict[str, float] = {}
        self.knows: dict[str, bool] = {}
        self.wins: dict[str, float] = {}
        self.fails: dict[str, float] = {}
        self.seen: dict[str, list[float]] = {}
        self.solved: dict[str, int] = {}
        self.kinds = [chance.gauss(0, 0.9) for _ in range(KINDS)]
        self.drift = 0.0
        self.now = 1.0e9 + chance.uniform(0, 60) * DAY
        self.sitting = 0
        self.answer: Callable[[Task], float] = getattr(self, f"_{world.mechanism}")

    def rows(self) -> Iterator[Row]:
        wanted = max(3, round(math.exp(self.chance.gauss(math.log(self.world.shape.tries) - 0.25, 0.7))))
        made = 0
        for task in self._path():
            if made >= wanted:
                return
            self._wait(task)
            correct = self.chance.random() < self.answer(task)
            self._learn(task, correct)
            row = Row(self.name, task.name, task.concepts, self.now if self.world.shape.clock else None, correct)
            yield row
            made += 1
            if self.world.name == "blocks" and self.chance.random() < 0.04:
                yield row
                made += 1

    def _path(self) -> Iterator[Task]:
        paths = {"steps": self._steps, "exercises": self._exercises, "blocks": self._blocks, "problems": self._problems}
        return paths[self.world.name]()

    def _steps(self) -> Iterator[Task]:
        """Everybody's list, with a few left out."""
        return (task for task in self.world.tasks if self.chance.random() < 0.85)

    def _exercises(self) -> Iterator[Task]:
        """One after the other, each again and again until it is solved or given up."""
        for task in self.world.tasks * 3:
            for _ in range(14):
                yield task
                if self.solved.get(task.name, 0) or self.chance.random() < 0.12:
                    break

    def _blocks(self) -> Iterator[Task]:
        """A combination of concepts until three successes in a row, then another."""
        chance, blocks = self.chance, self.world.blocks
        while True:
            block, row = chance.choice(blocks), 0
            for _ in range(25):
                task = chance.choice(block)
                before = self.solved.get(task.name, 0)
                yield task
                row = row + 1 if self.solved.get(task.name, 0) > before else 0
                if row == 3 or chance.random() < 0.05:
                    break

    def _problems(self) -> Iterator[Task]:
        """A unit's patterns of steps over and over, then another unit's."""
        chance = self.chance
        patterns = self._patterns()
        while True:
            if chance.random() < 0.15:
                patterns = self._patterns()
            for block in chance.choice(patterns):
                yield chance.choice(block)

    def _patterns(self) -> list[list[list[Task]]]:
        chance, blocks = self.chance, self.world.blocks
        return [[chance.choice(blocks) for _ in range(chance.randint(3, 7))] for _ in range(3)]

    def _wait(self, task: Task) -> None:
        self.now += math.exp(self.chance.gauss(3.4, 0.8)) * self.quick * (1 + 0.3 * max(0.0, task.hard))
        self.sitting += 1
        if self.chance.random() < 0.03:
            self.now += DAY * math.exp(self.chance.gauss(0.5, 1.1))
            self.sitting = 0
            self.drift *= 0.3

    def _base(self, task: Task) -> float:
        own = 0.0
        for concept in task.concepts:
            if concept not in self.apart:
                self.apart[concept] = self.chance.gauss(0, 0.7)
            own += self.apart[concept]
        again = 0.8 * math.log1p(len(self.seen.get(task.name, ())))
        return self.world.shape.easy + self.able + own / max(1, len(task.concepts)) - task.hard + again

    def _practice(self, task: Task, key: Callable[[str], float]) -> float:
        return sum(self.world.gain[c] * key(c) for c in task.concepts) / max(1, len(task.concepts))

    def _rasch(self, task: Task) -> float:
        return _sigmoid(task.sharp * (self._base(task) + self._practice(task, lambda c: math.log1p(self._count(c)))))

    def _tracing(self, task: Task) -> float:
        known = 1.0
        for concept in task.concepts:
            if concept not in self.knows:
                p = _sigmoid(math.log(self.world.start[concept] / (1 - self.world.start[concept])) + self.able)
                self.knows[concept] = self.chance.random() < p
            known *= 1.0 if self.knows[concept] else 0.3
        slip = min(0.6, self.slip * math.exp(0.6 * task.hard))
        guess = min(0.7, self.guess * math.exp(-0.5 * task.hard) + 0.1 * len(self.seen.get(task.name, ())))
        return known * (1 - slip) + (1 - known) * guess

    def _forgetting(self, task: Task) -> float:
        def trace(concept: str) -> float:
            return math.log1p(sum((1 + (self.now - t) / 3600) ** -0.35 for t in self.seen.get(concept, ())[-30:]) * 1.5)

        return 0.05 + 0.92 * _sigmoid(self._base(task) - 0.4 + 1.4 * self._practice(task, trace))

    def _momentum(self, task: Task) -> float:
        self.drift = 0.93 * self.drift + self.chance.gauss(0, 0.35)
        tired = 0.006 * self.sitting
        return _sigmoid(self._base(task) + self.drift - tired + 0.5 * self._practice(task, self._count_log))

    def _kinds(self, task: Task) -> float:
        def taught(c: str) -> float:
            return math.log1p(self.wins.get(c, 0.0)) - 0.3 * math.log1p(self.fails.get(c, 0.0))

        return _sigmoid(task.sharp * (self._base(task) + self.kinds[task.kind]) + 1.2 * self._practice(task, taught))

    def _count(self, concept: str) -> float:
        return self.wins.get(concept, 0.0) + self.fails.get(concept, 0.0)

    def _count_log(self, concept: str) -> float:
        return math.log1p(self._count(concept))

    def _learn(self, task: Task, correct: bool) -> None:
        self.seen.setdefault(task.name, []).append(self.now)
        if correct:
            self.solved[task.name] = self.solved.get(task.name, 0) + 1
        for concept in task.concepts:
            self.seen.setdefault(concept, []).append(self.now)
            tally = self.wins if correct else self.fails
            tally[concept] = tally.get(concept, 0.0) + 1
            if not self.knows.get(concept, True) and self.chance.random() < self.world.transit[concept]:
                self.knows[concept] = True


def generated(shape: str, mechanism: str, seed: int, scale: float = 1.0) -> list[Row]:
    """A log, learner after learner; the same arguments give the same log."""
    return list(World(shape, mechanism, seed, scale).rows())


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0
