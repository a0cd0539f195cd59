"""Composition root of `courses`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from functions.courses.agent import Context, decide
from functions.courses.explaining import Explainer, explainer, nobody
from functions.courses.lookup import failed
from graph.decision import Decision
from graph.host import NodeFunction
from graph.node import Body
from graph.state import State
from shared.curriculum import load as built_in
from shared.models import LentModel
from shared.readmodel import View
from shared.readmodel.asking import asker_of
from shared.readmodel.challenges import challenge_of

if TYPE_CHECKING:
    from shared.sandbox import Sandbox


def load(state: State, view: View, now: datetime) -> Context:  # noqa: ARG001  every node's `load` is called alike
    order, curriculum = state["page"], built_in()
    learner = view.learner(state["learner"])
    goal = order.get("goal")
    row = view.goal(goal) if goal else None
    row = row if row and row.learner == state["learner"] else None
    challenge = challenge_of(view, curriculum, row)
    return Context(
        order=order,
        language=learner.language if learner else "en",
        curriculum=curriculum,
        pages=view.pages_of(state["learner"]),
        challenge=challenge,
        level=(learner.level or "") if learner else "",
        failure=failed(view, row, challenge) if row and challenge else "",
    )


def asking(model: LentModel) -> Body:
    """The node with a model, which explains for one learner what the authored page explains for all."""

    def body(state: State, view: View, now: datetime) -> Decision:
        return decide(replace(load(state, view, now), explain=_explainer(model, state, view, now)))

    return body


def _explainer(model: LentModel, state: State, view: View, now: datetime) -> Explainer:
    who = asker_of(view, state["learner"], state.get("tenant", "public")) if model.there else None
    return nobody if who is None else explainer(model, who, now, _sandbox)


def _sandbox() -> Sandbox | None:
    from shared.sandbox.kept import kept

    return kept()


body = asking(LentModel())
"""The node as the rules alone have it: no model is lent to it."""


def new() -> NodeFunction:
    model = LentModel()
    return NodeFunction("courses", asking(model), model=model)
