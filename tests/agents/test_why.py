"""`goals why`: every decision of real days through the real graph is explained from what is stored."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from people import NOW, TODAY, terms
from test_day_through_the_graph import Day, day, placed  # noqa: F401  `day` is a fixture

from functions.api.why import words
from functions.api.why.links import TABLE
from functions.api.why.look import Look
from functions.api.why.tree import Reason, explain, walk
from shared.events.catalogue import contracts, interactions, learners
from shared.events.data import LATEST
from shared.events.record import Event
from shared.store.log import everything


def events(day: Day, type_: str) -> list[Event]:  # noqa: F811
    return [e for e in everything(day.conn) if e.type == f"goals.{type_}"]


def why(day: Day, event: Event, **told: Any) -> Reason:  # noqa: F811
    return explain(event, Look(day.conn, "ana"), **told)


def below(reason: Reason) -> list[tuple[str, str]]:
    """(role, type) of what stands right under an event."""
    return [(r.role, r.event.type.removeprefix("goals.")) for r in reason.reasons]


def whole(reason: Reason) -> list[Reason]:
    found: list[Reason] = []
    walk(reason, found.append)
    return found


@pytest.fixture
def lived(day: Day) -> Day:  # noqa: F811
    """Placement, a stuck goal, a hint, a doubt, a mood, new terms, a fault, a swap, and the next day."""
    placed(day)
    goal, other = [g for g in day.goals if g.kind != "placement"][:2]
    for _ in range(4):
        day.runs(goal, right=False)
    day.happens(interactions.HintAsked(goal=goal.goal))
    day.runs(goal, right=True)
    day.happens(interactions.MasteryQuestioned(concept=goal.concepts[0]))
    day.happens(interactions.MoodAnswered(answer="tired"))
    day.runs(other, right=False, fault=True)
    day.happens(interactions.GoalSwapped(goal=other.goal))
    day.happens(contracts.ContractAmended(
        contract="c-1", organisation="acme", terms=terms(ends=NOW + timedelta(days=5), version="2"),
        changes={"ends": ("later", "sooner")},
    ))  # fmt: skip
    day.happens(learners.DayStarted(day=TODAY + timedelta(days=1)), NOW + timedelta(hours=20))
    return day


DECISIONS = [
    "evaluation.recorded", "evaluation.summarised", "mastery.changed", "mastery.answered", "state.changed",
    "plan.changed", "goal.assigned", "review.due", "access.granted", "contract.changed", "contract.expiring",
    "quota.refunded", "hint.given", "feedback.given", "mood.observed", "lesson.written",
]  # fmt: skip


def test_every_decision_leads_back_to_what_somebody_did(lived: Day) -> None:
    """Down to an event that no function decided; and each is told in a sentence of either language."""
    for type_ in DECISIONS:
        found = events(lived, type_)
        assert found, f"the days had no {type_}"
        for event in found:
            told = whole(why(lived, event, depth=6))
            roots = [r for r in told if not r.event.source.startswith("/functions/")]
            assert roots, f"{type_} {event.data} rests on nothing"
            for reason in told:
                for language in ("en", "es"):
                    assert "{" not in words.says(reason.event, language)


def test_a_mastery_figure_leads_to_its_attempts_as_they_were_measured(lived: Day) -> None:
    change = next(e for e in events(lived, "mastery.changed") if len(e.data["evidence"]) > 1)
    told = why(lived, change)
    measured = [r for r in told.reasons if r.role == "measured"]
    assert {r.event.causation for r in measured} == set(change.data["evidence"])
    assert {r.event.type for r in measured} == {"goals.evaluation.recorded"}
    assert all(("run", "run.finished") in below(r) or r.more for r in measured)
    assert words.because(change, "en") == change.data["because"] != ""


def test_an_evaluation_names_the_attempt_the_goal_and_the_hint_before_it(lived: Day) -> None:
    helped = events(lived, "evaluation.recorded")
    solved = next(e for e in reversed(helped) if e.data["correct"])
    assert {("run", "run.finished"), ("help", "hint.given"), ("goal", "goal.assigned")} <= set(
        below(why(lived, solved))
    )
    assert ("help", "hint.given") not in below(why(lived, helped[0]))
    sentence = words.says(solved, "en")
    assert f"expected {solved.data['expected']:.2f}" in sentence
    assert "it counted 0.70" in sentence


def test_a_state_that_changed_names_its_evidence_and_what_it_measured(lived: Day) -> None:
    stuck = next(e for e in events(lived, "state.changed") if e.data["after"] == "stuck")
    found = below(why(lived, stuck))
    assert ("evidence", "run.finished") in found
    assert ("measured", "evaluation.recorded") in found
    due = next((e for e in events(lived, "state.changed") if e.data["entity"] == "review"), None)
    if due is not None:
        assert ("rests_on", "review.due") in below(why(lived, due))


def test_a_plan_names_what_moved_before_it_the_profile_and_the_terms(lived: Day) -> None:
    plans = [why(lived, e) for e in events(lived, "plan.changed")]
    found = {pair for plan in plans for pair in below(plan)}
    assert {("rests_on", "mastery.changed"), ("rests_on", "mood.observed"), ("profile", "profile.stated")} <= found
    assert {("cause", "day.started"), ("rests_on", "evaluation.summarised")} <= set(below(plans[-1]))
    assert all(any(role == "terms" for role, _ in below(plan)) for plan in plans)
    newest = plans[-1].event
    assert all(line["because"] in words.because(newest, "en") for line in newest.data["goals"])


def test_a_goal_names_the_plan_that_wanted_it_and_its_proof(lived: Day) -> None:
    for event in events(lived, "goal.assigned"):
        found = below(why(lived, event))
        assert ("plan", "plan.changed") in found
        assert any(role == "proof" for role, _ in found)


def test_changed_terms_name_those_before_and_those_after(lived: Day) -> None:
    (changed,) = events(lived, "contract.changed")
    assert below(why(lived, changed))[:2] == [("terms", "contract.amended"), ("terms", "contract.signed")]
    (refund,) = events(lived, "quota.refunded")
    assert below(why(lived, refund)) == [("run", "run.finished"), ("terms", "contract.signed")]


def test_an_answered_doubt_names_the_doubt_and_what_it_moved(lived: Day) -> None:
    (answer,) = events(lived, "mastery.answered")
    found = below(why(lived, answer))
    assert ("doubt", "mastery.questioned") in found
    assert answer.data["outcome"] == "reweighed"
    assert {("rests_on", "evaluation.withdrawn"), ("rests_on", "mastery.changed")} <= set(found)
    moved = [e for e in events(lived, "mastery.changed") if e.causation == answer.data["question"]]
    assert ("doubt", "mastery.questioned") in below(why(lived, moved[0]))
    assert ("measured", "evaluation.withdrawn") in below(why(lived, moved[0]))


def test_a_refusal_names_the_terms_it_rests_on(day: Day) -> None:  # noqa: F811
    day.happens(
        contracts.ContractAmended(contract="c-1", organisation="acme", terms=terms(ends=NOW - timedelta(days=9)))
    )
    day.happens(interactions.HintAsked(goal=day.goals[0].goal))
    denied = events(day, "access.denied")[-1]
    assert denied.data["reason"] == "contract_ended"
    assert ("terms", "contract.amended") in below(why(day, denied))
    assert ("cause", "hint.asked") in below(why(day, denied))
    assert events(day, "hint.given") == []


def test_an_event_stands_where_it_is_nearest_and_a_large_tree_says_that_it_was_cut(lived: Day) -> None:
    plan = events(lived, "plan.changed")[-1]
    told = whole(why(lived, plan, depth=6))
    assert len({r.event.id for r in told if not r.again}) == sum(not r.again for r in told)
    assert not any(r.reasons for r in told if r.again)
    small = whole(why(lived, plan, depth=1))
    assert any(r.more for r in small)
    assert len(whole(why(lived, plan, depth=6, most=5))) <= 6


def test_nothing_of_anybody_else_is_ever_shown(lived: Day) -> None:
    event = events(lived, "mastery.changed")[-1]
    assert below(explain(event, Look(lived.conn, "ben"))) == []


def test_every_decision_has_words_in_both_languages_and_what_has_none_is_told_by_its_name() -> None:
    said = words._words()["says"]
    assert set(TABLE) <= set(said)
    assert {f"goals.{t}" for t in said} <= set(LATEST)
    assert all(set(w) == {"en", "es"} for group in words._words().values() for w in group.values())
    event = Event(1, 1, "e", "goals.learner.erased", 1, "/s", "ana", "s", NOW, {}, "e", None, None, "public")
    assert words.says(event, "es") == "learner.erased"


def test_a_text_that_is_kept_apart_or_was_erased_is_not_repeated() -> None:
    data = {"text": "payload:0193a5c8-8a00-7b11-9c2d-1f2e3d4c5b6a", "because": "payload:x"}
    event = Event(1, 1, "e", "goals.motivation.given", 1, "/s", "ana", "s", NOW, data, "e", None, None, "public")
    assert words.says(event, "en") == "…"
    assert words.because(event, "en") == ""
