"""What is wanted for learning's own sake: the courses' next, a stretch, what is weakest, spaced variety, a project."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import timedelta

from functions.planner.context import Context
from functions.planner.going import going_well
from functions.planner.leaning import near
from functions.planner.lines import Wanted
from functions.planner.standing import GATE, READY, Standing, shown, target
from functions.planner.turns import turns
from functions.planner.wanting import STEP, open_ones, want
from shared.curriculum import text
from shared.ids import derived_id
from shared.planning import weigh

SOLID = 0.8
"""Shown mastery at which a concept can carry a project or a harder goal."""
PROJECT_EVERY = timedelta(days=7)


def projects(context: Context, standing: Standing) -> Iterator[Wanted]:
    """Once a week, when enough stands: a challenge that joins several concepts, each of them solid enough."""
    solid = [c for c in standing.reach if shown(context, c) >= SOLID]
    lately = any(g.kind == "project" and standing.day - g.day < PROJECT_EVERY for g in context.goals)
    if len(solid) < 3 or lately:
        return
    for challenge in sorted(context.curriculum.challenges.values(), key=lambda c: (c.difficulty, c.slug)):
        if "project" in challenge.kinds and all(
            c in standing.ready and shown(context, c) >= READY for c in challenge.concepts
        ):
            yield want(
                context,
                standing,
                "project",
                challenge.concept,
                weigh("project"),
                "project",
                count=len(solid),
                bar=SOLID,
            )


def waiting(context: Context, standing: Standing, served: Collection[str]) -> Iterator[Wanted]:
    """What comes next in the courses whose turn it is. Of each the first that the bank can serve."""
    for course, days in turns(context, standing, served).items():
        for concept in _queue(context, standing, course):
            one = _next(context, standing, course, concept, days)
            yield replace(one, pressing=True, in_turn=True, goal=_turn_goal(context, standing, course))


def _turn_goal(context: Context, standing: Standing, course: str) -> str:
    """One a day and course: the first of its concepts that the bank can serve is the one."""
    return derived_id("goal", context.who().learner, standing.day, "turn", course)


def course_next(context: Context, standing: Standing) -> Iterator[Wanted]:
    """What is not at hand yet and may be begun, course after course in turn."""
    queues = [_queue(context, standing, course) for course in standing.courses]
    for turn in range(max(map(len, queues), default=0)):
        for course, queue in zip(standing.courses, queues, strict=True):
            if turn < len(queue):
                yield _next(context, standing, course, queue[turn])


def _queue(context: Context, standing: Standing, course: str) -> list[str]:
    """In learning order: first what rests on things that are at hand, then what rests on less. What is at hand itself
    and short of the gate only comes after all of it; what placement vouched for, last."""

    def turn(concept: str) -> tuple[bool, bool, bool]:
        return concept in standing.placed, not standing.short(concept), not standing.sound(concept)

    return sorted(open_ones(context, standing, context.curriculum.learning_order(course)), key=turn)


def _next(context: Context, standing: Standing, course: str, concept: str, days: int = 0) -> Wanted:
    """`days` of learning that the course has waited."""
    name = text(context.curriculum.courses[course].title, context.who().language)
    weight = weigh("course", missing=1 - shown(context, concept), waiting=days / 7, near=bool(near(context, concept)))
    why = "course_waited" if days else "course_next" if concept in context.mastery else "course_first"
    return want(context, standing, "course", concept, weight, why, course=name, gate=f"{GATE:.2f}", days=days)


def stretch(context: Context, standing: Standing) -> Iterator[Wanted]:
    """One a day while things go well: harder than usual, on what the learner has met, what is not at hand first. The
    first the bank can serve."""
    count = going_well(context, standing)
    if not count:
        return
    goal = derived_id("goal", context.who().learner, standing.day, "stretch")
    met = [c for c in standing.reach if c in standing.ready and c in context.mastery]
    for concept in sorted(met, key=lambda c: (not standing.short(c), shown(context, c) >= GATE, -shown(context, c), c)):
        one = want(
            context, standing, "skill", concept, weigh("stretch"), "stretch_going", goal=goal, shift=STEP, count=count
        )
        yield replace(one, easiest=target(context, concept))


def skills(context: Context, standing: Standing) -> Iterator[Wanted]:
    """What is least at hand of what the learner has met and what comes next rests on; what they never met, after it."""
    pool = open_ones(context, standing, standing.reach)
    order = {c: n for n, c in enumerate(standing.reach)}

    def met(concept: str) -> bool:
        return concept in context.mastery or concept in standing.placed

    def turn(concept: str) -> tuple[bool, bool, bool, bool, int]:
        short, far = standing.short(concept), not near(context, concept)
        return not short, not standing.sound(concept), not met(concept), far, order[concept]

    for concept in sorted(pool, key=turn):
        mastery = context.mastery.get(concept)
        weight = weigh("skill", missing=1 - shown(context, concept), near=bool(near(context, concept)))
        attempts = mastery.attempts if mastery else 0
        why = "skill_weakest" if attempts else "skill_first"
        yield want(context, standing, "skill", concept, weight, why, attempts=attempts)


def daily(context: Context, standing: Standing) -> Iterator[Wanted]:
    """Spaced variety: of what was practised before today, what is most likely to have been forgotten; then what never
    was, in the learner's own order; what was practised today last: it is fresh."""
    who = context.who().learner

    def turn(concept: str) -> tuple[int, bool, float, str]:
        last = standing.practised.get(concept)
        if last is None:
            return 1, not standing.sound(concept), 0.0, derived_id(who, standing.day, concept)
        return 0 if last < standing.day else 2, not standing.sound(concept), standing.at_hand[concept], concept

    for concept in sorted(standing.ready, key=turn):
        last = standing.practised.get(concept)
        days = (standing.day - last).days if last else 0
        why = "daily_first" if last is None else "daily_variety" if days > 0 else "daily_again"
        yield want(context, standing, "daily", concept, weigh("daily", rested=days / 7), why, last=last)
