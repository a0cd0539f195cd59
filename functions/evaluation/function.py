"""Composition root of `evaluation`."""

from __future__ import annotations

from datetime import datetime

from functions.evaluation.agent import Context, decide
from graph.decision import Decision
from graph.host import NodeFunction
from graph.state import State
from shared.curriculum import load as curriculum
from shared.curriculum import text
from shared.learner import Attempt, keys, mastery_keys
from shared.readmodel import View

RUNS = 200
"""Runs of a goal that are looked at, newest first: beyond them nothing changes what a run counts for."""


def load(state: State, view: View) -> Context:
    """The goal with its runs, its ratings, and what is known of its concepts."""
    learner, inputs, goal_id = state["learner"], state.get("inputs", []), state.get("goal")
    who = view.learner(learner)
    language = who.language if who else "en"
    goal = view.goal(goal_id) if goal_id else None
    if goal is None or goal.learner != learner:
        return Context(learner, language, None, inputs)
    wanted = list(keys(Attempt(learner, goal.challenge, tuple(goal.concepts), goal.difficulty)))
    for concept in goal.concepts:
        wanted.extend(mastery_keys(learner, concept))
    challenge = curriculum().challenges.get(goal.challenge)
    return Context(
        learner=learner,
        language=language,
        goal=goal,
        inputs=inputs,
        runs=view.runs_of(goal.goal, limit=RUNS)[::-1],
        ratings=view.ratings(wanted),
        mastery=view.mastery_of(learner),
        reviews={review.concept: review for review in view.reviews_of(learner)},
        title=text(challenge.title, language) if challenge else "",
    )


def body(state: State, view: View, _now: datetime) -> Decision:
    """The node: look up, decide."""
    return decide(load(state, view))


def new() -> NodeFunction:
    """The deployable function."""
    return NodeFunction("evaluation", body)
