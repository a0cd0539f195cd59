"""Composition root of `challenges`."""

from __future__ import annotations

from datetime import datetime

from functions.challenges.agent import Context, decide
from graph.decision import Decision
from graph.host import NodeFunction
from graph.state import State
from shared.curriculum import load as curriculum
from shared.proof.ledger import built_in as proofs
from shared.readmodel import View


def load(state: State, view: View, now: datetime) -> Context:  # noqa: ARG001  every node's `load` is called alike
    return Context(state["learner"], state["order"], curriculum(), view.goals_of(state["learner"]), proofs())


def body(state: State, view: View, now: datetime) -> Decision:
    return decide(load(state, view, now))


def new() -> NodeFunction:
    return NodeFunction("challenges", body)
