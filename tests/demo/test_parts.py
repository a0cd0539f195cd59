"""What the demo knows, when it kills, and what it compares."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from goals.client import Event
from goals.demo.crashes import Crashes, Moment, moments
from goals.demo.fingerprint import facts, fingerprint, flaws
from goals.demo.journey import zone_by_day
from goals.demo.knowledge import Knowledge, one_off, returned_early, turned_round
from shared.curriculum import Challenge, load
from shared.judging import call_of, verdict
from shared.sandbox import Sandbox


def variants() -> Iterator[Challenge]:
    for challenge in load().challenges.values():
        if challenge.checks or challenge.language != "python":
            continue  # a property holds for many a bent answer; and the demo's learner learns Python
        if "placement" not in challenge.kinds:
            yield from (challenge.instantiate(v.id) for v in challenge.variants or ())
            if not challenge.parametric:
                yield challenge


@pytest.mark.parametrize("challenge", list(variants()), ids=lambda c: f"{c.slug}-{c.variant}")
def test_the_mistake_shows_in_a_case_the_learner_can_see(challenge: Challenge) -> None:
    """Feedback can only name an input that is not hidden."""
    code = Knowledge().wrong(challenge.slug, challenge.variant)
    cases = {case.id: case for case in challenge.visible_cases}
    with Sandbox() as sandbox, sandbox.run(code, [call_of(case) for case in cases.values()]) as run:
        told = {verdict(cases[seen.call], seen) for seen in run}
    assert told - {"passed"}


def test_mistakes_are_small() -> None:
    assert returned_early("def f(x):\n    n = 0\n    for y in x:\n        n += y\n    return n\n") == (
        "def f(x):\n    n = 0\n    for y in x:\n        n += y\n        return n\n"
    )
    assert returned_early("def f(x):\n    return x\n") is None
    assert one_off("def f(x):\n    return x + 14\n") == "def f(x):\n    return x + 15\n"
    assert one_off("def f(x):\n    return x\n") is None
    assert turned_round("def f(x):\n    if x:\n        return x\n") == "def f(x):\n    if not x:\n        return x\n"


def test_moments_are_the_same_for_the_same_seed_and_lie_within_their_steps() -> None:
    seconds = [0.5, 0.01, 2.0]
    found = moments("a", 50, seconds)
    assert found == moments("a", 50, seconds)
    assert found != moments("b", 50, seconds)
    assert {moment.step for moment in found} == {0, 1, 2}
    assert all(0 <= m.delay <= seconds[m.step] for m in found)
    assert all((a.step, a.delay) <= (b.step, b.delay) for a, b in pairwise(found))


def test_every_planned_crash_happens_even_if_the_journey_is_faster() -> None:
    class System:
        crashed = started = 0

        def crash(self) -> int:
            self.crashed += 1
            return 3

        def start(self) -> None:
            self.started += 1

    system, told = System(), list[str]()
    crashes = Crashes(system, [Moment(0, 0.05), Moment(2, 0.0)], told.append)
    for step in range(3):
        crashes.began(step)
    crashes.finish()
    assert (system.crashed, system.started, crashes.done) == (2, 2, 2)
    assert told[0] == "kill -9 number 1, 0.05 s into step 1: 3 processes"


def test_the_learner_lives_where_it_is_day_at_every_hour() -> None:
    for hour in range(0, 24 * 365, 7):
        now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
        assert 4 <= now.astimezone(ZoneInfo(zone_by_day(now))).hour < 20


def event(sequence: int, type_: str = "x.y", id_: str | None = None) -> Event:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Event(id_ or f"e{sequence}", f"goals.{type_}", "/functions/api", at, sequence, "c", None, {}, {})


def found(**more: Any) -> list[str]:
    base: dict[str, Any] = {
        "me": {
            "state": "learning", "level": "beginner", "minutes": 30, "language": "en", "consents": {"mood": True},
            "enrolments": [{"course": "b", "state": "active"}, {"course": "a", "state": "active"}],
        },
        "goals": [], "plan": {"day": "2026-11-24", "minutes": 30, "mood": None, "goals": []},
        "progress": {"mastery": [], "reviews": []},
        "contract": {"state": "kept", "terms": {"version": "1"}, "runs_today": 3}, "events": [event(1), event(2)],
    }  # fmt: skip
    return facts(date(2026, 11, 23), **{**base, **more})


def test_the_fingerprint_knows_no_ids_no_times_and_no_order() -> None:
    one = found()
    assert "plan day+1 30 min mood=None" in one
    later = [event(7, id_="other"), event(9, id_="another")]
    assert fingerprint(found(events=later)) == fingerprint(reversed(one))


def test_the_fingerprint_knows_an_event_too_many_but_not_what_chance_decides() -> None:
    assert fingerprint(found(events=[event(1), event(2), event(3)])) != fingerprint(found())
    chance = [event(1), event(2), event(3, "motivation.given")]
    assert fingerprint(found(events=chance)) == fingerprint(found())


def test_flaws_of_a_log_are_named() -> None:
    good = [event(1), event(2), event(3)]
    assert flaws(good, good, alone=True) == []
    twice = [event(1), event(2), event(3, id_="e2")]
    assert any("there twice" in flaw for flaw in flaws(twice, twice, alone=True))
    gap = [event(1), event(3)]
    assert flaws(gap, gap, alone=True) == ["the sequence has gaps: [2]"]
    assert flaws(gap, gap, alone=False) == []
    assert flaws(good[:2], good, alone=True) == ["the websocket brought 2 of 3 events; it lacks ['goals.x.y']"]
    assert "sequences do not rise" in flaws([good[1], good[0]], [good[1], good[0]], alone=False)
