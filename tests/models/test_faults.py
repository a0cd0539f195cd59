"""Whatever a server does, the asker gets a NoAnswer that says why, in its time; and nothing is ever raised."""

from __future__ import annotations

import time

import pytest

from shared.models import Answer, Model, NoAnswer
from tests.models.conftest import KEY, Make
from tests.models.questions import ANA, INPUTS, NOW, Said, prompt
from tests.models.server import (
    Behaviour,
    Exchange,
    ModelServer,
    cuts,
    fails,
    floods,
    hangs_up,
    refuses,
    says,
    slow,
    stops_short,
    trickles,
)

BOTH = pytest.mark.parametrize("lacks", [frozenset(), frozenset({"responses"})], ids=["responses", "chat"])


def asked(model: Model, seconds: float = 3, **inputs: str) -> Answer[Said] | NoAnswer:
    return model.ask(prompt(seconds=seconds), INPUTS | inputs, Said, who=ANA, now=NOW)


def none(model: Model, seconds: float = 3, **inputs: str) -> NoAnswer:
    found = asked(model, seconds, **inputs)
    assert isinstance(found, NoAnswer), found
    assert found.called is not None and found.called.outcome == found.reason
    return found


def raw(body: bytes) -> Behaviour:
    return lambda exchange: exchange.send(200, body)


def packed(exchange: Exchange) -> None:
    """4 KB that unpack to 4 MB."""
    import gzip

    exchange.send(200, gzip.compress(b" " * 4_000_000), {"content-encoding": "gzip"})


@BOTH
@pytest.mark.parametrize(
    ("behaviour", "reason", "attempts"),
    [
        (says("I would look at line 3."), "invalid", 2),
        (says('{"text": "Look'), "invalid", 2),
        (says({"words": "Look at line 3."}), "invalid", 2),
        (says({"text": "x" * 281}), "invalid", 2),
        (says("[" * 100_000), "invalid", 2),
        (raw(b"<html>It works!</html>"), "invalid", 2),
        (raw(b"[1, 2]"), "invalid", 2),
        (raw(b'{"output": [{"type": "message", "content": 7}], "choices": [{"message": 7}]}'), "invalid", 2),
        (raw(b'{"output": null, "choices": []}'), "invalid", 2),
        (raw(b"\xff\xfe\x00"), "invalid", 2),
        (refuses, "refused", 1),
        (stops_short, "cut", 1),
        (cuts('{"text": "Look at line 3."}'), "cut", 3),
        (hangs_up, "cut", 3),
        (fails(500), "server_error", 3),
        (fails(529), "server_error", 3),
        (fails(429), "rate_limited", 3),
        (fails(401, "invalid_api_key"), "not_accepted", 1),
        (fails(404, "model_not_found"), "not_accepted", 1),
        (fails(429, "insufficient_quota"), "not_accepted", 1),
        (fails(307, headers={"location": "http://127.0.0.1:9/v1"}), "not_accepted", 1),
        (floods, "too_large", 1),
        (packed, "too_large", 1),
    ],
)
def test_each_fault_has_its_reason_and_its_number_of_attempts(
    server: ModelServer, model: Model, lacks: frozenset[str], behaviour: Behaviour, reason: str, attempts: int
) -> None:
    server.lacks = lacks
    assert isinstance(asked(model, code="first: the way to speak is settled"), Answer)
    server.received.clear()
    server.always(behaviour)
    found = none(model)
    assert (found.reason, len(server.received)) == (reason, attempts), found.detail
    assert found.called is not None and found.called.attempts == attempts


@BOTH
@pytest.mark.parametrize(
    "behaviour", [says("no JSON"), fails(500), fails(429), hangs_up], ids=["json", "500", "429", "cut"]
)
def test_what_passes_is_asked_again_and_its_cost_is_added(
    server: ModelServer, model: Model, lacks: frozenset[str], behaviour: Behaviour
) -> None:
    server.lacks = lacks
    asked(model, code="first: the way to speak is settled")
    server.plan(behaviour, says({"text": "Look at line 3."}))
    found = asked(model)
    assert isinstance(found, Answer)
    assert found.called.attempts == 2
    assert found.called.outcome == "answered"


def test_each_answer_that_does_not_fit_is_paid_for(server: ModelServer, model: Model) -> None:
    server.plan(says("no JSON"), says({"text": "Look at line 3."}))
    found = asked(model)
    assert isinstance(found, Answer)
    assert (found.called.input_tokens, found.called.output_tokens) == (200, 60)


def test_a_slow_server_is_left_at_the_deadline(server: ModelServer, model: Model) -> None:
    asked(model, code="first")
    server.always(slow(5, says({"text": "Look at line 3."})))
    began = time.monotonic()
    assert none(model, seconds=0.5).reason == "timeout"
    assert time.monotonic() - began < 1.5


def test_a_server_that_is_never_silent_and_never_done_is_left_at_the_deadline(
    server: ModelServer, model: Model
) -> None:
    asked(model, code="first")
    server.always(trickles)
    began = time.monotonic()
    assert none(model, seconds=0.5).reason == "timeout"
    assert time.monotonic() - began < 1.5


def test_a_question_without_time_left_is_not_sent_and_costs_nothing(server: ModelServer, model: Model) -> None:
    found = none(model, seconds=0.000_001)
    assert found.reason in {"timeout", "busy"}
    assert found.called is not None and found.called.cost == 0
    assert server.received == []


def test_a_server_that_asks_to_wait_is_given_that_time(server: ModelServer, model: Model) -> None:
    server.plan(fails(429, headers={"retry-after": "1"}))
    began = time.monotonic()
    assert isinstance(asked(model), Answer)
    assert 1 <= time.monotonic() - began < 2.5


def test_a_server_that_asks_to_wait_longer_than_there_is_time_is_left_alone_so_long(
    server: ModelServer, model: Model
) -> None:
    server.plan(fails(429, headers={"retry-after": "30"}))
    assert none(model).reason == "rate_limited"
    assert none(model).reason == "resting"
    assert len(server.received) == 1


def test_a_server_that_fails_again_and_again_is_left_alone(server: ModelServer, model: Model) -> None:
    server.always(fails(500))
    assert [none(model).reason for _ in range(3)] == ["server_error", "server_error", "resting"]
    assert len(server.received) == 5
    began = time.monotonic()
    assert none(model).reason == "resting"
    assert time.monotonic() - began < 0.1


def test_nobody_listening_is_a_network_fault(make: Make) -> None:
    model = make(model_url="http://127.0.0.1:9/v1")
    found = none(model)
    assert found.reason == "network"
    assert found.called is not None and found.called.cost == 0


def test_a_wrong_key_is_not_tried_twice(server: ModelServer, make: Make) -> None:
    model = make(model_key="sk-wrong")
    assert none(model).reason == "not_accepted"
    assert none(model).reason == "resting"
    assert len(server.received) == 1


def test_no_fault_quotes_the_server_the_learner_or_the_key(server: ModelServer, model: Model) -> None:
    for behaviour in (fails(400, "sk-secret quoted"), fails(500, "quoted"), says("quoted"), refuses):
        server.plan(behaviour, behaviour, behaviour)
        found = none(model, code=f"my own words {id(behaviour)}")
        shown = repr(found)
        assert "quoted" not in shown
        assert "my own words" not in shown
        assert "sk-" not in shown
        assert KEY not in shown


def test_more_questions_at_once_than_there_are_places_are_told_so(server: ModelServer, make: Make) -> None:
    from concurrent.futures import ThreadPoolExecutor

    model = make(model_calls=1)
    asked(model, code="first")
    server.always(slow(1.2, says({"text": "Look at line 3."})))
    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(lambda n: asked(model, seconds=2, code=f"code {n}"), range(3)))
    reasons = sorted(f.reason if isinstance(f, NoAnswer) else "answered" for f in found)
    assert reasons == ["answered", "busy", "busy"]


def test_a_model_that_is_closed_while_it_is_asked_ends_the_question(server: ModelServer, make: Make) -> None:
    from concurrent.futures import ThreadPoolExecutor

    model = make()
    asked(model, code="first")
    server.always(slow(2, says({"text": "Look at line 3."})))
    with ThreadPoolExecutor(1) as threads:
        future = threads.submit(none, model)
        while len(server.received) < 2:
            time.sleep(0.01)
        model.close()
        assert future.result().reason in {"network", "cut"}
