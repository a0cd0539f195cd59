"""How much one learner may send over HTTP, and what they are told beyond it."""

from __future__ import annotations

import pytest

from functions.api.pace import Bucket, Buckets, Pace
from shared.errors import TooManyRequests
from tests.api.conftest import Open, World, event, problem


def test_a_bucket_gives_its_size_at_once_and_then_its_rate() -> None:
    bucket = Bucket(rate=2.0, burst=10.0)
    assert bucket.take(100.0, 10) == 0
    assert bucket.take(100.0) == pytest.approx(0.5)
    assert bucket.take(100.5) == 0
    assert bucket.take(100.5, 4) == pytest.approx(2.0)
    assert bucket.take(1_000.0, 10) == 0


def test_what_is_refused_is_not_counted() -> None:
    pace = Pace(requests=1_000, events=100)
    pace.events("ada", 0.0, 90)
    with pytest.raises(TooManyRequests, match="too many events") as caught:
        pace.events("ada", 0.0, 20)
    assert caught.value.context["retry_after"] == 1
    pace.events("ada", 0.0, 10)


def test_only_so_many_learners_are_remembered_and_the_busiest_stay() -> None:
    buckets = Buckets(rate=0.001, burst=2, most=2)
    assert buckets.take("ada", 0.0) == 0
    assert buckets.take("bob", 0.0) == 0
    assert buckets.take("ada", 0.0) == 0
    assert buckets.take("eve", 0.0) == 0
    assert buckets.take("ada", 0.0) > 0
    assert buckets.take("bob", 0.0, 2) == 0


def test_beyond_the_pace_a_learner_is_told_when_to_come_back_and_others_are_not(open_world: Open) -> None:
    world = open_world(interaction_requests=3)
    ada, bob = world.learner(), world.learner()
    one = event("mood.answered", {"answer": "good"})
    for _ in range(3):
        assert ada.send(one)[0]["status"] in ("recorded", "duplicate")
    refused = ada.post("/v1/interactions", [one])
    problem(refused, 429)
    assert 1 <= int(refused.headers["retry-after"]) <= 4
    assert bob.send(one)[0]["status"] == "recorded"


def test_too_many_events_are_refused_whole_and_nothing_of_them_is_recorded(open_world: Open) -> None:
    world: World = open_world(interaction_events=100)
    ada = world.learner()
    batch = [event("mood.answered", {"answer": "good"}) for _ in range(80)]
    assert len(ada.send(*batch)) == 80
    refused = ada.post("/v1/interactions", [event("mood.answered", {"answer": "good"}) for _ in range(80)])
    problem(refused, 429)
    assert 1 <= int(refused.headers["retry-after"]) <= 10
    assert world.rows("SELECT count(*) FROM events WHERE type = 'goals.mood.answered'") == [(80,)]
