"""Access: who may work on what, until when, and what would lift a refusal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import NOW, contract, goal, learner, terms

from functions.access.agent import Context, Subject, accept_by, consents_missing, cut_off, decide, judge
from functions.access.quotas import goals_used, quotas, spent
from functions.access.texts import GRANTED, NONE_AT_ALL, REFUSED, STATES, TO_BE_CHECKED
from shared.clock import day_of
from shared.curriculum import load
from shared.events.catalogue.agents import AccessDenied, AccessGranted
from shared.readmodel.rows import Goal

ZONES = ("Europe/Madrid", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Auckland", "UTC")
ASKED = Subject(
    learner=learner(),
    language="en",
    now=NOW,
    asked="g-1",
    goal=goal(),
    contract=contract(),
    courses=frozenset({"python-foundations"}),
    runs=True,
)


def test_an_enrolled_learner_with_a_contract_may_run_their_goal_for_an_hour() -> None:
    verdict = judge(ASKED)
    assert verdict.granted
    assert verdict.until == NOW + timedelta(hours=1)
    assert verdict.text == "contract in force until 2027-06-11; 0 of 200 runs used today"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"learner": None}, "unknown_learner"),
        ({"goal": None}, "unknown_goal"),
        ({"goal": goal(learner="ben")}, "not_your_goal"),
        ({"goal": goal(state="swapped")}, "goal_closed"),
        ({"contract": None}, "no_contract"),
        ({"contract": contract(terms(starts=NOW + timedelta(days=1)))}, "contract_not_started"),
        ({"contract": contract(terms(ends=NOW - timedelta(days=3)))}, "contract_ended"),
        ({"contract": contract(terms(courses=("python-collections",)))}, "course_not_covered"),
        ({"courses": frozenset()}, "not_enrolled"),
        ({"used": 200}, "quota_used_up"),
        ({"runs": False, "hints": True, "hints_used": 200}, "hints_used_up"),
        ({"contract": contract(terms(seats=2)), "seats_before": 2}, "no_seat"),
        ({"contract": contract(terms(acceptance=True, version="2"), accepted="1")}, "terms_not_accepted"),
        ({"contract": contract(terms(acceptance=True, consents=("mood",)), accepted="1")}, "consent_missing"),
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_each_refusal_names_its_reason_and_what_would_lift_it(changed: dict, reason: str, language: str) -> None:
    verdict = judge(replace(ASKED, language=language, **changed))
    assert (verdict.granted, verdict.reason, verdict.until) == (False, reason, None)
    assert verdict.text.endswith(".")
    assert verdict.remedy.endswith(".")
    assert "{" not in verdict.text + verdict.remedy


def test_a_goal_of_somebody_else_looks_as_if_it_were_not_there() -> None:
    foreign, unknown = judge(replace(ASKED, goal=goal(learner="ben"))), judge(replace(ASKED, goal=None))
    assert (foreign.shown, foreign.text, foreign.remedy) == (unknown.shown, unknown.text, unknown.remedy)
    assert foreign.reason != unknown.reason


def test_neither_event_nor_answer_tells_whose_goal_it_is_only_the_servers_own_state_does() -> None:
    decision = decide(Context(replace(ASKED, goal=goal(learner="ben"))))
    (said,) = decision.events
    assert isinstance(said.body, AccessDenied)
    assert said.body.reason == decision.update["access"]["reason"] == "unknown_goal"
    assert decision.update["access"]["found"] == "not_your_goal"


def test_a_solved_goal_may_be_run_again() -> None:
    assert judge(replace(ASKED, goal=goal(state="solved"))).granted


def test_placement_needs_no_enrolment_but_a_contract_that_covers_the_course() -> None:
    placing = replace(ASKED, courses=frozenset(), goal=goal(kind="placement"))
    assert judge(placing).granted
    refused = judge(replace(placing, contract=contract(terms(courses=("other",)))))
    assert refused.reason == "course_not_covered"
    assert "other" in refused.remedy
    taught = load().courses
    titled = replace(placing, contract=contract(terms(courses=("javascript-foundations",))), taught=taught)
    assert f"It covers {taught['javascript-foundations'].title['en']}." in judge(titled).remedy


def test_who_is_in_a_course_may_practise_what_it_rests_on() -> None:
    assert judge(replace(ASKED, courses=frozenset({"python-collections"}), needed=frozenset({"loops"}))).granted


def test_grace_keeps_the_door_open_until_its_last_instant() -> None:
    ends = NOW - timedelta(days=3)
    edge = replace(ASKED, contract=contract(terms(ends=ends, grace_days=3)))
    just_before = judge(replace(edge, now=NOW - timedelta(microseconds=1)))
    assert just_before.until == NOW
    assert judge(edge).reason == "contract_ended"


def test_the_last_run_of_the_day_is_granted_and_the_next_is_not() -> None:
    assert judge(replace(ASKED, used=199)).granted
    refused = judge(replace(ASKED, used=200))
    assert "200" in refused.text
    assert "2026-11-24 00:00" in refused.remedy, "the learner's own midnight, in Madrid"


def test_the_quota_is_about_running_code_only() -> None:
    assert judge(replace(ASKED, used=200, runs=False)).granted


def test_a_grant_ends_with_the_learners_own_day() -> None:
    late = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)  # 23:30 in Madrid
    assert judge(replace(ASKED, now=late)).until == datetime(2026, 11, 23, 23, 0, tzinfo=UTC)


def test_a_grant_is_recorded_and_kept_in_the_state() -> None:
    decision = decide(Context(ASKED))
    assert decision.update["access"] == {"granted": True, "until": "2026-11-23T11:00:00.000000Z", "reason": ""}
    (said,) = decision.events
    assert isinstance(said.body, AccessGranted)


def test_a_refusal_is_recorded_and_leaves_no_grant() -> None:
    decision = decide(Context(replace(ASKED, used=200)))
    assert decision.update["access"]["granted"] is False
    (said,) = decision.events
    assert isinstance(said.body, AccessDenied)
    assert said.body.reason == "quota_used_up"


def test_a_look_at_the_contract_is_never_refused_because_of_the_contract_and_its_grant_is_over_at_once() -> None:
    ended = replace(ASKED, asked=None, goal=None, contract=contract(terms(ends=NOW - timedelta(days=90))))
    assert decide(Context(ended)).update["access"]["granted"] is False
    assert decide(Context(ended, looking=True)).update["access"] == {
        "granted": True,
        "until": "2026-11-23T10:00:00.000000Z",
        "reason": "",
    }
    nobody = decide(Context(replace(ended, learner=None), looking=True))
    assert nobody.update["access"]["reason"] == "unknown_learner"


def test_every_text_is_there_in_both_languages_with_the_same_figures() -> None:
    import re

    pairs = [*REFUSED.values(), *NONE_AT_ALL.values(), tuple(STATES.values()), (GRANTED, TO_BE_CHECKED)]
    for words in (w for pair in pairs for w in pair):
        assert set(words) == {"en", "es"}
        assert len({frozenset(re.findall(r"{(\w+)}", w)) for w in words.values()}) == 1


goals = st.sampled_from(["assigned", "open", "stuck", "paused", "solved", "swapped", "abandoned"]).map(
    lambda state: goal(state=state)
)


@given(
    goals,
    st.integers(-40, 40),
    st.integers(0, 10),
    st.integers(0, 300),
    st.integers(0, 86_399),
)
def test_a_grant_never_outlives_contract_day_or_hour(
    which: Goal, ends_in: int, grace: int, used: int, second: int
) -> None:
    now = NOW + timedelta(seconds=second)
    deal = contract(terms(ends=NOW + timedelta(days=ends_in), grace_days=grace))
    verdict = judge(replace(ASKED, goal=which, now=now, contract=deal, used=used))
    if verdict.granted:
        assert verdict.until is not None
        assert now < verdict.until <= min(cut_off(deal), now + timedelta(hours=1))
        assert used < 200
        assert which.state != "swapped"
    else:
        assert verdict.reason is not None
        assert verdict.remedy


def test_new_terms_may_be_accepted_within_the_days_of_grace_and_the_grant_ends_with_them() -> None:
    new = terms(acceptance=True, version="2", grace_days=3)
    by = NOW + timedelta(minutes=20)
    waiting = contract(new, accepted="1", stated=by - timedelta(days=3))
    assert judge(replace(ASKED, contract=waiting)).until == by
    assert judge(replace(ASKED, contract=waiting, now=by)).reason == "terms_not_accepted"
    assert judge(replace(ASKED, contract=replace(waiting, accepted="2"), now=by)).granted
    asks_more = replace(waiting, accepted="2", terms=terms(acceptance=True, version="2", consents=("mood", "models")))
    assert consents_missing(replace(asks_more, consents=["mood"])) == ["models"]
    assert accept_by(replace(asks_more, consents=["models", "mood"])) is None


@pytest.mark.parametrize(
    ("language", "nothing", "coming"), [("en", "holds no", "The next ones"), ("es", "no incluye", "Habrá más")]
)
def test_a_contract_without_runs_or_hints_promises_none_for_later(language: str, nothing: str, coming: str) -> None:
    none = contract(terms(runs_per_day=0, hints_per_day=0))
    for asked in ({}, {"runs": False, "hints": True}):
        verdict = judge(replace(ASKED, language=language, contract=none, **asked))
        assert not verdict.granted
        assert nothing in verdict.text
        assert coming not in verdict.remedy


def test_hints_used_up_stop_neither_runs_nor_a_run_that_comes_with_a_hint() -> None:
    assert judge(replace(ASKED, hints_used=10_000)).granted


def test_every_quota_is_told_with_what_is_left_and_when_it_comes_anew() -> None:
    told = quotas(terms(kinds_per_day={"review": 2}), {"runs": 3, "goals.review": 5}, NOW)
    assert [(q.kind, q.limit, q.used, q.left) for q in told] == [
        ("runs", 200, 3, 197), ("hints", 200, 0, 200), ("goals", 12, 0, 12), ("goals.review", 2, 5, 0),
    ]  # fmt: skip


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_who_keeps_their_time_zone_is_counted_by_their_own_day_alone(limit: int, before: int, today: int) -> None:
    """`before`: runs of yesterday that lie in the last 24 hours."""
    before, today = min(before, limit), min(today, limit)
    assert spent(today, before + today, limit) == today


def test_moving_midnight_by_another_time_zone_wins_no_runs() -> None:
    """All of a day's runs were used before a midnight, and again after one stated an hour later."""
    assert spent(0, 400, 200) == 200


def test_goals_of_other_days_and_challenges_that_made_no_goal_use_up_nothing() -> None:
    rows = [goal(), goal(goal="g-2", kind="review"), goal(goal="g-3", day=NOW.date() - timedelta(days=1))]
    assert goals_used(rows, NOW.date()) == {"goals": 2, "goals.course": 1, "goals.review": 1}


@given(st.integers(0, 2 * 365 * 24 * 3600), st.sampled_from(ZONES))
def test_quotas_begin_anew_at_the_learners_own_midnight(seconds: int, zone: str) -> None:
    now = NOW + timedelta(seconds=seconds)
    begins, ends = day_of(now, zone)
    assert begins <= now < ends
    local = ends.astimezone(ZoneInfo(zone))
    assert (local.date() - begins.astimezone(ZoneInfo(zone)).date()).days == 1
    assert timedelta(hours=22) < ends - begins < timedelta(hours=26)
    assert day_of(ends, zone)[0] == ends


def test_a_day_on_which_the_clocks_change_has_23_or_25_hours() -> None:
    lengths = [
        day_of(datetime(2026, month, day, 12, tzinfo=UTC), "Europe/Madrid") for month, day in ((3, 29), (10, 25))
    ]
    assert [(ends - begins) / timedelta(hours=1) for begins, ends in lengths] == [23, 25]
