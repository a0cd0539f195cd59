"""The day's portfolio: what stays, what is added, and why each. The same evidence gives the same plan, and no event."""

from __future__ import annotations

from collections.abc import Sequence

from functions.planner import wanted as wants
from functions.planner import wishing
from functions.planner.asked import anchor
from functions.planner.context import Context, Stuck, Wished
from functions.planner.keeping import kept, relieved
from functions.planner.portfolio import Portfolio
from functions.planner.standing import Standing, stand
from functions.planner.texts import PLAN, say
from graph.decision import Decision, Said
from graph.state import Order
from shared.events.catalogue.teaching import PlanChanged, PlannedGoal
from shared.planning.rests import just_over

__all__ = ["Context", "Stuck", "Wished", "decide"]

ASKING = ("profile", "wish")
"""On a day off the plan is made for who asks, not for the clock."""


def decide(context: Context) -> Decision:
    """Update: `orders` (goals to make), `pages`, `findings.planner`."""
    pages = [anchor(context.stuck, context)] if context.stuck and context.learner else []
    if not context.plannable() or _rests(context):
        return _answer([], pages, [])
    standing = stand(context)
    lines = relieved(context, kept(context, standing))
    portfolio = Portfolio(context, standing, lines, _left(context, standing))
    placing = _placing(context, portfolio)
    if placing == "needed":
        portfolio.fill(list(wants.placement(context, standing)))
    if placing == "done" or not portfolio.lines:
        only_asked = (context.day_off() and context.trigger != "profile") or context.back() is not None
        wanted = wants.wanted(context, standing, portfolio.courses, only_asked=only_asked)
        portfolio.renew(wanted)
        portfolio.fill(wanted)
    portfolio.trim()
    change = _change(context, standing, portfolio)
    orders = _orders(portfolio)
    answers = list(wishing.answers(context, standing, portfolio))
    if _as_before(context, change):
        return _answer(orders, pages, [], answers)
    expected = context.plan.version if context.plan else 0
    return _answer(orders, pages, [Said(change, expected=expected)], answers)


def _answer(orders: list[Order], pages: Sequence[object], changed: list[Said], more: Sequence[Said] = ()) -> Decision:
    found = {"orders": orders, "pages": list(pages), "findings": {"planner": {"changed": bool(changed)}}}
    return Decision(found, [*changed, *more])


def _rests(context: Context) -> bool:
    """The clock plans nothing for who is away, nor for a day off. Work on a day off is no reason for more of it."""
    if context.back() is not None:
        return context.trigger != "wish"
    if context.trigger == "daily" and context.who().state == "paused":
        return not just_over(context.rests, context.day())  # `process` moves them after this
    return context.day_off() and context.trigger not in ASKING


def _placing(context: Context, portfolio: Portfolio) -> str:
    """`needed`: nobody has seen what this learner can do. `running`: its goals are open, or in the making. `done`."""
    placement = [g for g in context.goals if g.kind == "placement"]
    making = any(line.planned.kind == "placement" and line.row is None for line in portfolio.lines)
    if making or any(g.state in ("assigned", "open") for g in placement):
        return "running"
    seen = placement or context.mastery or any(g.runs for g in context.goals)
    return "done" if seen or context.who().level == "new" else "needed"


def _left(context: Context, standing: Standing) -> int:
    """Goals the contract still allows today."""
    most = context.contract.terms.goals_per_day if context.contract else 0
    return max(0, most - sum(g.day == standing.day for g in context.goals))


def _change(context: Context, standing: Standing, portfolio: Portfolio) -> PlanChanged:
    effect = context.effect()
    count = len(portfolio.lines)
    placing = count > 0 and all(line.planned.kind == "placement" for line in portfolio.lines)
    words = PLAN["nothing"] if not count else PLAN["placement" if placing else "one" if count == 1 else "day"]
    because = say(
        words,
        context.who().language,
        count=count,
        kinds=len({line.planned.kind for line in portfolio.lines}),
        used=portfolio.used,
        minutes=portfolio.minutes,
    )
    if effect in PLAN:
        because = f"{because} {say(PLAN[effect], context.who().language)}"
    return PlanChanged(
        day=standing.day,
        minutes=portfolio.minutes,
        goals=tuple(line.planned for line in portfolio.lines),
        because=because,
        mood=None if effect == "none" else effect,
        to_write=portfolio.to_write,
    )


def _as_before(context: Context, change: PlanChanged) -> bool:
    """Nothing a learner would see differs."""
    plan = context.plan
    if plan is None:
        return not change.goals
    before = tuple(PlannedGoal.model_validate(g) for g in plan.goals)
    return (plan.day, plan.minutes, before) == (change.day, change.minutes, change.goals)


def _orders(portfolio: Portfolio) -> list[Order]:
    """Each avoids what the others take: they are carried out at the same time."""
    chosen = set(portfolio.taken)
    return [
        Order(**{**line.order, "avoid": sorted(chosen - {line.challenge})})
        for line in portfolio.lines
        if line.order is not None
    ]
