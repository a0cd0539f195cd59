"""Which concept a wish in a learner's own words is about. Words only: a wish nobody can place stays a wish."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from shared.curriculum import Concept, Curriculum

_WORD = re.compile(r"[\w+#]+")
_SMALL = frozenset(("a", "al", "an", "and", "con", "de", "del", "el", "en", "for", "i", "la", "lo", "me", "más", "more",
                    "of", "on", "para", "por", "the", "to", "un", "una", "y"))  # fmt: skip


def recognise(words: str, curriculum: Curriculum, courses: Collection[str]) -> str | None:
    """The concept with most of its names and keywords in `words`; the one learnt first where several are equal.

    `courses`: those the learner is in. "Loops" are theirs before they are another language's.
    """
    said = words_of(words)
    own = {c for course in courses if course in curriculum.courses for c in curriculum.courses[course].concepts}
    reach = own | {below for concept in own for below in curriculum.prerequisites(concept)}
    return _named(said, curriculum, [c for c in curriculum.order if c in reach]) or _named(
        said, curriculum, curriculum.order
    )


def _named(said: set[str], curriculum: Curriculum, among: Sequence[str]) -> str | None:
    scores = {slug: len(said & _names(curriculum.concepts[slug])) for slug in among}
    best = max(scores.values(), default=0)
    return next((slug for slug, score in scores.items() if score == best), None) if best else None


def _names(concept: Concept) -> set[str]:
    return words_of(" ".join([concept.slug.replace("-", " "), *concept.title.values(), *concept.keywords]))


def words_of(text: str) -> set[str]:
    """Lower case, without the plural's s, so that "lists" and "list" are one word."""
    found = {word.removesuffix("s") for word in _WORD.findall(text.casefold())}
    return found - _SMALL
