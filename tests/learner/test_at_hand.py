"""What is likely to be at hand: learnt, forgotten, and followed through what a concept rests on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.learner.at_hand import DAY, AtHand, Practice

BELOW = {"names": (), "loops": ("names",), "lists": ("loops",), "text": ("names",)}
outcomes = st.lists(
    st.tuples(st.sampled_from([*BELOW, "elsewhere"]), st.booleans(), st.booleans(), st.floats(0, 1), st.floats(0, 9)),
    max_size=40,
)


def after(*seen: tuple[str, bool], difficulty: float = 0.5, days: float = 0.0, alone: bool = True) -> dict[str, float]:
    """Chances some days after submissions that followed each other within minutes."""
    trace = AtHand(BELOW)
    for n, (concept, correct) in enumerate(seen):
        trace.learn(Practice(concept, n * 60.0, difficulty, correct, alone))
    return trace.chances(len(seen) * 60.0 + days * DAY)


def test_success_makes_a_concept_likely_and_one_alone_does_not_make_it_sure() -> None:
    assert after(("names", True))["names"] < 0.85
    assert after(*[("names", True)] * 3)["names"] > 0.85


def test_success_after_many_failures_is_believed_since_practice_teaches() -> None:
    assert after(*[("names", False)] * 8, *[("names", True)] * 3)["names"] > 0.8


def test_a_hard_success_says_more_than_an_easy_one() -> None:
    assert after(("names", True), difficulty=0.9)["names"] > after(("names", True), difficulty=0.1)["names"]


def test_what_was_learnt_fades_and_lasts_longer_after_spaced_successes() -> None:
    fresh = after(*[("names", True)] * 4)
    later = after(*[("names", True)] * 4, days=30)
    assert later["names"] < 0.85 < fresh["names"]
    spaced = AtHand(BELOW)
    for day in (0, 2, 6, 14):
        spaced.learn(Practice("names", day * DAY, 0.5, True))
    assert spaced.chances(44 * DAY)["names"] > later["names"]


def test_success_on_what_rests_on_a_concept_is_evidence_of_it() -> None:
    known = [("names", True)] * 2
    assert after(*known, ("loops", True))["names"] > after(*known)["names"]


def test_failure_on_what_rests_on_a_concept_casts_doubt_on_it() -> None:
    known = [("names", True)] * 3
    assert after(*known, *[("loops", False)] * 4, difficulty=0.2)["names"] < after(*known)["names"]


def test_what_was_never_tried_is_as_likely_as_what_rests_on_it() -> None:
    found = after(*[("lists", True)] * 4)
    assert found["names"] >= found["loops"] >= found["lists"] > 0.5
    assert found["text"] < 0.5


def test_success_is_likelier_on_what_is_at_hand_on_what_is_easy_and_where_nothing_below_is_missing() -> None:
    def chance(concept: str, *seen: tuple[str, bool], difficulty: float = 0.5) -> float:
        trace = AtHand(BELOW)
        for n, (about, correct) in enumerate(seen):
            trace.learn(Practice(about, n * 60.0, 0.5, correct))
        found = trace.success(concept, difficulty, 3600.0)
        assert found is not None
        return found

    known = [("names", True)] * 4
    assert chance("names", *known) > 0.7 > 0.3 > chance("names")
    assert chance("names", *known, difficulty=0.1) > chance("names", *known, difficulty=0.9)
    practised = [("loops", True)] * 3
    assert chance("loops", *known, *practised) > chance("loops", *[("names", False)] * 4, *practised)
    assert AtHand(BELOW).success("elsewhere", 0.5, 0.0) is None


def test_with_assistance_an_outcome_is_practice_and_no_evidence() -> None:
    helped, alone = (after(*[("names", True)] * 3, alone=how)["names"] for how in (False, True))
    assert after()["names"] < helped < alone


def test_who_needs_many_attempts_is_not_believed_as_fast_as_who_needs_few() -> None:
    def then(*before: tuple[str, bool]) -> float:
        return after(*before, ("text", False), ("text", True))["text"]

    quick = [("names", True)] * 3 + [("loops", True)] * 3 + [("lists", True)] * 3
    slow = [*([("names", False)] * 9), ("names", True), ("names", True), *([("loops", False)] * 9), *quick[:3]]
    assert then(*quick) > then(*slow)


@given(outcomes)
def test_chances_are_probabilities_whatever_happened_and_a_copy_goes_on_alike(
    seen: list[tuple[str, bool, bool, float, float]],
) -> None:
    trace, at, half = AtHand(BELOW), 0.0, len(seen) // 2
    goes_on = trace.copy()
    for n, (concept, correct, alone, difficulty, days) in enumerate(seen):
        at += days * DAY
        trace.learn(Practice(concept, at, difficulty, correct, alone))
        if n + 1 == half:
            goes_on = trace.copy()
    for (concept, correct, alone, difficulty, _), time in zip(seen[half:], _times(seen)[half:], strict=True):
        goes_on.learn(Practice(concept, time, difficulty, correct, alone))
    found = trace.chances(at + DAY)
    assert set(found) == set(BELOW)
    assert all(0 <= chance <= 1 for chance in found.values())
    assert half == 0 or goes_on.chances(at + DAY) == found


def _times(seen: list[tuple[str, bool, bool, float, float]]) -> list[float]:
    at, found = 0.0, []
    for *_, days in seen:
        at += days * DAY
        found.append(at)
    return found
