"""What became of the learner's wishes: each is answered, and answered anew when that changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from functions.planner.asked import WISHES, wish_goal
from functions.planner.context import Context, Wished
from functions.planner.portfolio import Portfolio
from functions.planner.standing import Standing, covers, title
from functions.planner.texts import WISH, say
from graph.decision import Said
from shared.curriculum import text
from shared.events.catalogue.teaching import WishAnswered

Outcome = Literal["planned", "later", "other_course", "not_covered", "unknown"]

HEARD = ("wish", "daily", "profile", "course", "contract")
"""Triggers of the learner's own thread, where nobody else answers at the same time."""


def answers(context: Context, standing: Standing, portfolio: Portfolio) -> Iterator[Said]:
    """One for each wish of the last days whose outcome is not the one told before."""
    if context.trigger not in HEARD:
        return
    planned = {line.planned.goal: line.planned.because for line in portfolio.lines}
    for wish in context.wishes[-WISHES:]:
        goal = wish_goal(context, wish)
        outcome = "planned" if goal in planned or goal in portfolio.had else _unplanned(context, standing, wish)
        if outcome == wish.outcome:
            continue
        course = _course(context, wish) if outcome in ("other_course", "not_covered") else None
        concept = wish.concept if wish.concept in context.curriculum.concepts else None
        figures = {
            "concept": title(context, concept) if concept else "",
            "course": text(context.curriculum.courses[course].title, context.who().language) if course else "",
            "slug": course or "",
        }
        because = planned.get(goal) or say(WISH[outcome], context.who().language, **figures)
        yield Said(
            WishAnswered(
                wish=wish.event,
                outcome=outcome,
                concept=concept,
                goal=goal if outcome == "planned" else None,
                course=course,
                because=because,
            ),
            causation=wish.event if context.trigger == "wish" else None,
        )


def _unplanned(context: Context, standing: Standing, wish: Wished) -> Outcome:
    if wish.concept is None or wish.concept not in context.curriculum.concepts:
        return "unknown"
    if wish.concept in standing.reach:
        return "later"
    course = _course(context, wish)
    return "other_course" if course and covers(context, course) else "not_covered"


def _course(context: Context, wish: Wished) -> str | None:
    concept = context.curriculum.concepts.get(wish.concept or "")
    return concept.course if concept else None
