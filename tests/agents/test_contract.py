"""Contract: what changed, what ends, what is given back; and that nothing is said twice."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import NOW, contract, terms

from functions.contract.agent import Context, Fault, decide, differences, stands
from functions.contract.texts import NOTICES, REFUNDED
from shared.clock import parse
from shared.events.catalogue.contracts import ContractChanged, ContractExpiring, ContractKept, QuotaRefunded
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
    assert decision.update["findings"]["contract"] == {"changed": False, "state": "kept"}
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


def test_every_text_is_there_in_both_languages_with_the_same_figures() -> None:
    for words in NOTICES.values():
        assert set(words) == {"en", "es"}
        used = {frozenset(re.findall(r"{(\w+)}", w)) for w in words.values()}
        assert len(used) == 1
