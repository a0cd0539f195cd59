"""What would be good for this learner now, each with its reason in figures and its weight.

Weights stand in one table (`shared/planning/weights.toml`): they order what presses and what may make room.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from functions.planner.asked import for_mood, swapped, unstick, wishes
from functions.planner.coming import course_next, daily, projects, skills, stretch, waiting
from functions.planner.context import Context
from functions.planner.lines import Wanted
from functions.planner.standing import Standing, covers
from functions.planner.wanting import want
from shared.clock import local_day, midnight
from shared.planning import weigh

LATE = timedelta(days=7)
"""Overdue for so long, a review is asked for although the concept seems to be at hand: the estimate may be wrong."""


def wanted(context: Context, standing: Standing, served: Collection[str], *, only_asked: bool) -> list[Wanted]:
    """In the order in which they should be tried. `served`: courses that have a goal in the day already. `only_asked`:
    the learner rests today, but for what they ask."""
    asked = [*wishes(context, standing), *swapped(context, standing), *unstick(context, standing)]
    if only_asked or context.effect() == "pause":
        return asked
    return [
        *asked,
        *for_mood(context, standing),
        *reviews(context, standing),
        *projects(context, standing),
        *waiting(context, standing, served),
        *course_next(context, standing),
        *stretch(context, standing),
        *skills(context, standing),
        *daily(context, standing),
    ]


def placement(context: Context, standing: Standing) -> Iterator[Wanted]:
    """Concepts around the stated level, the nearest first."""
    where = {"beginner": 0.15, "intermediate": 0.5, "advanced": 0.85}
    reach = standing.reach or tuple(
        c for c in context.curriculum.order if covers(context, context.curriculum.concepts[c].course)
    )
    centre = where.get(context.who().level or "", 0.0) * (len(reach) - 1)
    for concept in sorted(reach, key=lambda c: (abs(reach.index(c) - centre), reach.index(c))):
        yield want(context, standing, "placement", concept, weigh("placement"), "placement")


def reviews(context: Context, standing: Standing) -> Iterator[Wanted]:
    """What was solved on an earlier day and is likely not to be at hand any more, prerequisites first, whether its date
    has come or not. Then what is due by the end of the day where the learner lives, longest overdue first: but what
    the estimate has at hand, since it was practised in the meantime, itself or with what rests on it, waits until it
    has not, or is LATE."""
    zone = context.who().timezone
    end = midnight(standing.day + timedelta(days=1), zone)
    cards = {r.concept: r for r in context.reviews if r.concept in standing.reach}
    due = {c: local_day(card.due, zone) for c, card in cards.items()}
    order = {c: n for n, c in enumerate(standing.reach)}

    def turn(concept: str) -> tuple[bool, int, date, str]:
        short = standing.short(concept)
        return not short, order[concept] if short else 0, due[concept], concept

    for concept in sorted(cards, key=turn):
        called = cards[concept].due < end
        waits = concept in standing.traced and not standing.short(concept) and standing.day - due[concept] < LATE
        if (called and not waits) or _fading(standing, concept):
            weight = weigh("review", overdue=(standing.day - due[concept]).days / 7)
            why = "review_due" if called else "review_early"
            last = standing.practised.get(concept, due[concept])
            yield want(context, standing, "review", concept, weight, why, due=due[concept], last=last)


def _fading(standing: Standing, concept: str) -> bool:
    """Practised before today, and short: once more is a review, not an early repeat."""
    last = standing.practised.get(concept)
    return standing.short(concept) and last is not None and last < standing.day
