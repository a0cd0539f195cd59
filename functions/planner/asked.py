"""What is wanted because the learner asks for it or is in need of it: wishes, swaps, a way out, an answer to a mood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from functions.planner.context import Context, Stuck, Wished
from functions.planner.lines import Wanted
from functions.planner.standing import GATE, READY, Standing, shown, target, title
from functions.planner.texts import WHY, say
from functions.planner.wanting import STEP, below_gate, open_ones, want
from shared.curriculum import text
from shared.ids import derived_id
from shared.planning import weigh
from shared.readmodel.rows import Goal

WISHES = 2


def wishes(context: Context, standing: Standing) -> Iterator[Wanted]:
    """Each wish once; where what it rests on is not ready, that comes first."""
    for wish in context.wishes[-WISHES:]:
        concept = wish.concept
        if concept is None or concept not in standing.reach:
            continue
        goal = wish_goal(context, wish)
        if concept in standing.ready:
            yield want(context, standing, "wish", concept, weigh("wish"), "wish", goal=goal, pressing=True)
            continue
        below = [c for c in context.curriculum.prerequisites(concept) if c in standing.ready and below_gate(context, c)]
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
        others = [c for c in standing.reach if open_ones(context, standing, c) and c != concept]
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
        one = want(context, standing, kind, concept, weigh("mood"), effect, goal=goal, pressing=True, shift=shift)
        aim = target(context, concept)
        yield replace(one, hardest=aim if shift < 0 else 1.0, easiest=aim if shift > 0 else 0.0)
    if effect == "smaller_step":  # the bank has nothing easier: then something known
        for concept in known:
            yield want(
                context, standing, "review", concept, weigh("mood"), "review", goal=goal, pressing=True, shift=-STEP
            )


def anchor(stuck: Stuck, context: Context) -> dict[str, object]:
    """The page that answers what failed on a goal that got stuck."""
    row = stuck.goal
    because = say(WHY["page_stuck"], context.who().language, stalled=row.stalled, best=row.best, total=row.total)
    return {"concept": row.concepts[0], "goal": row.goal, "anchor": stuck.anchor, "because": because}
