"""Planner: what is near to the learner's workspace, target and job comes sooner and says so; nothing is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from people import NOW, TODAY, goal
from test_day_through_the_graph import Day, day, placed
from test_planner import BANK, asks, decide, mastery, plan_in
from test_turns import BANK as THREE
from test_turns import COURSES, KINDS_OF_LEARNERS, MOST, Weeks, waits

from functions.planner.agent import Context
from functions.planner.leaning import near, nearness
from functions.planner.recognising import words_of
from functions.planner.standing import stand
from shared.curriculum.fitting import fit
from shared.events.catalogue import interactions, learners
from shared.readmodel.rows import Enrolment

__all__ = ["day"]
PY, JS = "python-foundations", "javascript-foundations"


def both(**changed: object) -> Context:
    """In the Python and in the JavaScript course since the same moment, with nothing done in either."""
    there = [Enrolment(course, "active", NOW - timedelta(days=1)) for course in (PY, JS)]
    done = goal(goal="p", kind="placement", concepts=["values-and-names"], challenge="lighthouse-oil", runs=1,
                state="solved", opened=NOW, day=TODAY - timedelta(days=3))  # fmt: skip
    return asks(enrolments=there, goals=(done,), **changed)


@pytest.mark.parametrize(("names", "first"), [({"javascript"}, JS), ({"python"}, PY)])
def test_the_course_in_the_language_of_the_workspace_is_due_more(names: set[str], first: str) -> None:
    served = [
        goal(goal=f"s-{c}", kind="course", course=c, minutes=m, day=TODAY - timedelta(days=1), state="solved", runs=1)
        for c, m in ((first, 12), (PY if first == JS else JS, 10))
    ]
    context = both()
    context = replace(context, goals=[*context.goals, *served])
    assert stand(context).courses[0] != first, "by minutes alone the other is less served"
    assert stand(replace(context, names=frozenset(names))).courses[0] == first


def test_a_goal_says_that_it_is_near_and_weighs_more_for_it() -> None:
    plan = plan_in(both(names=frozenset({"javascript", "react"})))
    lines = [g for g in plan.goals if g.kind in ("course", "skill")]
    for line in lines:
        js = BANK.concepts[line.concept].course == JS
        assert line.because.endswith("Your workspace has javascript.") is js
        assert (line.parts["near"] > 0) is js
    assert {BANK.concepts[line.concept].course for line in lines} == {PY, JS}, "what is far is not left out"
    assert all(set(g.parts) & {"near"} == set() or g.parts["near"] == 0 for g in plan_in(both()).goals)


def test_a_target_in_words_is_near_to_the_course_that_has_its_words() -> None:
    wants = frozenset(words_of("I want to write JavaScript for our web shop"))
    context = both(wants=wants)
    assert near(context, "js-arrays") == "It is on the way to what you want: javascript."
    assert near(context, "loops") == ""
    assert (nearness(context, ["js-arrays", "loops"]), nearness(both(), ["js-arrays"])) == (0.5, 0.0)


def test_of_equally_fitting_challenges_the_one_in_a_language_of_the_workspace_comes_and_the_order_says_so() -> None:
    asked = {"learner": "ana", "kind": "course", "concept": "js-arrays", "difficulty": 0.5, "minutes": 60, "day": TODAY}
    plain = fit(BANK, **asked, before={})  # type: ignore[arg-type]
    typed = fit(BANK, **asked, before={}, languages=["typescript"])  # type: ignore[arg-type]
    assert plain is not None
    assert typed is not None
    has = any(c.language == "typescript" and "course" in c.kinds for c in BANK.challenges_of("js-arrays"))
    assert (typed.challenge.language == "typescript") is has
    known = {"js-functions": mastery("js-functions", 0.95)}
    orders = decide(both(names=frozenset({"typescript"}), mastery=known)).update["orders"]
    assert orders
    assert all(order["languages"] == ["typescript"] for order in orders)
    assert all("languages" not in order for order in decide(both(mastery=known)).update["orders"])


def test_a_near_course_starves_no_other() -> None:
    class Near(Weeks):
        def context(self, day: int, trigger: str) -> Context:
            return replace(super().context(day, trigger), wants=frozenset({COURSES[0]}))

    assert nearness(Near(30).context(0, "daily"), THREE.courses[COURSES[0]].concepts) == 1.0
    for deeds in ("slow", "diligent", "never done"):
        assert max(waited for _, _, waited in waits(Near(30), 21, KINDS_OF_LEARNERS[deeds], 3)) <= MOST


def test_on_a_real_store_the_plan_leans_only_with_consent(day: Day) -> None:
    placed(day)
    day.happens(learners.EnrolmentStarted(course=JS, because="joined", by="learner"))
    day.happens(interactions.WorkspaceSeen(languages="javascript", dependencies="react"))

    def told(number: int) -> str:
        at = NOW + timedelta(days=number)
        day.happens(learners.DayStarted(day=at.date()), at)
        return " ".join(line["because"] for line in day.plan.goals)

    assert "Your workspace has" not in told(1) + told(2)
    assert any(g.course == JS for g in day.goals), "there was something to say it of"
    for row in [g for g in day.goals if g.course == JS and g.state == "assigned"]:
        day.runs(row, right=True)
    agreed = interactions.ProfileStated(timezone="Europe/Madrid", minutes=60, consent_workspace=True)
    day.happens(agreed)
    day.happens(interactions.WorkspaceSeen(languages="javascript", dependencies="react"))
    assert any("Your workspace has javascript." in told(number) for number in range(3, 9))
    day.happens(learners.WorkspaceForgotten(texts=2))
    assert day.learner.languages == ""
