"""The whole curriculum and the questions asked of it: what comes before what, what trains what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.curriculum.model import Challenge, Concept, Course
from shared.errors import NotFound


@dataclass(frozen=True, slots=True)
class Curriculum:
    """`order`: every concept, prerequisites first (topological, stable). `version`: short SHA-256 of all files."""

    courses: Mapping[str, Course]
    concepts: Mapping[str, Concept]
    challenges: Mapping[str, Challenge]
    order: tuple[str, ...]
    version: str
    _trains: dict[str, tuple[Challenge, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _below: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def challenges_of(self, concept: str) -> tuple[Challenge, ...]:
        """Challenges that train `concept`: those whose primary concept it is first, each part easiest first."""
        self._known(concept)
        found = self._trains.get(concept)
        if found is None:
            training = (c for c in self.challenges.values() if concept in c.concepts)
            found = tuple(sorted(training, key=lambda c: (c.concept != concept, c.difficulty, c.slug)))
            self._trains[concept] = found
        return found

    def prerequisites(self, concept: str) -> tuple[str, ...]:
        """All that must be learnt before `concept`, in any course, in learning order; without `concept` itself."""
        if concept in self._below:
            return self._below[concept]
        needed: set[str] = set()
        waiting = list(self._known(concept).prerequisites)
        while waiting:
            slug = waiting.pop()
            if slug not in needed:
                needed.add(slug)
                waiting.extend(self.concepts[slug].prerequisites)
        found = self._below[concept] = tuple(slug for slug in self.order if slug in needed)
        return found

    def learning_order(self, course: str) -> tuple[str, ...]:
        """The course's own concepts, each after its prerequisites, otherwise as its modules list them."""
        if course not in self.courses:
            raise NotFound(f"there is no course {course!r}; there are {', '.join(self.courses)}")
        return tuple(slug for slug in self.order if self.concepts[slug].course == course)

    def _known(self, concept: str) -> Concept:
        if concept not in self.concepts:
            raise NotFound(f"there is no concept {concept!r}; there are {', '.join(self.concepts)}")
        return self.concepts[concept]
