"""What is near to the learner: what their workspace holds (with their consent), what they want, what they do.

Near things come sooner and say why; nothing is left out because it is far.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from functions.planner.context import Context
from functions.planner.recognising import words_of
from functions.planner.texts import WHY, say
from shared.curriculum import Concept, Course


def near(context: Context, concept: str) -> str:
    """Why a concept is near, in the learner's language; empty where it is not."""
    if not context.names and not context.wants:
        return ""
    found = context.curriculum.concepts.get(concept)
    course = context.curriculum.courses.get(found.course) if found else None
    if found is None or course is None:
        return ""
    language = context.who().language
    if held := sorted(context.names & {course.language, *_keywords(found)}):
        return say(WHY["near_workspace"], language, what=", ".join(held[:3]))
    if wanted := sorted(context.wants & _about(course)):
        return say(WHY["near_target"], language, what=", ".join(wanted[:3]))
    return ""


def nearness(context: Context, concepts: Iterable[str]) -> float:
    """Share of the concepts that are near, in [0, 1]."""
    every = list(concepts)
    return sum(bool(near(context, concept)) for concept in every) / len(every) if every else 0.0


def _keywords(concept: Concept) -> frozenset[str]:
    return frozenset(word.casefold() for word in concept.keywords)


@lru_cache(maxsize=256)
def _words(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words_of(" ".join(texts)))


def _about(course: Course) -> frozenset[str]:
    """The words of a course's name and language. Those of its concepts are too common to speak of a target."""
    return _words((course.language, *course.title.values()))
