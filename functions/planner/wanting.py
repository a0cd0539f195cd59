"""One goal that would be good, with its reason in figures; and what may be begun at all."""

from __future__ import annotations

from collections.abc import Iterable

from functions.planner.context import Context
from functions.planner.leaning import near
from functions.planner.lines import Wanted
from functions.planner.standing import GATE, Standing, shown, target, title
from functions.planner.texts import WHY, say
from shared.ids import derived_id
from shared.planning import Weight

SHIFT = {"smaller_step": -0.15, "stretch": 0.15}
"""What today's mood moves every difficulty by."""
STEP = 0.2
"""An easier or a harder goal is so much away."""
LEANS = ("course", "skill")
"""Kinds that say why their concept is near. The others have a reason of their own."""


def want(
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
    """`why`: of the table of reasons; `figures`: what it needs besides. `shift`: of the difficulty, in place of the
    mood's."""
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


def open_ones(context: Context, standing: Standing, among: Iterable[str]) -> list[str]:
    """What may be begun and is short of something: of being at hand, or of the gate."""
    return [c for c in among if c in standing.ready and (standing.short(c) or below_gate(context, c))]


def below_gate(context: Context, concept: str) -> bool:
    return shown(context, concept) < GATE
