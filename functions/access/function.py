"""Composition root of `access`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from functions.access.agent import Context, decide
from functions.access.lookup import subject
from graph.decision import Decision
from graph.host import NodeFunction
from graph.state import State
from shared.clock import parse
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
    decision = decide(load(state, view, now))
    return replace(decision, update={**decision.update, **_away(state, view)})


def _away(state: State, view: View) -> dict[str, Any]:
    """A goal's thread does not know of other goals: at its first run it is told how long the learner was away."""
    struggle = state.get("struggle") or {}
    runs = [parse(i["at"]) for i in state["inputs"] if i["type"] == "goals.run.finished"]
    if not struggle.get("first") or not runs:
        return {}
    before = view.last_run_before(state["learner"], min(runs))
    days = (min(runs) - before).total_seconds() / 86_400 if before else 0.0
    return {"struggle": {**struggle, "away_days": round(days, 2)}}


def new() -> NodeFunction:
    return NodeFunction("access", body)
