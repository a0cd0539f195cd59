"""Which page the learner gets, with the heading that answers what just failed; nothing if they have it already."""

from __future__ import annotations

from shared.spoken import words

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from functions.courses.explaining import Draft, Explainer, Wanted, nobody
from functions.courses.page import SUBTASK
from functions.courses.texts import say
from graph.decision import Decision, Said
from graph.state import PageOrder
from shared.curriculum import Challenge, Concept, Curriculum, text
from shared.events.catalogue.interactions import Language
from shared.events.catalogue.teaching import LessonWritten
from shared.ids import derived_id
from shared.readmodel.rows import Page

_LONGEST = 64  # of an id, in the event catalogue


@dataclass(frozen=True, slots=True)
class Context:
    """`pages`: those given, newest first. `challenge`: of the order's goal, if it has one. `failure`: what the learner
    may know of the case that failed last. `explain`: who may explain it once more."""

    order: PageOrder
    language: str
    curriculum: Curriculum
    pages: Sequence[Page] = ()
    challenge: Challenge | None = None
    level: str = ""
    failure: str = ""
    explain: Explainer = nobody


def decide(context: Context) -> Decision:
    """Update: `written`, the page's id, or nothing."""
    order = context.order
    concept = context.curriculum.concepts.get(order["concept"])
    if concept is None:
        return Decision({"written": []})
    page, goal = page_id(concept, context.curriculum.version), order.get("goal")
    anchor = _anchor(context, concept)
    if any((p.page, p.goal, p.anchor) == (page, goal, anchor) for p in context.pages):
        return Decision({"written": []})
    because = order.get("because") or say("because", context.language, concept=text(concept.title, context.language))
    # Only what failed is explained unasked: a thread waits for it, and for the rest there is `telling.py`, when asked.
    draft = context.explain(_wanted(context, concept)) if context.failure else Draft()
    written = LessonWritten(
        page=page,
        concept=concept.slug,
        course=concept.course,
        language=cast(Language, context.language),
        version=context.curriculum.version,
        goal=goal,
        anchor=anchor,
        because=because,
        words=draft.text,
        replaced=draft.why,
    )
    account = [Said(draft.called)] if draft.called else []
    return Decision({"written": [page]}, [*account, Said(written)])


def _wanted(context: Context, concept: Concept) -> Wanted:
    programming = (context.challenge or context.curriculum.courses[concept.course]).language
    return Wanted(concept, words(context.language), programming, context.level, context.challenge, context.failure)


def page_id(concept: Concept, version: str) -> str:
    """`<course>/<concept>:<version of the curriculum>`, or an id derived from it where that is too long."""
    whole = f"{concept.course}/{concept.slug}:{version}"
    return whole if len(whole) <= _LONGEST else derived_id("page", whole)


def _anchor(context: Context, concept: Concept) -> str | None:
    """The order's, if the page has such a heading."""
    anchor = context.order.get("anchor")
    if anchor is None or anchor in concept.pitfalls:
        return anchor
    subtasks = [SUBTASK + s.id for s in context.challenge.subtasks] if context.challenge else []
    return anchor if anchor in subtasks else None
