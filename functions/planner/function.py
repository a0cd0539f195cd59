"""Composition root of `planner`."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

from functions.planner.agent import Context, Stuck, Wished, decide
from functions.planner.recognising import recognise, words_of
from graph.decision import Decision
from graph.host import NodeFunction
from graph.node import Body
from graph.state import State
from shared.curriculum import Curriculum
from shared.curriculum import load as built_in
from shared.learner.tracing import SUBMISSIONS
from shared.models import LentModel
from shared.readmodel import View
from shared.readmodel.asking import asker_of
from shared.readmodel.challenges import as_measured
from shared.readmodel.rows import Contract, Learner

WISHES = timedelta(days=7)
"""How long a wish that could not be met is tried again."""


def load(state: State, view: View, now: datetime, *, writable: bool = False) -> Context:
    learner, curriculum = state["learner"], as_measured(view, built_in())
    who, contract = view.learner(learner), view.contract_of(learner)
    names, wants = _near(view, who, contract)
    said = [i["facts"].get("day") for i in state["inputs"] if i["type"] == "goals.day.started"]
    keys = [f"l:{learner}", *(f"lc:{learner}|{concept}" for concept in curriculum.order)]
    return Context(
        now=now,
        trigger=state["trigger"],
        curriculum=curriculum,
        learner=who,
        contract=contract,
        said=date.fromisoformat(str(said[-1])) if said else None,
        enrolments=view.enrolments(learner),
        goals=view.goals_of(learner),
        mastery=view.mastery_of(learner),
        reviews=view.reviews_of(learner),
        plan=view.plan_of(learner),
        mood=view.mood_of(learner),
        wishes=_wishes(view, learner, curriculum, now),
        ratings=view.ratings(keys),
        stuck=_stuck(state, view),
        writable=writable,
        rests=view.rests_of(learner),
        submissions=view.submissions_of(learner, limit=SUBMISSIONS),
        names=names,
        wants=wants,
    )


def _wishes(view: View, learner: str, curriculum: Curriculum, now: datetime) -> list[Wished]:
    found = []
    courses = [enrolment.course for enrolment in view.enrolments(learner)]
    for wish in view.wishes_of(learner, since=now - WISHES):
        named = wish.concept if wish.concept in curriculum.concepts else None
        words = "" if named or not wish.text else view.text(learner, wish.text)
        concept = named or recognise(words, curriculum, courses)
        found.append(Wished(wish.event, concept, wish.outcome, wish.goal))
    return found


def _near(view: View, who: Learner | None, contract: Contract | None) -> tuple[frozenset[str], frozenset[str]]:
    """The names of the workspace, only with consent; and the words of what they said of their target and job."""
    if who is None:
        return frozenset(), frozenset()
    consents = who.consent_workspace or (contract is not None and "workspace" in contract.consents)
    seen = [view.text(who.learner, ref) for ref in (who.languages, who.dependencies) if ref and consents]
    names = {name for text in seen for name in text.split()}
    said = " ".join(view.text(who.learner, ref) for ref in (who.target, who.job) if ref)
    return frozenset(names), frozenset(words_of(said))


def _stuck(state: State, view: View) -> Stuck | None:
    """The goal that `process` found stuck in this run, and which heading answers its newest failure."""
    id_ = state.get("goal")
    if id_ is None or not (state.get("findings") or {}).get("process", {}).get("stuck"):
        return None
    goal = view.goal(id_)
    if goal is None or goal.learner != state["learner"]:
        return None
    failed = next((r for r in view.runs_of(id_, limit=5) if not r.fault and r.passed < r.total), None)
    subtask = _subtask(view.text(goal.learner, failed.report)) if failed else None
    given = view.feedback_of(id_, limit=1)
    concept = built_in().concepts.get(goal.concepts[0])
    if given and concept and given[0].cause in concept.pitfalls:
        return Stuck(goal, given[0].cause)
    return Stuck(goal, f"subtask-{subtask}" if subtask else None)


def _subtask(report: str) -> str | None:
    """Of the first failing case. None where the report was erased or holds no case."""
    cases = json.loads(report).get("cases") if report else None
    return str(cases[0]["subtask"]) if cases else None


def asking(model: LentModel) -> Body:
    """The node with a model at hand: what the bank does not have may be ordered, `challenges` has it written."""

    def body(state: State, view: View, now: datetime) -> Decision:
        asked = model.there and asker_of(view, state["learner"], state.get("tenant", "public")) is not None
        return decide(load(state, view, now, writable=asked))

    return body


body = asking(LentModel())
"""The node where no model is: the bank alone."""


def new() -> NodeFunction:
    model = LentModel()
    return NodeFunction("planner", asking(model), model=model)
