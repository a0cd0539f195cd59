"""The challenge behind a goal, wherever it is kept: in the courses, or among those written for one learner."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from shared.curriculum import Challenge, Curriculum, load, text
from shared.curriculum.checks import WRITTEN
from shared.curriculum.document import parse
from shared.errors import InvalidInput, NotFound
from shared.readmodel.rows import Goal
from shared.readmodel.view import View

KEPT = 256
NOBODY = "curriculum"
"""Subject of events about challenges that everybody is given."""


def as_measured(view: View, curriculum: Curriculum) -> Curriculum:
    """The curriculum with the difficulty that its challenges turned out to have, where that was measured in their
    present version. The same object as long as no figure moves."""
    global _standing
    figures = tuple(
        (m.challenge, m.difficulty)
        for m in sorted(view.measured().values(), key=lambda m: m.challenge)
        if (found := curriculum.challenges.get(m.challenge)) is not None and found.version == m.version
    )
    if not figures:
        return curriculum
    if _standing is None or _standing[0] is not curriculum or _standing[1] != figures:
        moved = {slug: replace(curriculum.challenges[slug], difficulty=difficulty) for slug, difficulty in figures}
        _standing = curriculum, figures, replace(curriculum, challenges={**curriculum.challenges, **moved})
    return _standing[2]


_standing: tuple[Curriculum, tuple[tuple[str, float], ...], Curriculum] | None = None


def challenge_of(view: View, curriculum: Curriculum, goal: Goal | None) -> Challenge | None:
    """With its variant filled in. None without a goal, where the courses no longer have it, and where the learner's
    texts were erased."""
    if goal is None:
        return None
    if (found := curriculum.challenges.get(goal.challenge)) is not None:
        try:
            return found.instantiate(goal.variant)
        except NotFound:
            return None
    return written_for(view, curriculum, goal.learner, goal.challenge)


def title_of(view: View, curriculum: Curriculum, learner: str, challenge: str, language: str) -> str:
    """As the learner reads it; the challenge's name where it is gone."""
    found = curriculum.challenges.get(challenge) or written_for(view, curriculum, learner, challenge)
    return text(found.title, language) if found else challenge


def written_for(view: View, curriculum: Curriculum, learner: str, challenge: str) -> Challenge | None:
    """One that was written for this learner, proven or not; None where there is none of them."""
    document = view.written(learner, challenge) if challenge.startswith(WRITTEN) else ""
    return _parsed(document, challenge, curriculum.version) if document else None


@lru_cache(maxsize=KEPT)
def _parsed(document: str, slug: str, version: str) -> Challenge | None:  # noqa: ARG001  of the curriculum
    try:
        return parse(document, slug=slug, curriculum=load())
    except InvalidInput:  # its concept has left the courses since
        return None
