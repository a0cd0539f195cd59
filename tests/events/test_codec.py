"""CloudEvents in and out, and everything that is refused at the door."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.errors import GoalsError, InvalidInput, TooLarge, UnknownEventType
from shared.events import codec
from shared.events.catalogue.interactions import MoodAnswered, ProfileStated, RunRequested
from shared.events.catalogue.teaching import FeedbackGiven
from shared.events.record import Event, new_event

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def raw(**changes: Any) -> dict[str, Any]:
    event = {
        "specversion": "1.0",
        "id": "e1",
        "type": "goals.goal.opened",
        "source": "urn:anything",
        "time": "2026-11-23T07:59:00Z",
        "data": {"goal": "g1"},
    }
    return {k: v for k, v in (event | changes).items() if v is not None}


def accept(**changes: Any) -> Any:
    return codec.interaction(raw(**changes), learner="ada", now=NOW)


def test_an_interaction_becomes_the_learners_own_whatever_source_it_claimed() -> None:
    event = accept(source="/learners/bo", subject="bo")
    assert (event.source, event.subject, event.stream) == ("/learners/ada", "ada", "goal/g1")
    assert event.correlation == "e1"


def test_code_goes_to_a_payload_and_the_event_only_refers_to_it() -> None:
    event = accept(type="goals.run.requested", data={"goal": "g1", "code": "print('hi')"})
    (payload,) = event.payloads
    assert payload.body == "print('hi')"
    assert payload.learner == "ada"
    assert event.data["code"] == f"payload:{payload.id}"


def test_an_old_client_s_version_is_lifted_to_the_newest() -> None:
    event = accept(type="goals.mood.answered", data={"score": 1}, dataschema="urn:goals:schema:goals.mood.answered:1")
    assert event.schema_version == 2
    assert event.data == MoodAnswered(answer="stuck").model_dump()


def test_names_of_a_workspace_in_clear_are_not_taken_from_an_old_client() -> None:
    stated = {"level": "new", "workspace": ["numpy"]}
    event = accept(type="goals.profile.stated", data=stated, dataschema="urn:goals:schema:goals.profile.stated:1")
    assert event.schema_version == 2
    assert event.data == ProfileStated(level="new").model_dump(mode="json")


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"type": "goals.nothing.happened"}, UnknownEventType, "not in the event catalogue"),
        ({"type": "goals.mastery.changed"}, InvalidInput, "not for clients"),
        ({"type": None}, InvalidInput, "needs a type"),
        ({"id": ""}, InvalidInput, "needs a type and an id"),
        ({"id": "x" * 65}, InvalidInput, "1 to 64"),
        ({"id": 7}, InvalidInput, "needs a type and an id"),
        ({"id": "a\x00b"}, InvalidInput, "NUL"),
        ({"specversion": "0.3"}, InvalidInput, "specversion"),
        ({"data": None}, InvalidInput, "not an object"),
        ({"data": [1]}, InvalidInput, "not an object"),
        ({"data": {}}, InvalidInput, "goal: Field required"),
        ({"data": {"goal": "g1", "extra": 1}}, InvalidInput, "extra"),
        ({"data": {"goal": "../../etc"}}, None, ""),
        ({"data": {"goal": "g\x00"}}, InvalidInput, "goal"),
        ({"time": "yesterday"}, InvalidInput, "not RFC 3339"),
        ({"time": "2026-11-23T08:00:00"}, InvalidInput, "no offset"),
        ({"dataschema": "urn:goals:schema:goals.goal.opened:9"}, UnknownEventType, "version 9"),
        ({"dataschema": "urn:other:1"}, InvalidInput, "does not belong"),
        (
            {"type": "goals.run.requested", "data": {"goal": "g", "code": "x" * 65_537}},
            TooLarge,
            "65537 bytes; at most 65536",
        ),
        ({"type": "goals.run.requested", "data": {"goal": "g", "code": "a\x00b"}}, InvalidInput, "NUL"),
        ({"type": "goals.wish.stated", "data": {"text": "\ud800"}}, InvalidInput, "text"),
        ({"type": "goals.code.edited", "data": {"goal": "g", "inserted": -1, "deleted": 0}}, InvalidInput, "inserted"),
    ],
)
def test_bad_interactions_are_refused_with_what_is_wrong(
    changes: dict[str, Any], error: type[GoalsError] | None, says: str
) -> None:
    if error is None:
        accept(**changes)
        return
    with pytest.raises(error, match=says):
        accept(**changes)


def test_an_error_never_quotes_the_learners_own_words() -> None:
    with pytest.raises(InvalidInput) as caught:
        accept(type="goals.wish.stated", data={"text": "my secret" * 100})
    assert "secret" not in caught.value.detail


def test_a_client_s_wrong_clock_is_not_believed() -> None:
    ahead = (NOW + timedelta(hours=1)).isoformat()
    long_ago = (NOW - timedelta(days=200)).isoformat()
    offline = NOW - timedelta(days=20)
    assert accept(time=ahead).time == NOW
    assert accept(time=long_ago).time == NOW
    assert accept(time=offline.isoformat()).time == offline
    assert accept(time=None).time == NOW


def stored(**changes: Any) -> Event:
    fields: dict[str, Any] = {
        "position": 3_000_000_000,
        "version": 1,
        "id": "e1",
        "type": "goals.goal.opened",
        "schema_version": 1,
        "source": "/learners/ada",
        "subject": "ada",
        "stream": "goal/g1",
        "time": NOW,
        "data": {"goal": "g1"},
        "correlation": "c1",
        "causation": "c0",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "tenant": "public",
    }
    return Event(**(fields | changes))


def test_a_stored_event_is_a_valid_cloudevent_and_comes_back_whole() -> None:
    event = codec.from_wire(codec.to_wire(stored()))
    assert event.get_type() == "goals.goal.opened"
    assert event.get_time() == NOW
    assert event.get_extension("sequence") == "3000000000"
    assert event.get_extension("correlationid") == "c1"
    assert event.get_extension("causationid") == "c0"
    assert event.get_dataschema() == "urn:goals:schema:goals.goal.opened:1"
    assert codec.command_data(event) == {"goal": "g1"}


@pytest.mark.parametrize(
    ("body", "content_type", "says"),
    [
        (b"{}", codec.CONTENT_TYPE, "not a valid CloudEvent"),
        (b"[]", codec.CONTENT_TYPE, "not a CloudEvent"),
        (b"null", codec.CONTENT_TYPE, "not a CloudEvent"),
        (b"{", codec.CONTENT_TYPE, "not a CloudEvent"),
        (b"\xff\xfe", codec.CONTENT_TYPE, "not UTF-8"),
        (b'{"specversion":"1.0","id":"a\\u0000","type":"t","source":"s"}', codec.CONTENT_TYPE, "NUL"),
        (b"{}", "application/json", "is not application/cloudevents"),
        (b"{}", "application/cloudevents-batch+json", "is not application/cloudevents"),
        (b'{"specversion":"9","id":"a","type":"t","source":"s"}', codec.CONTENT_TYPE, "specversion"),
        (b'{"specversion":"1.0","id":"a","type":"t","source":"s","time":"soon"}', codec.CONTENT_TYPE, "CloudEvent"),
        (b"[" * 100_000, codec.CONTENT_TYPE, "not a CloudEvent"),
    ],
)
def test_malformed_wire_events_are_refused(body: bytes, content_type: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        codec.from_wire(body, content_type)


def test_an_oversized_wire_event_is_refused_by_its_size() -> None:
    with pytest.raises(TooLarge, match="at most 262144"):
        codec.from_wire(b" " * 262_145)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(st.sampled_from(["specversion", "id", "type", "source", "data", "time", "dataschema"]), json_values)
)
def test_no_json_whatever_crashes_the_door(value: dict[str, Any]) -> None:
    for event in (value, raw(**value)):
        with contextlib.suppress(GoalsError):
            codec.interaction(event, learner="ada", now=NOW)
        with contextlib.suppress(GoalsError):
            codec.from_wire(json.dumps(event).encode())


def test_code_is_limited_in_bytes_not_characters() -> None:
    assert RunRequested.erasable()["code"].limit == 65_536
    with pytest.raises(TooLarge):
        accept(type="goals.run.requested", data={"goal": "g", "code": "ñ" * 40_000})


def test_feedback_is_limited_before_its_text_moves_and_read_back_as_a_reference() -> None:
    with pytest.raises(ValidationError, match="at most 280"):
        FeedbackGiven(goal="g", run="r", text="x" * 281)
    new = new_event(
        FeedbackGiven(goal="g", run="r", text="ñ" * 280, input="é" * 300),
        id="e1", source="/functions/feedback", subject="ada", time=NOW, correlation="c1",
    )  # fmt: skip
    assert {p.body for p in new.payloads} == {"ñ" * 280, "é" * 300}
    body = stored(type=new.type, data=new.data).body()
    assert isinstance(body, FeedbackGiven)
    assert body.text.startswith("payload:")
    assert body.input is not None
    assert body.input.startswith("payload:")
