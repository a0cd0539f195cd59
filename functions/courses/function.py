"""Composition root of `courses`."""

from __future__ import annotations

from datetime import datetime

from functions.courses.agent import Context, decide
from graph.decision import Decision
from graph.host import NodeFunction
from graph.state import State
from shared.curriculum import load as built_in
from shared.readmodel import View
from shared.readmodel.challenges import challenge_of


def load(state: State, view: View, now: datetime) -> Context:  # noqa: ARG001  every node's `load` is called alike
    order, curriculum = state["page"], built_in()
    learner = view.learner(state["learner"])
    goal = order.get("goal")
    row = view.goal(goal) if goal else None
    return Context(
        order=order,
        language=learner.language if learner else "en",
        curriculum=curriculum,
        pages=view.pages_of(state["learner"]),
        challenge=challenge_of(view, curriculum, row if row and row.learner == state["learner"] else None),
    )


def body(state: State, view: View, now: datetime) -> Decision:
    return decide(load(state, view, now))


def new() -> NodeFunction:
    return NodeFunction("courses", body)
