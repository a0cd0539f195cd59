"""Composition root of `mood`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from functions.mood.agent import Context, decide
from graph.decision import Decision
from graph.edges import WORDS
from graph.host import NodeFunction
from graph.state import Input, State
from shared.clock import parse
from shared.curriculum import load as curriculum
from shared.readmodel import View
from shared.readmodel.expecting import expected
from shared.support import SupportSettings


def load(state: State, view: View, now: datetime) -> Context:
    """The learner with their consent, the mood so far, and the goal: this thread's, or the one an answer is about."""
    learner = state["learner"]
    inputs = state.get("inputs", [])
    named = (i["facts"].get("goal") for i in reversed(inputs) if i["type"] == "goals.mood.answered")
    goal_id = state.get("goal") or next((str(g) for g in named if g), None)
    goal = view.goal(goal_id) if goal_id else None
    if goal is not None and goal.learner != learner:
        goal = None
    who = view.learner(learner)
    runs = [parse(i["at"]) for i in inputs if i["type"] == "goals.run.finished"]
    before = view.last_run_before(learner, min(runs)) if runs else None
    return Context(
        language=who.language if who else "en",
        learner=who,
        mood=view.mood_of(learner),
        goal=goal,
        inputs=inputs,
        struggle=state.get("struggle") or {},
        now=now,
        expected=expected(view, curriculum(), goal, min(runs, default=now)) if goal is not None else None,
        attention=view.attention_of(learner),
        away=(min(runs) - before).total_seconds() / 86_400 if before else None,
        written=_written(inputs, view, learner),
        contact=SupportSettings().support_contact,
    )


def _written(inputs: Sequence[Input], view: View, learner: str) -> dict[str, str]:
    """What the learner wrote in words with each input, by its event's id."""
    told = {i["id"]: [str(i["facts"][field]) for field in WORDS if i["facts"].get(field)] for i in inputs}
    return {id_: ".\n".join(view.text(learner, kept) for kept in texts) for id_, texts in told.items() if texts}


def body(state: State, view: View, now: datetime) -> Decision:
    """The node: look up, decide."""
    return decide(load(state, view, now))


def new() -> NodeFunction:
    """The deployable function."""
    return NodeFunction("mood", body)
