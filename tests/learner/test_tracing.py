"""The memory of traces: it changes no figure, and what nobody asks for is not kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from goals.simulate.world import START, make
from shared.learner import tracing
from shared.learner.tracing import UNASKED, traced
from shared.readmodel.rows import Submission

WORLD = make(1)
CONCEPT = WORLD.concepts[0]
DONE = tuple(Submission(CONCEPT, 0.4, n % 2 == 0, False, START + timedelta(hours=n)) for n in range(4))


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    tracing._kept.clear()
    tracing._asked.clear()
    yield
    tracing._kept.clear()
    tracing._asked.clear()


def figure(learner: str, now: float, done: tuple[Submission, ...] = DONE) -> float | None:
    at = (START + timedelta(days=1)).timestamp()
    return traced(learner, "beginner", WORLD.curriculum, done, lambda: now).success(CONCEPT, 0.5, at)


def test_with_or_without_memory_every_figure_is_the_same() -> None:
    figure("ana", 0.0, DONE[:2])
    remembered = figure("ana", 1.0)
    tracing._kept.clear()
    assert figure("ana", 2.0) == remembered


def test_who_is_asked_for_no_more_is_forgotten_with_a_later_question_about_somebody_else() -> None:
    figure("erased", 0.0)
    figure("ana", 0.5 * UNASKED)
    assert set(tracing._kept) == {"erased", "ana"}
    figure("bob", UNASKED + 1)
    assert set(tracing._kept) == set(tracing._asked) == {"ana", "bob"}


def test_whoever_is_asked_for_again_stays() -> None:
    figure("ana", 0.0)
    figure("bob", 1.0)
    figure("ana", 0.9 * UNASKED)
    figure("cleo", 1.5 * UNASKED)
    assert set(tracing._kept) == {"ana", "cleo"}


def test_no_more_than_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "LEARNERS", 2)
    for n in range(5):
        figure(f"l{n}", float(n))
    assert list(tracing._kept) == list(tracing._asked) == ["l3", "l4"]
