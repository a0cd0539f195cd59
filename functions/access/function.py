"""Composition root of `access`."""

from __future__ import annotations

from datetime import datetime

from functions.access.agent import Context, decide
from functions.access.lookup import subject
from graph.decision import Decision
from graph.host import NodeFunction
from graph.state import State
from shared.curriculum import load as curriculum
from shared.readmodel import View

LOOKING = ("contract", "daily", "course", "doubt")
"""Triggers on the learner's own thread at which nothing is run or made for the asking."""


def load(state: State, view: View, now: datetime) -> Context:
    """A run that has finished is in the day's count already: it is judged by those before it."""
    goal = state.get("goal")
    runs = [i["facts"] for i in state["inputs"] if i["type"] == "goals.run.finished"]
    who = subject(
        view,
        curriculum(),
        learner=state["learner"],
        language="en",
        now=now,
        goal=goal,
        runs=bool(runs),
        counted=sum(not facts.get("fault") for facts in runs),
        hints=not runs and any(i["type"] == "goals.hint.asked" for i in state["inputs"]),
    )
    return Context(who, looking=goal is None and state["trigger"] in LOOKING)


def body(state: State, view: View, now: datetime) -> Decision:
    return decide(load(state, view, now))


def new() -> NodeFunction:
    return NodeFunction("access", body)
