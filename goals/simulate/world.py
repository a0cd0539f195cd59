"""A course nobody wrote: concepts that rest on one another, challenges of many difficulties. Seeded, without texts."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime

from shared.curriculum import Challenge, Concept, Course, Curriculum, Module, Variant

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
"""Day 0: a Monday, in the zone of every simulated learner."""
COURSE = "simulated"
CONCEPTS, CHALLENGES, VARIANTS = 30, 6, 4
EASIEST, HARDEST = 0.2, 0.8
REACH_BACK = 8
"""A concept rests on concepts at most so far before it."""
MINUTES = (6, 12)
"""Of the easiest and of the hardest challenge."""


@dataclass(frozen=True, slots=True)
class World:
    """`true`: each challenge's hidden difficulty, which its stated one only comes near."""

    curriculum: Curriculum
    true: dict[str, float]

    @property
    def concepts(self) -> tuple[str, ...]:
        return self.curriculum.order

    def below(self, concept: str) -> tuple[str, ...]:
        return self.curriculum.concepts[concept].prerequisites


def make(seed: int, *, concepts: int = CONCEPTS, challenges: int = CHALLENGES, noise: float = 0.08) -> World:
    """`challenges`: of each concept, each with VARIANTS. `noise`: standard deviation of true from stated difficulty."""
    chance = random.Random(f"world {seed}")  # noqa: S311 - a simulation
    names = [f"concept-{n:02}" for n in range(1, concepts + 1)]
    known: dict[str, Concept] = {}
    for n, name in enumerate(names):
        near = names[max(0, n - REACH_BACK) : n]
        below = tuple(sorted(chance.sample(near, min(len(near), chance.choice((1, 1, 2, 2, 3)))))) if n else ()
        words = {"en": name, "es": name}
        known[name] = Concept(name, COURSE, words, words, below, words, (), ())
    bank: dict[str, Challenge] = {}
    true: dict[str, float] = {}
    for name in names:
        for k in range(challenges):
            place = k / max(1, challenges - 1)
            stated = round(EASIEST + (HARDEST - EASIEST) * place, 2)
            slug = f"{name}-{k + 1}"
            minutes = round(MINUTES[0] + (MINUTES[1] - MINUTES[0]) * place)
            bank[slug] = _challenge(slug, known[name], stated, minutes, chance)
            true[slug] = min(0.95, max(0.05, stated + chance.gauss(0, noise)))
    module = Module("all", {"en": "All", "es": "Todo"}, tuple(names))
    course = Course(COURSE, {"en": "Simulated", "es": "Simulado"}, {"en": "", "es": ""}, "python", (module,), ())
    return World(Curriculum({COURSE: course}, known, bank, tuple(names), f"simulated-{seed}"), true)


def _challenge(slug: str, concept: Concept, stated: float, minutes: int, chance: random.Random) -> Challenge:
    """Of one concept; every other one also trains something below it."""
    also = (chance.choice(concept.prerequisites),) if concept.prerequisites and chance.random() < 0.5 else ()
    words = {"en": slug, "es": slug}
    return Challenge(
        slug=slug,
        version=1,
        course=COURSE,
        concepts=(concept.slug, *also),
        kinds=("placement", "daily", "course", "skill", "review"),
        difficulty=stated,
        minutes=minutes,
        title=words,
        statement=words,
        entry="solve",
        starter="",
        reference="",
        subtasks=(),
        cases=(),
        hints={"en": (), "es": ()},
        variants=tuple(Variant(f"v{n}", {}, {}) for n in range(1, VARIANTS + 1)),
    )
