"""What would be good for this learner now, each with its reason in figures and its weight.

Weights stand in one table (`shared/planning/weights.toml`): they order what presses and what may make room.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from functions.planner.context import Context, Stuck, Wished
from functions.planner.going import going_well
from functions.planner.leaning import near
from functions.planner.portfolio import Wanted
from functions.planner.standing import GATE, READY, Standing, covers, shown, target, title
from functions.planner.texts import WHY, say
from functions.planner.turns import turns
from shared.clock import local_day, midnight
from shared.curriculum import text
from shared.ids import derived_id
from shared.planning import Weight, weigh
from shared.readmodel.rows import Goal

SOLID = 0.8
"""Shown mastery at which a concept can carry a project or a harder goal."""
PROJECT_EVERY = timedelta(days=7)
LATE = timedelta(days=7)
"""Overdue for so long, a review is asked for although the concept seems to be at hand: the estimate may be wrong."""
WISHES = 2
SHIFT = {"smaller_step": -0.15, "stretch": 0.15}
STEP = 0.2
LEANS = ("course", "skill")
"""Kinds that say why their concept is near. The others have a reason of their own."""


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
        yield _want(context, standing, "placement", concept, weigh("placement"), "placement")


def wishes(context: Context, standing: Standing) -> Iterator[Wanted]:
    """Each wish once; where what it rests on is not ready, that comes first."""
    for wish in context.wishes[-WISHES:]:
        concept = wish.concept
        if concept is None or concept not in standing.reach:
            continue
        goal = wish_goal(context, wish)
        if concept in standing.ready:
            yield _want(context, standing, "wish", concept, weigh("wish"), "wish", goal=goal, pressing=True)
            continue
        below = [c for c in context.curriculum.prerequisites(concept) if c in standing.ready and _short(context, c)]
        if below:
            first = below[-1]
            because = say(
                WHY["wish_first"],
                context.who().language,
                concept=title(context, concept),
                first=title(context, first),
                shown=f"{shown(context, first):.2f}",
            )
            yield Wanted("wish", first, target(context, first), weigh("wish"), because, goal, pressing=True)


def wish_goal(context: Context, wish: Wished) -> str:
    """The one goal that a wish ever leads to."""
    return derived_id("goal", context.who().learner, "wish", wish.event)


def unstick(context: Context, standing: Standing) -> Iterator[Wanted]:
    """A smaller goal: on the weakest thing the stuck one rests on, or on the same with less difficulty. Once a goal."""
    if context.stuck is None or not context.stuck.goal.concepts:
        return
    row = context.stuck.goal
    concept = row.concepts[0]
    if concept not in context.curriculum.concepts:
        return
    below = [c for c in context.curriculum.concepts[concept].prerequisites if c in standing.reach]
    weakest = min(below, key=lambda c: (shown(context, c), c), default=concept)
    goal = derived_id("goal", context.who().learner, "unstick", row.goal)
    for chosen in dict.fromkeys([weakest if shown(context, weakest) < READY else concept, concept]):
        difficulty = round(max(0.05, min(row.difficulty - STEP, target(context, chosen))), 2)
        because = say(WHY["unstick"], context.who().language, stalled=row.stalled, concept=title(context, chosen))
        yield Wanted(
            "skill", chosen, difficulty, weigh("unstick"), because, goal, pressing=True, hardest=row.difficulty
        )


def swapped(context: Context, standing: Standing) -> Iterator[Wanted]:
    """Another in the place of each goal swapped today: of its kind and concept; of its kind on something else that is
    ready; at last the same concept as practice. One id each: the first that the bank can serve is the one.

    A placement goal is not replaced: that it was swapped has told what it can."""
    for row in standing.swapped:
        if row.kind == "placement" or row.concepts[0] not in standing.reach:
            continue
        concept, words = row.concepts[0], WHY[f"swap_{row.swap or 'other'}"]
        others = [c for c in standing.reach if _open(context, standing, c) and c != concept]
        shift = {"too_hard": -STEP, "too_easy": STEP}.get(row.swap or "", 0.0)
        goal = derived_id("goal", context.who().learner, "swap", row.goal)
        for kind, chosen in [(row.kind, concept), *((row.kind, c) for c in others), ("daily", concept)]:
            because = say(words, context.who().language, title=_title(context, row), concept=title(context, chosen))
            yield Wanted(
                kind,
                chosen,
                round(min(0.95, max(0.05, (row.difficulty if shift else target(context, chosen)) + shift)), 2),
                weigh("swap"),
                because,
                goal,
                pressing=True,
                easiest=row.difficulty if shift > 0 and chosen == concept else 0.0,
                hardest=row.difficulty if shift < 0 and chosen == concept else 1.0,
            )


def _title(context: Context, goal: Goal) -> str:
    challenge = context.curriculum.challenges.get(goal.challenge)
    return text(challenge.title, context.who().language) if challenge else goal.challenge


def for_mood(context: Context, standing: Standing) -> Iterator[Wanted]:
    """One goal that answers today's mood. Once a day and effect."""
    effect = context.effect()
    known = sorted(
        (c for c in standing.ready if c in context.mastery or c in standing.placed),
        key=lambda c: (-shown(context, c), c),
    )
    going = [c for c in known if shown(context, c) < GATE] or known or sorted(standing.ready)
    goal = derived_id("goal", context.who().learner, standing.day, "mood", effect)
    match effect:
        case "smaller_step":
            concepts, kind, shift = going[::-1], "skill", -STEP
        case "stretch":
            concepts, kind, shift = known, "skill", STEP
        case "review":
            concepts, kind, shift = known, "review", 0.0
        case _:
            return
    for concept in concepts:  # one id: the first that the bank can serve is the one
        one = _want(context, standing, kind, concept, weigh("mood"), effect, goal=goal, pressing=True, shift=shift)
        aim = target(context, concept)
        yield replace(one, hardest=aim if shift < 0 else 1.0, easiest=aim if shift > 0 else 0.0)
    if effect == "smaller_step":  # the bank has nothing easier: then something known
        for concept in known:
            yield _want(
                context, standing, "review", concept, weigh("mood"), "review", goal=goal, pressing=True, shift=-STEP
            )


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
            yield _want(context, standing, "review", concept, weight, why, due=due[concept], last=last)


def _fading(standing: Standing, concept: str) -> bool:
    """Practised before today, and short: once more is a review, not an early repeat."""
    last = standing.practised.get(concept)
    return standing.short(concept) and last is not None and last < standing.day


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
            yield _want(
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

    return sorted(_open(context, standing, context.curriculum.learning_order(course)), key=turn)


def _next(context: Context, standing: Standing, course: str, concept: str, days: int = 0) -> Wanted:
    """`days` of learning that the course has waited."""
    name = text(context.curriculum.courses[course].title, context.who().language)
    weight = weigh("course", missing=1 - shown(context, concept), waiting=days / 7, near=bool(near(context, concept)))
    why = "course_waited" if days else "course_next" if concept in context.mastery else "course_first"
    return _want(context, standing, "course", concept, weight, why, course=name, gate=f"{GATE:.2f}", days=days)


def stretch(context: Context, standing: Standing) -> Iterator[Wanted]:
    """One a day while things go well: harder than usual, on what the learner has met, what is not at hand first. The
    first the bank can serve."""
    count = going_well(context, standing)
    if not count:
        return
    goal = derived_id("goal", context.who().learner, standing.day, "stretch")
    met = [c for c in standing.reach if c in standing.ready and c in context.mastery]
    for concept in sorted(met, key=lambda c: (not standing.short(c), shown(context, c) >= GATE, -shown(context, c), c)):
        one = _want(
            context, standing, "skill", concept, weigh("stretch"), "stretch_going", goal=goal, shift=STEP, count=count
        )
        yield replace(one, easiest=target(context, concept))


def skills(context: Context, standing: Standing) -> Iterator[Wanted]:
    """What is least at hand of what the learner has met and what comes next rests on; what they never met, after it."""
    pool = _open(context, standing, standing.reach)
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
        yield _want(context, standing, "skill", concept, weight, why, attempts=attempts)


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
        yield _want(context, standing, "daily", concept, weigh("daily", rested=days / 7), why, last=last)


def anchor(stuck: Stuck, context: Context) -> dict[str, object]:
    """The page that answers what failed on a goal that got stuck."""
    row = stuck.goal
    because = say(WHY["page_stuck"], context.who().language, stalled=row.stalled, best=row.best, total=row.total)
    return {"concept": row.concepts[0], "goal": row.goal, "anchor": stuck.anchor, "because": because}


def _want(
    context: Context,
    standing: Standing,
    kind: str,
    concept: str,
    weight: Weight,
    why: str,
    *,
    goal: str | None = None,
    pressing: bool = False,
    shift: float | None = None,
    **figures: object,
) -> Wanted:
    aim = target(context, concept)
    difficulty = target(context, concept, SHIFT.get(context.effect(), 0.0) if shift is None else shift)
    because = say(
        WHY[why],
        context.who().language,
        **{
            "concept": title(context, concept),
            "shown": f"{shown(context, concept):.2f}",
            "target": f"{aim:.2f}",
            **figures,
        },
    )
    if kind in LEANS and (close := near(context, concept)):
        because = say(WHY["near"], context.who().language, because=because, near=close)
    id_ = goal or _goal_id(context, standing, kind, concept)
    return Wanted(kind, concept, difficulty, weight, because, id_, pressing)


def _goal_id(context: Context, standing: Standing, kind: str, concept: str) -> str:
    """Of learner, day, kind, concept and how many such goals there were: the same plan made twice makes a goal once."""
    n = standing.today.get((kind, concept), 0)
    return derived_id("goal", context.who().learner, standing.day, kind, concept, n)


def _open(context: Context, standing: Standing, among: Iterable[str]) -> list[str]:
    """What may be begun and is short of something: of being at hand, or of the gate."""
    return [c for c in among if c in standing.ready and (standing.short(c) or _short(context, c))]


def _short(context: Context, concept: str) -> bool:
    return shown(context, concept) < GATE
