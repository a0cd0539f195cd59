"""Composition root of `feedback`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from functions.feedback.agent import Context, decide, newest_run
from functions.feedback.progress import DAYS, Standing, first_of_day
from functions.feedback.writing import Writer, nobody, writer
from graph.decision import Decision
from graph.host import NodeFunction
from graph.node import Body
from graph.state import State
from shared.clock import local_day, parse
from shared.curriculum import Challenge, text
from shared.curriculum import load as curriculum
from shared.errors import InvalidInput, SandboxUnavailable
from shared.models import LentModel
from shared.readmodel import View
from shared.readmodel.asking import asker_of
from shared.readmodel.challenges import challenge_of
from shared.readmodel.expecting import expected
from shared.readmodel.rows import Goal, Learner
from shared.support import SupportSettings
from shared.validators import Passes

RUNS = 200
SAID = 200
"""Texts on a goal that are remembered: what was said among them is not said again."""


def load(state: State, view: View, now: datetime) -> Context:
    """The goal and its challenge; of the newest run the code and the report; what was said before."""
    inputs, goal_id, learner = state.get("inputs", []), state.get("goal"), state["learner"]
    who = view.learner(learner)
    language = who.language if who else "en"
    zone = who.timezone if who else "UTC"
    goal = view.goal(goal_id) if goal_id else None
    if goal is None or goal.learner != learner:
        return Context(language, None, None, inputs)
    challenge = challenge_of(view, curriculum(), goal)
    context = Context(language, goal, challenge, inputs, now=now, zone=zone, title=_title(goal, language))
    runs = [run for run in view.runs_of(goal.goal, limit=RUNS)[::-1] if not run.fault]
    newest = newest_run(inputs)
    if newest is None:
        last = runs[-1] if runs else None
        cards = {review.concept: review for review in view.reviews_of(learner)}
        return replace(
            context,
            code=view.text(learner, last.code) if last else "",
            report=view.text(learner, last.report) if last else "",
            review=cards.get(goal.concepts[0]) if goal.concepts else None,
        )
    place = next((i for i, run in enumerate(runs) if run.run == newest["facts"]["run"]), None)
    before = runs if place is None else runs[:place]
    run = None if place is None else runs[place]
    return replace(
        context,
        code=view.text(learner, run.code) if run else "",
        report=view.text(learner, run.report) if run else "",
        recent=view.feedback_of(goal.goal, limit=SAID),
        runs=len(before) + 1,
        solved_before=any(r.purpose == "submit" and 0 < r.total == r.passed for r in before),
        expected=expected(view, curriculum(), goal, parse(newest["at"])),
        attention=view.attention_of(learner),
        asked=view.mood_of(learner).asked,
        edited=_edited(view, learner, parse(newest["at"])),
        standing=_standing(view, learner, who, parse(newest["at"]), now),
        contact=SupportSettings().support_contact,
    )


def _edited(view: View, learner: str, ran: datetime) -> datetime | None:
    """The last edit, if it came after the run that is answered: they are typing again."""
    last = view.last_edit(learner)
    return last if last is not None and last > ran else None


def _standing(view: View, learner: str, who: Learner | None, at: datetime, now: datetime) -> Standing | None:
    """Looked up for the first run of a day only."""
    zone = who.timezone if who else "UTC"
    if not first_of_day(view.last_run_before(learner, at), at, zone):
        return None
    language = who.language if who else "en"
    concepts = curriculum().concepts
    return Standing(
        zone=zone,
        goals=view.goals_of(learner, since=local_day(now - timedelta(days=DAYS * 2), zone)),
        mastery=list(view.mastery_of(learner).values()),
        reviews=view.reviews_of(learner),
        titles={slug: text(concept.title, language) for slug, concept in concepts.items()},
    )


def _title(goal: Goal, language: str) -> str:
    concept = curriculum().concepts.get(goal.concepts[0]) if goal.concepts else None
    return text(concept.title, language) if concept else ""


def asking(model: LentModel) -> Body:
    """The node with a model: look up, decide, and let the model put it into words."""

    def body(state: State, view: View, now: datetime) -> Decision:
        context = load(state, view, now)
        return decide(context, _writer(model, state, view, context))

    return body


def _writer(model: LentModel, state: State, view: View, context: Context) -> Writer:
    who = asker_of(view, state["learner"], state.get("tenant", "public"))
    if who is None:
        return nobody
    return writer(model, who, context.now, passes(context.challenge) if context.challenge else None)


def passes(challenge: Challenge) -> Passes:
    """Runs a program against the challenge's cases, one by one; the challenge's own checks are asked for their word.
    Where there is no sandbox for it on this machine, it tells nothing."""

    def run(program: str) -> Iterator[bool]:
        from shared.judging import Asked, answers, call_of, verdict
        from shared.sandbox.kept import kept

        sandbox = kept()
        if sandbox is None:
            return
        cases = challenge.cases
        try:
            with sandbox.run(program, [call_of(case) for case in cases], language=challenge.language) as seen:
                for case, one in zip(cases, seen, strict=True):
                    word = verdict(case, one)
                    told = answers(sandbox, challenge.checks, [word])[0] if isinstance(word, Asked) else word
                    yield told == "passed"
        except (SandboxUnavailable, InvalidInput):
            return

    return run


body = asking(LentModel())
"""The node as the rules alone have it: no model is lent to it."""


def new() -> NodeFunction:
    """The deployable function."""
    model = LentModel()
    return NodeFunction("feedback", asking(model), model=model)
