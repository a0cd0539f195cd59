"""Composition root of `process`."""

from __future__ import annotations

from datetime import date, datetime

from functions.process.agent import Context, Seen, decide
from functions.process.tending import IDLE, SETTLED
from graph.decision import Decision
from graph.host import NodeFunction
from graph.state import Input, State
from shared.curriculum import load as curriculum
from shared.readmodel import View


def load(state: State, view: View, now: datetime) -> Context | None:
    """None for a learner nobody knows (any more): nothing about them may move."""
    learner = view.learner(state["learner"])
    if learner is None:
        return None
    goals = view.goals_of(learner.learner)
    id_ = state.get("goal")
    findings = state.get("findings") or {}
    before = findings.get("process", {})
    access = state.get("access") or {}
    daily = state["trigger"] == "daily"
    return Context(
        now=now,
        thread=f"goal/{id_}" if id_ else f"learner/{learner.learner}",
        trigger=state["trigger"],
        learner=learner,
        curriculum=curriculum(),
        inputs=[_seen(i) for i in state["inputs"]],
        goal=next((g for g in goals if g.goal == id_), None),
        goals=goals,
        enrolments=view.enrolments(learner.learner),
        mastery=view.mastery_of(learner.learner),
        reviews=view.reviews_of(learner.learner),
        plan=view.plan_of(learner.learner),
        stood=view.states_of(learner.learner),
        passes=int(before.get("passes", 0)),
        refused=None if access.get("granted") else str(access.get("reason", "unknown")),
        solved=bool(findings.get("evaluation", {}).get("solved")),
        planned="planner" in findings,
        before={key: bool(before.get(key)) for key in ("done", "stuck")},
        contract=view.contract_of(learner.learner) if state["trigger"] in ("daily", "contract") else None,
        idle=view.idle_goals(learner.learner, now - IDLE) if daily else {},
        rests=view.rests_of(learner.learner),
        unsettled=view.unsettled_goals(learner.learner, now - SETTLED) if daily else {},
    )


def _seen(item: Input) -> Seen:
    facts = item["facts"]
    day = facts.get("day")
    return Seen(
        type=item["type"],
        id=item["id"],
        day=date.fromisoformat(str(day)) if day else None,
        fault=bool(facts.get("fault")),
        course=facts.get("course"),
    )


def body(state: State, view: View, now: datetime) -> Decision:
    context = load(state, view, now)
    if context is None:
        passes = int((state.get("findings") or {}).get("process", {}).get("passes", 0)) + 1
        return Decision({"findings": {"process": {"done": False, "stuck": False, "passes": passes}}})
    return decide(context)


def new() -> NodeFunction:
    return NodeFunction("process", body)
