"""The catalogue is a promise: golden events of every type and version are read for ever."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shared.events import schema
from shared.events.data import LATEST, REGISTRY
from shared.events.upcast import STEPS, newest

GOLDEN = Path(__file__).parent / "golden"
DOCS = Path(__file__).parents[2] / "docs" / "events"


@pytest.mark.parametrize(("type_", "version"), sorted(REGISTRY), ids=lambda v: str(v))
def test_every_version_ever_written_is_read_as_the_newest(type_: str, version: int) -> None:
    golden = json.loads((GOLDEN / f"{type_}.{version}.json").read_text())
    body = newest(type_, version, golden)
    assert type(body) is LATEST[type_]


@pytest.mark.parametrize(("type_", "version"), sorted(REGISTRY), ids=lambda v: str(v))
def test_a_golden_event_says_every_field_its_model_has(type_: str, version: int) -> None:
    """A field added later is optional, or a new version: the golden file of the old form stays as it was."""
    golden = json.loads((GOLDEN / f"{type_}.{version}.json").read_text())
    fields = REGISTRY[type_, version].model_fields
    assert set(golden) <= set(fields)
    assert {name for name, field in fields.items() if field.is_required()} <= set(golden)


def test_golden_files_are_only_added() -> None:
    assert {p.name for p in GOLDEN.glob("*.json")} == {f"{t}.{v}.json" for t, v in REGISTRY}


def test_every_old_version_has_its_step_upwards() -> None:
    old = {(t, v) for t, v in REGISTRY if v < LATEST[t].event_version}
    assert old == set(STEPS)


def test_the_published_schemas_are_those_of_the_code() -> None:
    """`make schemas` writes them."""
    written = {p.name: p.read_text() for p in DOCS.iterdir()}
    assert written == schema.files()
