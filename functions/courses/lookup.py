"""A page for a learner, with everything looked up: what the API serves. No LangGraph in here: the API stays light."""

from __future__ import annotations

from shared.refusals import say
from shared.spoken import words

import json
from typing import Any

from functions.courses.explaining import Wanted
from functions.courses.page import Failure, render
from functions.courses.placing import Place, likely_cause, place
from shared.curriculum import Challenge, Curriculum
from shared.errors import NotFound
from shared.readmodel import View
from shared.readmodel.challenges import challenge_of
from shared.readmodel.rows import Goal


def page(
    view: View,
    curriculum: Curriculum,
    *,
    learner: str,
    language: str,
    concept: str,
    goal: str | None = None,
) -> str:
    """Markdown; with `goal` it links what explains its last failure. Raises NotFound for an unknown concept or a goal
    that is not the learner's."""
    known = curriculum.concepts.get(concept)
    if known is None:
        raise NotFound(say("no_concept", concept=concept))
    row = view.goal(goal) if goal is not None else None
    if goal is not None and (row is None or row.learner != learner):
        raise NotFound(say("no_such_goal", goal=goal))
    challenge = challenge_of(view, curriculum, row)
    return render(
        known,
        language,
        row,
        anchor_of(view, curriculum, concept, row),
        view.mastery_of(learner).get(concept),
        challenge=challenge,
        failure=_failure(view, row, challenge) if row and challenge else None,
        words=_words(view, learner, concept, goal),
    )


def wanted(view: View, curriculum: Curriculum, *, learner: str, concept: str, goal: str | None) -> Wanted:
    """What an explanation of this concept should be aimed at: the learner, and the goal they work on."""
    who, row = view.learner(learner), view.goal(goal) if goal is not None else None
    challenge, known = challenge_of(view, curriculum, row), curriculum.concepts[concept]
    return Wanted(
        concept=known,
        language=words(who.language if who else "en"),
        programming=(challenge or curriculum.courses[known.course]).language,
        level=(who.level or "") if who else "",
        challenge=challenge,
        failure=failed(view, row, challenge) if row and challenge else "",
    )


def place_of(view: View, curriculum: Curriculum, goal: Goal, challenge: Challenge) -> Place:
    """Where the page begins that answers what failed last on a goal. `challenge`: the goal's."""
    given = next((p.concept for p in view.pages_of(goal.learner) if p.goal == goal.goal), challenge.concept)
    runs = [run for run in view.runs_of(goal.goal) if not run.fault]
    failure = _failure(view, goal, challenge)
    cause = likely_cause(runs, view.feedback_of(goal.goal, limit=len(runs))) if failure else None
    concept = given if given in curriculum.concepts else challenge.concept
    return place(curriculum, concept, challenge, cause, failure)


def anchor_of(view: View, curriculum: Curriculum, concept: str, goal: Goal | None) -> str | None:
    """The same, if it is on the page of `concept`."""
    challenge = challenge_of(view, curriculum, goal)
    found = place_of(view, curriculum, goal, challenge) if goal and challenge else None
    return found.anchor if found and found.concept == concept else None


def _words(view: View, learner: str, concept: str, goal: str | None) -> str:
    """What was explained for this learner on the page of this goal; empty where nothing was, or it was erased."""
    page = next((p for p in view.pages_of(learner) if (p.concept, p.goal) == (concept, goal)), None)
    return view.text(learner, page.words) if page is not None and page.words else ""


def failed(view: View, goal: Goal, challenge: Challenge) -> str:
    """The case that failed last, as far as the learner may know it; empty where none did."""
    case = _first_failing(view, goal)
    found = _as_failure(case, challenge) if case else None
    if case is None or found is None:
        return ""
    if not found.visible:
        return f"a hidden case of the part {found.subtask}"
    error = case.get("error") or {}
    parts = {
        "call": case.get("input"),
        "expected": case.get("expected"),
        "got": case.get("got"),
        "raised": f"{error.get('type', '')}: {error.get('message', '')}" if error else "",
        "line": case.get("line"),
    }
    return "\n".join(f"{name}: {str(value)[:300]}" for name, value in parts.items() if value)


def _failure(view: View, goal: Goal, challenge: Challenge) -> Failure | None:
    case = _first_failing(view, goal)
    return _as_failure(case, challenge) if case else None


def _as_failure(case: dict[str, Any], challenge: Challenge) -> Failure:
    id_ = str(case["id"])
    visible = any(c.id == id_ and c.visible for c in challenge.cases)
    return Failure(id_, str(case["subtask"]), visible)


def _first_failing(view: View, goal: Goal) -> dict[str, Any] | None:
    """Of the newest run, unless it was our fault: the first failing case of its report, a visible one if there is one, as feedback
    speaks of it. None once all cases pass."""
    newest = next((r for r in view.runs_of(goal.goal, limit=5) if not r.fault), None)
    if newest is None or newest.passed == newest.total:
        return None
    report = view.text(goal.learner, newest.report)
    cases: list[dict[str, Any]] | None = json.loads(report).get("cases") if report else None
    return min(cases, key=lambda case: not case.get("visible")) if cases else None
