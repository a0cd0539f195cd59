"""An endpoint that fails is left alone, longer each time, and let back in by one call that works."""

from __future__ import annotations

from shared.models.breaker import FAILURES, LONGEST, REST, WINDOW, Breaker


class Clock:
    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


def opened(clock: Clock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        assert breaker.admit()
        breaker.failed()
    return breaker


def test_it_opens_after_failures_in_a_row_only() -> None:
    breaker = Breaker(Clock())
    for _ in range(FAILURES - 1):
        breaker.failed()
    breaker.went_well()
    for _ in range(FAILURES - 1):
        breaker.failed()
    assert breaker.admit()
    breaker.failed()
    assert not breaker.admit()


def test_it_opens_when_half_of_the_last_calls_failed() -> None:
    breaker = Breaker(Clock())
    for _ in range(WINDOW // 2 - 1):
        breaker.failed()
        breaker.went_well()
    assert breaker.admit()
    breaker.went_well()
    breaker.failed()
    assert not breaker.admit()


def test_after_its_rest_one_call_tries_and_its_success_closes_it() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.at += REST - 0.1
    assert not breaker.admit()
    clock.at += 0.2
    assert breaker.admit()
    assert not breaker.admit(), "one at a time"
    breaker.went_well()
    assert breaker.admit() and breaker.admit()


def test_each_failed_try_doubles_the_rest_up_to_the_longest() -> None:
    clock = Clock()
    breaker = opened(clock)
    rests = []
    rest = REST
    for _ in range(8):
        clock.at += rest + 0.1
        assert breaker.admit()
        breaker.failed()
        rest = min(rest * 2, LONGEST)
        clock.at += rest - 0.2
        rests.append(breaker.admit())
        clock.at -= rest - 0.2
    assert rests == [False] * 8


def test_it_rests_at_once_as_long_as_it_is_told() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    breaker.failed(rest=40)
    clock.at += 39
    assert not breaker.admit()
    clock.at += 2
    assert breaker.admit()


def test_a_try_that_says_nothing_lets_the_next_one_try() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.at += REST + 1
    assert breaker.admit()
    breaker.abandoned()
    assert breaker.admit()
