"""Composition root of `contract`."""

from __future__ import annotations

from datetime import datetime

from functions.contract.agent import Context, Fault, decide
from graph.decision import Decision
from graph.host import NodeFunction
from graph.state import State
from shared.readmodel import View


def load(state: State, view: View, now: datetime) -> Context:
    learner = view.learner(state["learner"])
    return Context(
        now=now,
        language=learner.language if learner else "en",
        timezone=learner.timezone if learner else "UTC",
        contract=view.contract_of(state["learner"]),
        announces=state.get("goal") is None,
        checks=state["trigger"] in ("daily", "contract"),
        faults=tuple(
            Fault(i["facts"]["run"], i["id"])
            for i in state["inputs"]
            if i["type"] == "goals.run.finished" and i["facts"].get("fault")
        ),
        accepted=any(i["type"] == "goals.contract.accepted" for i in state["inputs"]),
    )


def body(state: State, view: View, now: datetime) -> Decision:
    return decide(load(state, view, now))


def new() -> NodeFunction:
    return NodeFunction("contract", body)
