"""Contract: what changed, what ends, what is given back; and that nothing is said twice."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import NOW, contract, terms

from functions.contract.agent import Context, Fault, decide, stands
from functions.contract.terms import differences, versioned
from functions.contract.texts import ACCEPT, CHANGED, NOTICES, REFUNDED
from shared.clock import parse
from shared.events.catalogue.contracts import (
    ContractChanged,
    ContractExpiring,
    ContractKept,
    PricePlan,
    QuotaRefunded,
    Terms,
)
from shared.readmodel.rows import Contract

DAY = timedelta(days=1)


def asks(
    row: Contract | None, *, announces: bool = True, checks: bool = True, language: str = "en", faults=()
) -> Context:
    return Context(NOW, language, "Europe/Madrid", row, announces, checks, tuple(faults))


def said(context: Context) -> list:
    return [s.body for s in decide(context).events]


def test_a_contract_that_holds_is_recorded_once_a_day_and_trusted_for_six_hours() -> None:
    decision = decide(asks(contract()))
    (kept,) = decision.events
    assert isinstance(kept.body, ContractKept)
    assert decision.update["contract"] == {"kept": True, "until": "2026-11-23T16:00:00.000000Z", "state": "kept"}
    assert decision.update["findings"]["contract"] == {"changed": False, "terms": False, "state": "kept"}
    assert said(asks(contract(), checks=False)) == []


def test_changed_terms_are_told_field_by_field() -> None:
    before = terms()
    after = terms(courses=("python-foundations",), runs_per_day=50)
    (changed, kept) = said(asks(contract(after, noticed=before)))
    assert isinstance(changed, ContractChanged)
    assert changed.changes == {"courses": ("all", "python-foundations"), "runs_per_day": ("200", "50")}
    assert isinstance(kept, ContractKept)


def test_a_goals_own_thread_refreshes_its_evidence_and_announces_nothing() -> None:
    decision = decide(asks(contract(terms(runs_per_day=1), noticed=terms()), announces=False))
    assert decision.events == []
    assert decision.update["contract"]["kept"] is True


@pytest.mark.parametrize(
    ("ends", "standing", "left"),
    [
        (14 * DAY, "expiring", 14),
        (timedelta(hours=1), "expiring", 1),
        (-timedelta(hours=1), "grace", 3),
        (-3 * DAY, "ended", 0),
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_an_end_in_sight_is_told_with_its_date(ends: timedelta, standing: str, left: int, language: str) -> None:
    decision = decide(asks(contract(terms(ends=NOW + ends)), language=language))
    (notice,) = (s.body for s in decision.events)
    assert isinstance(notice, ContractExpiring)
    assert (notice.state, notice.days_left) == (standing, left)
    assert re.search(r"202\d-\d\d-\d\d", notice.text)
    assert decision.update["contract"]["kept"] is (standing != "ended")
    assert decision.update["findings"]["contract"]["changed"] is True


def test_an_end_is_told_once_for_each_state_and_date() -> None:
    ends = NOW + 5 * DAY
    told = "expiring 2026-11-28T10:00:00Z"
    assert said(asks(contract(terms(ends=ends), told=told, state="expiring"))) == []
    (later,) = said(asks(contract(terms(ends=ends + DAY), told=told, state="expiring")))
    assert isinstance(later, ContractExpiring)


def test_a_renewed_contract_is_kept_again() -> None:
    (kept,) = said(asks(contract(state="expiring", told="expiring 2026-11-28T10:00:00Z"), checks=False))
    assert isinstance(kept, ContractKept)


def test_no_contract_and_one_that_has_not_begun_do_not_hold() -> None:
    assert decide(asks(None)).update["contract"]["state"] == "none"
    waiting = decide(asks(contract(terms(starts=NOW + DAY))))
    assert waiting.update["contract"] == {"kept": False, "until": "2026-11-23T16:00:00.000000Z", "state": "waiting"}
    assert waiting.events == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_run_that_we_failed_is_given_back_once(language: str) -> None:
    faults = [Fault("r-1", "e-1"), Fault("r-1", "e-1"), Fault("r-2", "e-2")]
    decision = decide(asks(contract(), announces=False, language=language, faults=faults))
    assert [(s.body.run, s.causation) for s in decision.events] == [("r-1", "e-1"), ("r-2", "e-2")]
    assert all(isinstance(s.body, QuotaRefunded) and s.body.because == REFUNDED[language] for s in decision.events)


@given(st.integers(-200, 200), st.integers(-200, 200), st.integers(0, 30))
def test_the_evidence_never_outlives_the_standing_it_says(starts: int, lasts: int, grace: int) -> None:
    begins = NOW + starts * timedelta(hours=7)
    row = contract(terms(starts=begins, ends=begins + max(1, lasts) * timedelta(hours=5), grace_days=grace))
    decision = decide(asks(row))
    until = parse(decision.update["contract"]["until"])
    assert NOW < until <= NOW + timedelta(hours=6)
    assert stands(row, until - timedelta(microseconds=1)) == decision.update["contract"]["state"]


def test_equal_terms_do_not_differ() -> None:
    assert differences(terms(), terms()) == {}


def test_every_field_of_the_terms_is_compared_the_nested_ones_by_their_own_names() -> None:
    plan = PricePlan(name="team", amount=900)
    after = terms(
        starts=NOW, ends=NOW + DAY, courses=("python-foundations",), runs_per_day=1, goals_per_day=1, hints_per_day=1,
        kinds_per_day={"review": 2}, grace_days=1, seats=4, consents=("mood",), acceptance=True, price=plan,
        version="2",
    )  # fmt: skip
    found = differences(terms(), after)
    assert {name.partition(".")[0] for name in found} == set(Terms.model_fields)
    assert found["price.amount"] == ("none", "900")
    assert found["kinds_per_day.review"] == ("none", "2")
    assert differences(after, terms(**{**after.model_dump(), "price": PricePlan(name="team", amount=950)})) == {
        "price.amount": ("900", "950")
    }


@pytest.mark.parametrize(
    ("now", "then"), [("1", "2"), ("2026-9", "2026-10"), ("trial", "trial-2"), ("trial-2", "trial-3")]
)
def test_other_terms_never_go_by_the_name_of_those_in_force(now: str, then: str) -> None:
    before = terms(version=now)
    assert versioned(before, terms(version=now, runs_per_day=1)).version == then
    assert versioned(before, terms(version="spring", runs_per_day=1)).version == "spring"
    assert versioned(before, terms(version=now, runs_per_day=1), {then}).version not in (now, then)
    assert versioned(before, before) == before


def test_terms_that_must_be_accepted_say_until_when() -> None:
    new = terms(version="2", acceptance=True, grace_days=5)
    (changed, _) = said(asks(contract(new, noticed=terms(), stated=NOW)))
    assert changed.accept_by == NOW + 5 * DAY
    assert changed.text.endswith("Accept it by 2026-11-28 to go on.")
    (changed, _) = said(asks(contract(new, noticed=terms(), stated=NOW, accepted="2")))
    assert changed.accept_by is None


def test_new_terms_and_accepted_ones_are_worth_a_new_plan_and_an_end_in_sight_is_not() -> None:
    def worth(context: Context) -> bool:
        return bool(decide(context).update["findings"]["contract"]["terms"])

    assert worth(asks(contract(terms(goals_per_day=1), noticed=terms())))
    assert worth(replace(asks(contract()), accepted=True))
    assert not worth(asks(contract(terms(ends=NOW + DAY))))


def test_every_text_is_there_in_both_languages_with_the_same_figures() -> None:
    for words in (*NOTICES.values(), CHANGED, ACCEPT):
        assert set(words) == {"en", "es"}
        used = {frozenset(re.findall(r"{(\w+)}", w)) for w in words.values()}
        assert len(used) == 1
