"""The learning record in xAPI: what is said of which event; each statement held to xAPI's rules as a record store
applies them (Learning Locker's), to cmi5's, and to our own closed schema; and that these refuse."""

from __future__ import annotations

import copy
import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from shared.events.catalogue.agents import EvaluationRecorded, MasteryChanged, StateChanged
from shared.events.catalogue.interactions import CodeEdited, CodeSaved, GoalOpened, GoalResumed, RunRequested
from shared.events.data import Data
from shared.events.record import Event
from shared.learner.mastery import GATE
from shared.sandbox.languages.javascript import node
from shared.store.connect import connect
from shared.store.log import of_subject
from shared.xapi import Record
from shared.xapi import record as module
from tests.api.conftest import CODE, Learner, World
from tests.lake.events import append, assigned, evaluated, mastered, registered
from tests.xapi.javascript.install import HERE, PACKAGES

SCHEMA = json.loads((Path(module.__file__).with_name("statement.schema.json")).read_text("utf-8"))
HELD = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
START = datetime(2026, 11, 20, 9, tzinfo=UTC)


def moved(goal: str, after: str) -> StateChanged:
    return StateChanged(entity="goal", id=goal, before="open", after=after, because="so it is")


def crossed(before: float, after: float) -> MasteryChanged:
    return mastered("g1").model_copy(update={"before": before, "after": after})


def run(goal: str) -> RunRequested:
    return RunRequested(goal=goal, code="secret code", purpose="submit")


LIFE: list[Data] = [
    registered(), assigned("g1"), GoalOpened(goal="g1"), GoalOpened(goal="g1"),
    run("g1"), evaluated("g1", 1, correct=False),
    evaluated("g1", 2).model_copy(update={"purpose": "run"}), evaluated("g1", 3), moved("g1", "solved"),
    evaluated("g1", 4, correct=False), evaluated("g1", 5),
    crossed(0.8, 0.95), crossed(0.95, 0.97), crossed(0.85, 0.93),
    assigned("g2"), moved("g2", "abandoned"),
    assigned("g3"), moved("g3", "paused"), GoalResumed(goal="g3"), moved("g3", "swapped"),
    assigned("g4"), run("g4"), evaluated("g4").model_copy(update={"seconds": None}), moved("g4", "solved"),
    assigned("g5"), run("g5"), GoalOpened(goal="g5"), moved("g5", "abandoned"),
    assigned("g6"), CodeEdited(goal="g6", inserted=9, deleted=0, seconds=20), CodeSaved(goal="g6", length=9), run("g6"),
    evaluated("g6", correct=False).model_copy(update={"seconds": None}), moved("g6", "swapped"),
    assigned("g7"), CodeSaved(goal="g7", length=9), moved("g7", "abandoned"),
]  # fmt: skip
"""A minute apart each. `g2` was never begun, `g4` never opened, `g5` opened after it was run, `g6` edited and run and
never opened, `g7` no more than saved."""
TOLD = [
    ("initialized", None),
    ("failed", {"success": False, "score": {"scaled": 0.25}, "duration": "PT61.50S"}),
    ("passed", {"success": True, "score": {"scaled": 1.0}, "duration": "PT184.50S"}),
    ("completed", {"completion": True, "duration": "PT360.00S"}),
    ("satisfied", None),
    ("initialized", None),
    ("terminated", {"duration": "PT60.00S"}),
    ("initialized", None),
    ("passed", {"success": True, "score": {"scaled": 1.0}, "duration": "PT60.00S"}),
    ("completed", {"completion": True, "duration": "PT120.00S"}),
    ("initialized", None),
    ("abandoned", {"duration": "PT120.00S"}),
    ("initialized", None),
    ("failed", {"success": False, "score": {"scaled": 0.25}, "duration": "PT200.00S"}),
    ("terminated", {"duration": "PT260.00S"}),
]
CMI5 = {
    "initialized": {},
    "passed": {"success": True, "score": ..., "duration": ...},
    "failed": {"success": False, "score": ..., "duration": ...},
    "completed": {"completion": True, "duration": ...},
    "terminated": {"duration": ...},
    "abandoned": {"duration": ...},
    "satisfied": {},
}
"""cmi5 1.0, 9.5.1 to 9.5.4: what a result holds, by verb, all of it and nothing else. A score cmi5 leaves to us."""


@pytest.fixture
def events(database: str) -> Iterator[list[Event]]:
    with connect(database) as conn:
        for number, body in enumerate(LIFE):
            append(conn, "ada", [body], time=START + timedelta(minutes=number), tag=str(number))
        yield of_subject(conn, "ada", after=0, limit=500)


def recorded(events: list[Event], server: str = "https://goals.example.org") -> list[dict[str, Any]]:
    record = Record("ada", server, lambda kind, slug: {"en": slug.title(), "es": slug} if kind == "challenge" else {})
    return [s for s in map(record.statement, events) if s is not None]


def wrong_by_others(statements: list[dict[str, Any]]) -> list[list[str]]:
    """What a record store has against each: Learning Locker's validator of xAPI 1.0.3."""
    done = subprocess.run(
        [node(), str(HERE / "validate.cjs")], input=json.dumps(statements),
        env={**os.environ, "NODE_PATH": str(PACKAGES / "node_modules")},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: list[list[str]] = json.loads(done.stdout)
    return found


def test_a_life_is_told_in_the_verbs_of_cmi5(events: list[Event]) -> None:
    found = recorded(events)
    assert [(s["verb"]["display"]["en"], s.get("result")) for s in found] == TOLD
    passed, satisfied = found[2], found[4]
    assert passed["object"]["id"] == "https://goals.example.org/xapi/challenge/coin-jar"
    assert passed["object"]["definition"]["name"] == {"en": "Coin-Jar", "es": "coin-jar"}
    assert passed["context"]["extensions"] == {
        "https://goals.example.org/xapi/extensions/attempt": 3,
        "https://goals.example.org/xapi/extensions/assisted": False,
    }
    assert satisfied["object"]["id"].endswith("/xapi/concept/loops")
    assert satisfied["context"]["extensions"] == {"https://goals.example.org/xapi/extensions/mastery": 0.95}


@pytest.mark.parametrize("server", ["https://goals.example.org", "http://localhost:8765/"])
def test_every_statement_is_xapi_by_a_record_store_s_rules(events: list[Event], server: str) -> None:
    found = recorded(events, server)
    assert wrong_by_others(found) == [[]] * len(TOLD)


def test_every_statement_holds_to_our_schema(events: list[Event]) -> None:
    for statement in recorded(events):
        HELD.validate(statement)


def test_each_verb_has_the_result_that_cmi5_gives_it(events: list[Event]) -> None:
    for statement in recorded(events):
        verb, result = statement["verb"]["display"]["en"], statement.get("result", {})
        may = CMI5[verb]
        assert result.keys() == may.keys()
        assert all(result[name] == value for name, value in may.items() if value is not ...)
        assert 0 <= result.get("score", {}).get("scaled", 0) <= 1


def test_a_registration_keeps_to_cmi5_s_order(events: list[Event]) -> None:
    """cmi5 1.0, 9.3: initialized first; passed once and completed once; nothing failed after passed."""
    verbs: dict[str, list[str]] = {}
    for statement in recorded(events):
        if registration := statement["context"].get("registration"):
            verbs.setdefault(registration, []).append(statement["verb"]["display"]["en"])
    for said in verbs.values():
        assert said[0] == "initialized"
        assert len(set(said)) == len(said)
        assert "failed" not in said[said.index("passed") :] if "passed" in said else True


def test_ids_are_the_same_again_and_no_two_alike(events: list[Event]) -> None:
    found = recorded(events)
    assert found == recorded(events)
    assert len({s["id"] for s in found}) == len(found)
    registrations = [s["context"].get("registration") for s in found]
    assert len(set(registrations[:4])) == 1
    assert len({*registrations} - {None}) == 5


def test_nothing_of_the_person_is_in_it(events: list[Event]) -> None:
    text = json.dumps(recorded(events))
    assert "secret code" not in text
    assert "payload:" not in text
    assert "Ada" not in text


def test_the_gate_is_the_learner_model_s() -> None:
    assert module.GATE == GATE


WRONG: list[tuple[str, Any]] = [
    ("id", "not-a-uuid"), ("timestamp", "yesterday"), ("version", "2.0.0"), ("verb.id", "did"), ("verb.display", 3),
    ("verb.display", {"not a language": "x"}), ("actor.account.homePage", "nowhere"),
    ("actor.mbox", "mailto:ada@example.org"), ("object.objectType", "Thing"), ("object.id", "no iri"),
    ("object.definition.name", {"en": None}), ("result.score.scaled", 1.5), ("result.duration", "three minutes"),
    ("result.success", "yes"), ("result", None), ("context.registration", "1"), ("context.extensions", {"bare": 1}),
    ("surprise", 1),
]  # fmt: skip
"""By xAPI."""
OURS: list[tuple[str, str, Any]] = [
    ("passed", "verb.id", "http://example.org/did"), ("passed", "verb.display", {}), ("passed", "result.score.raw", 3),
    ("passed", "result.success", False), ("failed", "result.success", True), ("passed", "result.completion", True),
    ("passed", "result.score.scaled", -0.5), ("completed", "result.success", True),
    ("completed", "result.completion", False), ("completed", "result.score", {"scaled": 1}),
    ("satisfied", "result", {"success": True}), ("initialized", "result", {"duration": "PT1.00S"}),
    ("terminated", "result.success", False), ("abandoned", "result.completion", True), ("abandoned", "result", {}),
    ("passed", "result", {"success": True, "score": {"scaled": 1}}), ("completed", "result", {"completion": True}),
]  # fmt: skip
"""By cmi5, or as we do not say it."""


def altered(events: list[Event], verb: str, path: str, value: Any) -> dict[str, Any]:
    statement = copy.deepcopy(next(s for s in recorded(events) if s["verb"]["display"]["en"] == verb))
    *way, last = path.split(".")
    place = statement
    for step in way:
        place = place[step]
    place[last] = value
    return statement


def test_what_is_wrong_is_refused_by_both(events: list[Event]) -> None:
    wrong = [altered(events, "passed", path, value) for path, value in WRONG]
    for said, statement, (path, value) in zip(wrong_by_others(wrong), wrong, WRONG, strict=True):
        assert said, (path, value)
        assert not HELD.is_valid(statement), (path, value)


@pytest.mark.parametrize(("verb", "path", "value"), OURS, ids=lambda v: str(v)[:24])
def test_our_schema_refuses_what_cmi5_does(events: list[Event], verb: str, path: str, value: Any) -> None:
    assert not HELD.is_valid(altered(events, verb, path, value))


def test_the_export_gives_the_record_of_the_caller(world: World) -> None:
    ada: Learner = world.learner()
    goal = world.goal(ada.id)
    ada.send({"specversion": "1.0", "id": "o", "type": "goals.goal.opened", "data": {"goal": goal}})
    ada.post(f"/v1/goals/{goal}/runs", {"id": "r", "code": CODE, "purpose": "submit"})
    run = EvaluationRecorded(
        goal=goal, run="r", challenge="coin-jar", concepts=("loops",), correct=True, assisted=False, purpose="submit",
        expected=0.6, score=1, attempt=1, seconds=12.346,
    )  # fmt: skip
    world.record(ada.id, run)
    answer = ada.get("/v1/me/export?format=xapi")
    assert "xapi" in answer.headers["content-disposition"]
    found = answer.json()
    assert [s["verb"]["display"]["en"] for s in found] == ["initialized", "passed"]
    assert found[0]["object"]["definition"]["name"].keys() == {"en", "es"}
    assert found[1]["result"]["duration"] == "PT12.35S"
    for statement in found:
        HELD.validate(statement)
    assert wrong_by_others(found) == [[], []]
    assert ada.get("/v1/me/export?format=pdf").status_code == 422
