"""The learning record in xAPI: what is said of which event, held to the schema; and that the schema refuses."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from shared.events.catalogue.agents import EvaluationRecorded, MasteryChanged, StateChanged
from shared.events.catalogue.interactions import GoalOpened, RunRequested
from shared.events.data import Data
from shared.events.record import Event
from shared.learner.mastery import GATE
from shared.store.connect import connect
from shared.store.log import of_subject
from shared.xapi import Record
from shared.xapi import record as module
from tests.api.conftest import CODE, Learner, World
from tests.lake.events import append, assigned, evaluated, mastered, registered

SCHEMA = json.loads((Path(module.__file__).with_name("statement.schema.json")).read_text("utf-8"))
HELD = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
START = datetime(2026, 11, 20, 9, tzinfo=UTC)


def moved(goal: str, after: str) -> StateChanged:
    return StateChanged(entity="goal", id=goal, before="open", after=after, because="so it is")


def crossed(before: float, after: float) -> MasteryChanged:
    return mastered("g1").model_copy(update={"before": before, "after": after})


LIFE: list[Data] = [
    registered(), assigned("g1"), GoalOpened(goal="g1"), GoalOpened(goal="g1"),
    RunRequested(goal="g1", code="secret code"), evaluated("g1", 1, correct=False),
    evaluated("g1", 2).model_copy(update={"purpose": "run"}), evaluated("g1", 3), moved("g1", "solved"),
    crossed(0.8, 0.95), crossed(0.95, 0.97), assigned("g2"), moved("g2", "abandoned"),
    assigned("g3"), moved("g3", "swapped"), moved("g3", "paused"),
]  # fmt: skip


@pytest.fixture
def events(database: str) -> Iterator[list[Event]]:
    with connect(database) as conn:
        for number, body in enumerate(LIFE):
            append(conn, "ada", [body], time=START, tag=str(number))
        yield of_subject(conn, "ada", after=0, limit=500)


def recorded(events: list[Event], server: str = "https://goals.example.org") -> list[dict[str, Any]]:
    record = Record("ada", server, lambda kind, slug: {"en": slug.title(), "es": slug} if kind == "challenge" else {})
    return [s for s in map(record.statement, events) if s is not None]


def test_a_life_is_told_in_the_verbs_of_cmi5(events: list[Event]) -> None:
    found = recorded(events)
    assert [s["verb"]["display"]["en"] for s in found] == [
        "initialized", "failed", "passed", "completed", "satisfied", "abandoned", "terminated",
    ]  # fmt: skip
    passed = found[2]
    assert passed["result"] == {"success": True, "score": {"scaled": 1.0}, "duration": "PT184.50S"}
    assert passed["object"]["id"] == "https://goals.example.org/xapi/challenge/coin-jar"
    assert passed["object"]["definition"]["name"] == {"en": "Coin-Jar", "es": "coin-jar"}
    assert passed["context"]["extensions"] == {
        "https://goals.example.org/xapi/extensions/attempt": 3,
        "https://goals.example.org/xapi/extensions/assisted": False,
    }
    assert found[4]["object"]["id"].endswith("/xapi/concept/loops")


def test_every_statement_holds_to_the_schema(events: list[Event]) -> None:
    for statement in recorded(events):
        HELD.validate(statement)


def test_ids_are_the_same_again_and_no_two_alike(events: list[Event]) -> None:
    found = recorded(events)
    assert found == recorded(events)
    assert len({s["id"] for s in found}) == len(found)
    registrations = [s["context"].get("registration") for s in found]
    assert len(set(registrations[:4])) == 1
    assert len({*registrations} - {None}) == 3


def test_nothing_of_the_person_is_in_it(events: list[Event]) -> None:
    text = json.dumps(recorded(events))
    assert "secret code" not in text
    assert "payload:" not in text
    assert "Ada" not in text


def test_the_gate_is_the_learner_model_s() -> None:
    assert module.GATE == GATE


WRONG: list[tuple[str, Any]] = [
    ("id", "not-a-uuid"), ("timestamp", "yesterday"), ("version", "2.0.0"), ("verb.id", "http://example.org/did"),
    ("verb.display", {}), ("actor.account.homePage", "nowhere"), ("actor.mbox", "mailto:ada@example.org"),
    ("object.objectType", "Thing"), ("object.id", "has spaces"), ("result.score.scaled", 1.5), ("result.score.raw", 3),
    ("result.duration", "three minutes"), ("result.success", False), ("context.registration", "1"), ("surprise", 1),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value"), WRONG, ids=lambda v: str(v)[:24])
def test_the_schema_refuses_what_is_wrong(events: list[Event], path: str, value: Any) -> None:
    statement = copy.deepcopy(next(s for s in recorded(events) if s["verb"]["display"]["en"] == "passed"))
    *way, last = path.split(".")
    place = statement
    for step in way:
        place = place[step]
    place[last] = value
    with pytest.raises(jsonschema.ValidationError):
        HELD.validate(statement)


def test_the_export_gives_the_record_of_the_caller(world: World) -> None:
    ada: Learner = world.learner()
    goal = world.goal(ada.id)
    ada.send({"specversion": "1.0", "id": "o", "type": "goals.goal.opened", "data": {"goal": goal}})
    ada.post(f"/v1/goals/{goal}/runs", {"id": "r", "code": CODE, "purpose": "submit"})
    run = EvaluationRecorded(
        goal=goal, run="r", challenge="coin-jar", concepts=("loops",), correct=True, assisted=False, purpose="submit",
        expected=0.6, score=1, attempt=1, seconds=12.345,
    )  # fmt: skip
    world.record(ada.id, run)
    answer = ada.get("/v1/me/export?format=xapi")
    assert "xapi" in answer.headers["content-disposition"]
    found = answer.json()
    assert [s["verb"]["display"]["en"] for s in found] == ["initialized", "passed"]
    assert found[0]["object"]["definition"]["name"].keys() == {"en", "es"}
    for statement in found:
        HELD.validate(statement)
    assert ada.get("/v1/me/export?format=pdf").status_code == 422
