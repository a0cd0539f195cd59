"""Composition root of `evaluation`: what each trigger needs to know, looked up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from functions.evaluation.agent import Context, answer, decide, sum_up
from functions.evaluation.answering import Doubted
from functions.evaluation.day import Record
from functions.evaluation.doubts import Case, Question
from functions.evaluation.pace import LOOKED_BACK
from functions.evaluation.patterns import WINDOW
from graph.decision import Decision
from graph.host import NodeFunction
from graph.state import State
from shared.clock import local_day, midnight
from shared.curriculum import Curriculum, text
from shared.curriculum import load as curriculum
from shared.learner import Attempt, keys, mastery_keys
from shared.learner.forecasting import needed
from shared.learning.version import version
from shared.readmodel import View
from shared.readmodel.challenges import challenge_of, title_of
from shared.readmodel.rows import Goal

RUNS = 200
"""Runs of a goal that are looked at, newest first: beyond them nothing changes what a run counts for."""
DOUBTED = timedelta(days=180)
"""How far back an attempt may lie that is still taken out."""


def load(state: State, view: View, now: datetime) -> Context:
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
    challenge = challenge_of(view, curriculum(), goal)
    solves = any(f.get("purpose") == "submit" and f["passed"] == f["total"] for f in _facts(state))
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
        hints=view.hints_of(goal.goal) if goal.hints else (),
        goals=view.goals_of(learner, since=(now - LOOKED_BACK).date()) if solves else (),
        learnt=view.learnt(learner, needed(learner, goal.challenge, goal.concepts), version()),
    )


def record(state: State, view: View, now: datetime) -> tuple[Record, date] | None:
    """The weeks before the day that begins, and that day; None for a learner nobody knows (any more)."""
    who = view.learner(state["learner"])
    if who is None:
        return None
    said = [date.fromisoformat(str(f["day"])) for f in _facts(state) if f.get("day")]
    today = max(said, default=local_day(now, who.timezone))
    first = today - 2 * WINDOW
    since = midnight(first, who.timezone)
    summed = view.summaries_of(who.learner, since=first)
    evaluations = view.evaluations_of(who.learner, since=since)
    known = frozenset(s.day for s in summed)
    if not any(local_day(e.at, who.timezone) not in known for e in evaluations):
        return Record(who.timezone), today  # nothing to sum up: the rest need not be looked up
    return Record(
        timezone=who.timezone,
        evaluations=evaluations,
        causes=view.causes_of(who.learner, since=since),
        steps=view.mastery_steps_of(who.learner, since=since),
        summed=known,
    ), today


def doubted(state: State, view: View, now: datetime) -> Doubted:
    """The questions, and the learner's attempts as they are on record."""
    learner, known = state["learner"], curriculum()
    who = view.learner(learner)
    language = who.language if who else "en"
    questions = [
        Question(i["id"], i["facts"]["concept"], datetime.fromisoformat(i["at"]).astimezone(UTC), i["facts"]["attempt"])
        for i in state["inputs"]
        if i["type"] == "goals.mastery.questioned"
    ]
    evaluations = view.evaluations_of(learner, since=now - DOUBTED)
    wanted = {key for e in evaluations for key in e.deltas}
    goals = {g.goal: g for g in view.goals_of(learner)}
    return Doubted(
        learner=learner,
        language=language,
        questions=questions,
        case=Case(
            evaluations=evaluations,
            changed=frozenset(e.goal for e in evaluations if _changed(view, goals.get(e.goal), known)),
            doubts=view.doubts_of(learner, since=now - DOUBTED),
        ),
        mastery=view.mastery_of(learner),
        ratings=view.ratings(sorted(wanted)),
        titles={e.challenge: title_of(view, known, learner, e.challenge, language) for e in evaluations},
    )


def _changed(view: View, goal: Goal | None, known: Curriculum) -> bool:
    """Is the challenge of a goal gone, or another version by now?"""
    challenge = challenge_of(view, known, goal)
    return goal is not None and (challenge is None or challenge.version != goal.challenge_version)


def _facts(state: State) -> list[dict[str, object]]:
    return [i["facts"] for i in state.get("inputs", [])]


def body(state: State, view: View, now: datetime) -> Decision:
    """The node: look up what the trigger asks for, decide."""
    match state["trigger"]:
        case "daily":
            found = record(state, view, now)
            return sum_up(*found) if found else decide(Context(state["learner"], "en", None, []))
        case "doubt":
            return answer(doubted(state, view, now))
        case _:
            return decide(load(state, view, now))


def new() -> NodeFunction:
    """The deployable function."""
    return NodeFunction("evaluation", body)
