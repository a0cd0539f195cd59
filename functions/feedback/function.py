"""Composition root of `feedback`."""

from __future__ import annotations

from datetime import datetime

from functions.feedback.agent import Context, decide, newest_run
from graph.decision import Decision
from graph.host import NodeFunction
from graph.state import State
from shared.curriculum import Challenge
from shared.curriculum import load as curriculum
from shared.errors import NotFound
from shared.readmodel import View
from shared.readmodel.rows import Goal

RUNS = 200
RECENT = 5


def load(state: State, view: View) -> Context:
    """The goal and its challenge; of the newest run the code and the report; what was said before."""
    inputs, goal_id = state.get("inputs", []), state.get("goal")
    who = view.learner(state["learner"])
    language = who.language if who else "en"
    goal = view.goal(goal_id) if goal_id else None
    if goal is None or goal.learner != state["learner"]:
        return Context(language, None, None, inputs)
    challenge = challenge_of(goal)
    newest = newest_run(inputs)
    if newest is None:
        return Context(language, goal, challenge, inputs)
    runs = [run for run in view.runs_of(goal.goal, limit=RUNS)[::-1] if not run.fault]
    place = next((i for i, run in enumerate(runs) if run.run == newest["facts"]["run"]), None)
    before = runs if place is None else runs[:place]
    run = None if place is None else runs[place]
    return Context(
        language=language,
        goal=goal,
        challenge=challenge,
        inputs=inputs,
        code=view.text(goal.learner, run.code) if run else "",
        report=view.text(goal.learner, run.report) if run else "",
        recent=view.feedback_of(goal.goal, limit=RECENT),
        runs=len(before) + 1,
        solved_before=any(r.purpose == "submit" and 0 < r.total == r.passed for r in before),
    )


def challenge_of(goal: Goal) -> Challenge | None:
    """The goal's challenge with its variant; None where the curriculum no longer has it."""
    challenge = curriculum().challenges.get(goal.challenge)
    try:
        return challenge.instantiate(goal.variant) if challenge else None
    except NotFound:
        return None


def body(state: State, view: View, _now: datetime) -> Decision:
    """The node: look up, decide."""
    return decide(load(state, view))


def new() -> NodeFunction:
    """The deployable function."""
    return NodeFunction("feedback", body)
