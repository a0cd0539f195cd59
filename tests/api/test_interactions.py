"""What learners do: taken once, refused one by one, never lost."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.clock import parse, rfc3339
from shared.ids import new_id
from tests.api.conftest import Learner, World, event, problem

ONE = "application/cloudevents+json"


def raw(ada: Learner, body: bytes, kind: str = "application/json") -> httpx.Response:
    return ada.http.post("/v1/interactions", content=body, headers={**ada.headers, "Content-Type": kind})


def mood(**rest: Any) -> dict[str, Any]:
    return {**event("mood.answered", {"answer": "good"}), **rest}


def test_a_batch_is_recorded_in_order_and_each_event_once(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    batch = [event("goal.opened", {"goal": goal}), event("code.edited", {"goal": goal, "inserted": 3, "deleted": 0})]
    first = ada.send(*batch)
    assert [r["status"] for r in first] == ["recorded", "recorded"]
    assert first[0]["position"] < first[1]["position"]
    again = ada.send(*batch)
    assert [(r["status"], r["position"]) for r in again] == [("duplicate", r["position"]) for r in first]


def test_the_same_id_twice_in_one_batch_is_one_event(ada: Learner) -> None:
    one = mood()
    assert [r["status"] for r in ada.send(one, one)] == ["recorded", "duplicate"]


def test_two_learners_may_use_the_same_id(world: World, ada: Learner) -> None:
    bob, one = world.learner(), mood()
    assert ada.send(one)[0]["status"] == "recorded"
    assert bob.send(one)[0]["status"] == "recorded"


def test_an_event_is_the_callers_whatever_it_claims(world: World, ada: Learner) -> None:
    bob = world.learner()
    ada.send(mood(subject=bob.id, source=f"/learners/{bob.id}", tenant="other"))
    assert world.rows("SELECT subject, source, tenant FROM events WHERE type = 'goals.mood.answered'") == [
        (ada.id, f"/learners/{ada.id}", "public")
    ]


def test_an_old_version_is_lifted_to_the_newest(world: World, ada: Learner) -> None:
    ada.send(event("mood.answered", {"score": 5}, dataschema="urn:goals:schema:goals.mood.answered:1"))
    assert world.rows("SELECT data->>'answer', schema_version FROM events WHERE type = 'goals.mood.answered'") == [
        ("great", 2)
    ]


NOT_THERE = new_id()
FIRST = "urn:goals:schema:goals.profile.stated:1"
WRONG: list[tuple[str, Any, int]] = [
    ("no object", 7, 422),
    ("no type", {"specversion": "1.0", "id": "1", "data": {}}, 422),
    ("no id", {"specversion": "1.0", "type": "goals.mood.answered", "data": {}}, 422),
    ("id too long", mood(id="x" * 65), 422),
    ("other version of CloudEvents", mood(specversion="0.3"), 422),
    ("unknown type", event("nothing.happened", {}), 422),
    ("the server's own type", event("goal.assigned", {}), 422),
    ("a command", event("node.access", {}), 422),
    ("no data", mood(data=None), 422),
    ("unknown field", event("mood.answered", {"answer": "good", "extra": 1}), 422),
    ("wrong value", event("mood.answered", {"answer": "furious"}), 422),
    ("wrong schema", mood(dataschema="urn:goals:schema:goals.goal.opened:1"), 422),
    ("schema of no version", mood(dataschema="urn:goals:schema:goals.mood.answered:9"), 422),
    ("no time", mood(time="yesterday"), 422),
    ("NUL in the id", mood(id="a\x00b"), 422),
    ("NUL in a text", event("wish.stated", {"text": "a\x00b"}), 422),
    ("NUL in a nested text", event("profile.stated", {"workspace": ["a\x00b"]}, dataschema=FIRST), 422),
    ("no such time zone", event("profile.stated", {"timezone": "Mars/Base"}), 422),
    ("a run", event("run.requested", {"goal": "g", "code": ""}), 422),
    ("a goal that does not exist", event("goal.opened", {"goal": NOT_THERE}), 404),
    ("a mood about a goal that does not exist", event("mood.answered", {"answer": "good", "goal": NOT_THERE}), 404),
    ("a long wish", event("wish.stated", {"text": "x" * 501}), 422),
]


def test_each_wrong_event_is_refused_alone_with_its_problem(world: World, ada: Learner) -> None:
    good = mood()
    results = ada.send(*(body for _, body, _ in WRONG), good)
    for (name, _, status), result in zip(WRONG, results, strict=False):
        assert result["status"] == "refused", name
        assert result["problem"]["status"] == status, (name, result)
    assert results[-1]["status"] == "recorded"
    assert world.rows("SELECT count(*) FROM events WHERE source LIKE '/learners/%%'") == [(1,)]


def test_a_single_refused_event_is_answered_with_its_problem(ada: Learner) -> None:
    for name, body, status in WRONG[1:]:
        answer = raw(ada, json.dumps(body).encode(), ONE)
        assert problem(answer, status), name


def test_another_learners_goal_is_simply_not_there(world: World, ada: Learner) -> None:
    goal = world.goal(world.learner().id)
    [foreign] = ada.send(event("goal.opened", {"goal": goal}))
    [missing] = ada.send(event("goal.opened", {"goal": NOT_THERE}))
    assert foreign["problem"]["title"] == missing["problem"]["title"] == "Not found"


def test_a_lone_surrogate_is_refused_and_holds_up_nobody(ada: Learner) -> None:
    body = json.dumps([event("wish.stated", {"text": "\ud800"}), mood(id="\udfff"), mood()]).encode()
    results = raw(ada, body).json()["results"]
    assert [r["status"] for r in results] == ["refused", "refused", "recorded"]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"{}", b'"text"', b"null", b"\xff\xfe", b'[{"id": "\xc3\x28"}]', b"[NaN]", b"[" * 100_000,
     b'{"a":' * 20_000, json.dumps([{}] * 101).encode()],
    ids=range(12),
)  # fmt: skip
def test_a_body_that_is_no_batch_is_a_problem(ada: Learner, body: bytes) -> None:
    problem(raw(ada, body), 422)


def test_another_content_type_is_a_problem(ada: Learner) -> None:
    problem(raw(ada, b"<a/>", "application/xml"), 422)


def test_an_event_over_256_kib_is_refused_and_the_rest_is_taken(ada: Learner) -> None:
    big = mood(extra="x" * 262_144)
    results = ada.send(big, mood())
    assert results[0]["problem"]["status"] == 413
    assert results[1]["status"] == "recorded"
    problem(raw(ada, json.dumps(big).encode(), ONE), 413)


def test_a_body_over_a_mebibyte_is_refused_before_it_is_read(ada: Learner) -> None:
    problem(raw(ada, b" " * 1_048_577), 413)

    def chunks() -> Any:
        for _ in range(20):
            yield b" " * 100_000

    problem(ada.http.post("/v1/interactions", content=chunks(), headers=ada.headers), 413)


def test_a_clock_that_is_wrong_is_corrected_and_one_that_is_offline_believed(world: World, ada: Learner) -> None:
    now = world.clock()
    offline, ahead, ancient = (mood(time=rfc3339(now + d)) for d in
                               (timedelta(days=-3), timedelta(days=2), timedelta(days=-400)))  # fmt: skip
    ada.send(offline, ahead, ancient)
    times = [
        row[0] for row in world.rows("SELECT time FROM events WHERE type = 'goals.mood.answered' ORDER BY position")
    ]
    assert times[0] == parse(offline["time"])
    assert all(abs(time - now) < timedelta(minutes=1) for time in times[1:])


def test_code_and_words_are_kept_apart_from_the_log(world: World, ada: Learner) -> None:
    ada.send(event("wish.stated", {"text": "I want to parse logs"}))
    assert world.rows("SELECT count(*) FROM events WHERE data::text LIKE '%%parse logs%%'") == [(0,)]
    assert world.rows("SELECT count(*) FROM payloads WHERE body = 'I want to parse logs'") == [(1,)]


def test_a_text_that_looks_like_a_reference_is_a_text(world: World, ada: Learner) -> None:
    ada.send(event("wish.stated", {"text": "payload: what is that?"}))
    assert world.rows("SELECT body FROM payloads WHERE body LIKE 'payload:%%'") == [("payload: what is that?",)]
