"""What a finished run says about its learner, what a day of them comes to, and what a doubt about it changes.

A fault of ours says nothing and is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from functions.evaluation import texts
from functions.evaluation.answering import Doubted, answers
from functions.evaluation.day import Record, summaries
from functions.evaluation.figures import Measured, measured, standing
from functions.evaluation.pace import pace
from functions.evaluation.weighing import Outcome, Past, outcomes
from graph.decision import Decision, Said
from graph.state import Input
from shared.events.catalogue.agents import EvaluationRecorded, MasteryChanged
from shared.events.catalogue.teaching import ReviewDue
from shared.learner import Attempt, Ratings, crossed
from shared.learner.forecasting import Forecast, teaches
from shared.learner.review import recalled, schedule
from shared.readmodel.rows import Goal, Hint, Learnt, Mastery, Review, Run

BIG_MOVE = 0.1
EVIDENCE = 20


@dataclass(frozen=True, slots=True)
class Context:
    """`runs`: all of the goal's, oldest first, with those of `inputs`. `ratings`: at least those of the goal's
    concepts and challenge. `inputs`: this run's events, oldest first.
    `title`: the challenge's, as the learner reads it. `hints`: given on the goal. `goals`: the learner's, whose times
    are the measure of their pace. `learnt`: the learner model, as far as these attempts need it; None: it is not there
    yet, and the ratings say what is expected."""

    learner: str
    language: str
    goal: Goal | None
    inputs: Sequence[Input]
    runs: Sequence[Run] = ()
    ratings: Ratings = field(default_factory=dict)
    mastery: Mapping[str, Mastery] = field(default_factory=dict)
    reviews: Mapping[str, Review] = field(default_factory=dict)
    title: str = ""
    hints: Sequence[Hint] = ()
    goals: Sequence[Goal] = ()
    learnt: Learnt | None = None


def decide(context: Context) -> Decision:
    """Evaluations in the order of the runs, then what they changed: mastery by concept, the next review."""
    goal = context.goal
    if goal is None:
        return _found(solved=False)
    ratings: Ratings = context.ratings
    events: list[Said] = []
    counted: list[tuple[Outcome, float]] = []
    review: Review | None = context.reviews.get(goal.concepts[0]) if goal.concepts else None
    solved = False
    forecast = Forecast(context.learnt) if context.learnt is not None else None
    for outcome, past in outcomes(goal, context.runs, context.inputs, context.hints):
        attempt = Attempt(context.learner, goal.challenge, tuple(goal.concepts), goal.difficulty, outcome.at)
        found = measured(
            ratings,
            attempt,
            correct=outcome.correct,
            assisted=outcome.assisted,
            weight=outcome.weight,
            forecast=forecast,
        )
        ratings = found.after
        if forecast is not None and teaches(outcome.purpose, outcome.correct, counted=bool(found.deltas)):
            forecast.saw(attempt, outcome.correct)
        events.append(Said(_recorded(context, goal, outcome, past, found), causation=outcome.event))
        if found.deltas:
            counted.append((outcome, found.expected))
        solved = solved or outcome.solves
        due = reviewed(goal, outcome, past, found.expected, review)
        if due is not None:
            events.append(Said(due, causation=outcome.event))
            review = Review(due.concept, due.due, due.stability, due.difficulty, due.reviewed)
    changes = changed(context, goal, ratings, counted)
    events.extend(Said(change, causation=counted[-1][0].event) for change in changes)
    return _found(
        solved=solved,
        mastery={change.concept: change.after for change in changes},
        moved=any(moved(change) for change in changes),
        events=events,
    )


def sum_up(record: Record, today: date) -> Decision:
    """The days of work before `today` that nobody has summed up."""
    return _found(solved=False, events=[Said(summary) for summary in summaries(record, today)])


def answer(doubted: Doubted) -> Decision:
    """Doubts, answered; mastery moves where a rule took an attempt out."""
    said, changes = answers(doubted)
    return _found(
        solved=False,
        mastery={change.concept: change.after for change in changes},
        moved=any(moved(change) for change in changes),
        events=said,
    )


def reviewed(goal: Goal, outcome: Outcome, past: Past, expected: float, card: Review | None) -> ReviewDue | None:
    """The primary concept's next review: after a goal's first solving submission, or a review's first failing one."""
    failed_review = goal.kind == "review" and outcome.purpose == "submit" and not outcome.correct
    if past.solved or not goal.concepts or not (outcome.solves or (failed_review and not past.failed_submissions)):
        return None
    recall = recalled(
        solved=outcome.solves,
        assisted=outcome.assisted,
        hints=outcome.rung,
        failures=past.failed_submissions,
        attempts=outcome.number,
        expected=expected,
    )
    due = schedule(
        recall,
        outcome.at,
        stability=card.stability if card else None,
        difficulty=card.difficulty if card else None,
        reviewed=card.reviewed if card else None,
        soon=outcome.assisted,
    )
    return ReviewDue(
        concept=goal.concepts[0],
        due=due.due,
        stability=due.stability,
        difficulty=due.difficulty,
        reviewed=due.reviewed,
    )


def changed(
    context: Context, goal: Goal, ratings: Ratings, counted: Sequence[tuple[Outcome, float]]
) -> list[MasteryChanged]:
    """One change for each concept that the counted outcomes moved, with the runs it rests on, newest first."""
    if not counted:
        return []
    newest, expected = counted[-1]
    changes = []
    for concept in goal.concepts:
        row = context.mastery.get(concept)
        attempts = row.attempts if row else 0
        now = standing(ratings, context.learner, concept, attempts + len(counted))
        before = row.shown if row else standing(context.ratings, context.learner, concept, 0).shown
        ids = [o.event for o, _ in reversed(counted)] + (row.evidence if row else [])
        changes.append(
            MasteryChanged(
                concept=concept,
                goal=goal.goal,
                before=round(before, 4),
                after=round(now.shown, 4),
                assisted=round(now.assisted, 4),
                unassisted=round(now.unassisted, 4),
                uncertainty=round(now.uncertainty, 4),
                attempts=now.attempts,
                evidence=tuple(dict.fromkeys(ids))[:EVIDENCE],
                because=texts.because(context.language, context.title or goal.challenge, newest, expected),
            )
        )
    return changes


def moved(change: MasteryChanged) -> bool:
    """Is the change worth a new plan: a gate crossed, or a tenth or more?"""
    return crossed(change.before, change.after) is not None or abs(change.after - change.before) >= BIG_MOVE


def _recorded(context: Context, goal: Goal, outcome: Outcome, past: Past, found: Measured) -> EvaluationRecorded:
    seconds = (outcome.at - goal.opened).total_seconds() if goal.opened else None
    first = outcome.solves and not past.solved
    return EvaluationRecorded(
        goal=goal.goal,
        run=outcome.run,
        challenge=goal.challenge,
        concepts=tuple(goal.concepts),
        correct=outcome.correct,
        assisted=outcome.assisted,
        purpose=outcome.purpose,
        expected=found.expected,
        score=outcome.passed / outcome.total if outcome.total else 0.0,
        attempt=outcome.number,
        seconds=None if seconds is None else max(0.0, seconds),
        error=None if outcome.correct else outcome.verdict or None,
        deltas=found.deltas,
        pace=pace(goal, seconds, context.goals, outcome.at) if first else None,
        weight=outcome.weight,
        predictor="ratings" if context.learnt is None else "learner_model",
        predictor_version=context.learnt.version if context.learnt else None,
        predictor_position=context.learnt.position if context.learnt else None,
    )


def _found(
    *,
    solved: bool,
    mastery: dict[str, float] | None = None,
    moved: bool = False,
    events: Sequence[Said] = (),
) -> Decision:
    findings: dict[str, Any] = {"solved": solved, "mastery": mastery or {}, "moved": moved}
    return Decision({"findings": {"evaluation": findings}}, events)
