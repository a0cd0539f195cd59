"""Composition root of `challenges`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from functions.challenges.agent import Context, decide
from graph.decision import Decision
from graph.host import NodeFunction
from graph.node import Body
from graph.state import State
from shared.curriculum import Curriculum
from shared.curriculum import load as curriculum
from shared.models import LentModel
from shared.proof.ledger import built_in as proofs
from shared.readmodel import View
from shared.readmodel.asking import asker_of
from shared.readmodel.challenges import as_measured, title_of
from shared.readmodel.rows import Goal
from shared.spoken import words

if TYPE_CHECKING:
    from functions.challenges.proving import InSandbox
    from functions.challenges.writing import Writer


def load(state: State, view: View, now: datetime, model: LentModel) -> Context:
    learner, order, known = state["learner"], state["order"], as_measured(view, curriculum())
    goals = view.goals_of(learner)
    prover = _prover() if order.get("unfit") else None
    writer = _writer(model, state, view, now, known, goals) if prover is not None else None
    return Context(learner, order, known, goals, proofs(), writer, prover)


def _writer(
    model: LentModel, state: State, view: View, now: datetime, known: Curriculum, goals: list[Goal]
) -> Writer | None:
    """None where nobody may be asked."""
    from functions.challenges.modelled import ByModel, Reader

    learner = state["learner"]
    who, row = asker_of(view, learner, state.get("tenant", "public")), view.learner(learner)
    if who is None or row is None or not model.there:
        return None
    concept = state["order"]["concept"]
    had = [title_of(view, known, learner, g.challenge, row.language) for g in goals if concept in g.concepts]
    reader = Reader(
        words(row.language), row.level or "", tuple(dict.fromkeys(had)), lambda slug: view.written(learner, slug)
    )
    return ByModel(model, who, now, known, reader)


def _prover() -> InSandbox | None:
    """None where this machine has no sandbox: then nothing can be proven, so nothing is written."""
    from functions.challenges.proving import InSandbox
    from shared.proof.prove import LIMITS
    from shared.sandbox.kept import kept

    sandbox = kept(LIMITS)
    return None if sandbox is None else InSandbox(sandbox)


def asking(model: LentModel) -> Body:
    """The node with a model, which is asked where the bank has nothing."""

    def body(state: State, view: View, now: datetime) -> Decision:
        return decide(load(state, view, now, model))

    return body


body = asking(LentModel())
"""The node as it is without a model: the bank alone."""


def new() -> NodeFunction:
    model = LentModel()
    return NodeFunction("challenges", asking(model), model=model)
