"""Which concept a wish in a learner's own words is about. Words only: a wish nobody can place stays a wish."""

from __future__ import annotations

import re

from shared.curriculum import Concept, Curriculum

_WORD = re.compile(r"[\w+#]+")
_SMALL = frozenset(("a", "al", "an", "and", "con", "de", "del", "el", "en", "for", "i", "la", "lo", "me", "más", "more",
                    "of", "on", "para", "por", "the", "to", "un", "una", "y"))  # fmt: skip


def recognise(words: str, curriculum: Curriculum) -> str | None:
    """The concept with most of its names and keywords in `words`; the one learnt first where several are equal."""
    said = _words(words)
    scores = {slug: len(said & _names(curriculum.concepts[slug])) for slug in curriculum.order}
    best = max(scores.values(), default=0)
    return next((slug for slug, score in scores.items() if score == best), None) if best else None


def _names(concept: Concept) -> set[str]:
    return _words(" ".join([concept.slug.replace("-", " "), *concept.title.values(), *concept.keywords]))


def _words(text: str) -> set[str]:
    """Lower case, without the plural's s, so that "lists" and "list" are one word."""
    found = {word.removesuffix("s") for word in _WORD.findall(text.casefold())}
    return found - _SMALL
