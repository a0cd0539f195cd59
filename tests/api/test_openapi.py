"""The OpenAPI document, the page made of it, and the application held against it (schemathesis)."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from functions.api import reference
from tests.api.conftest import Learner, World

SKIPPED = {"liveness", "readiness", "erase_me", "sign_out"}
HELD = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def document(world: World) -> dict[str, Any]:
    found: dict[str, Any] = world.http.get("/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in {"get", "post", "delete", "put"}
    ]


def test_every_operation_has_a_name_a_description_and_its_problems(document: dict[str, Any]) -> None:
    found = operations(document)
    names = [operation["operationId"] for _, _, operation in found]
    assert len(names) == len(set(names)) > 30
    for path, method, operation in found:
        assert operation["description"], (path, method)
        assert operation["tags"], (path, method)
        problems = [a for status, a in operation["responses"].items() if status[0] in "45"]
        assert problems
        assert all(set(answer["content"]) == {"application/problem+json"} for answer in problems)
        if operation.get("security"):
            assert "401" in operation["responses"], (path, method)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def walk(node: Any) -> None:
        if isinstance(node, dict):
            ref = node.get("$ref")
            if isinstance(ref, str):
                assert ref.removeprefix("#/components/schemas/") in document["components"]["schemas"], ref
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(document)


def test_every_interaction_has_its_schema(document: dict[str, Any]) -> None:
    from functions.api.openapi import interactions

    schemas = document["components"]["schemas"]
    assert set(schemas["Interaction"]["discriminator"]["mapping"]) == set(interactions())
    assert "GoalOpenedEvent" in schemas


def test_the_reference_page_needs_nothing_from_elsewhere(world: World, document: dict[str, Any]) -> None:
    page = world.http.get("/docs").text
    assert "<script" not in page
    assert "http://" not in page.replace(world.url, "")
    assert "https://" not in page
    for path, _, _ in operations(document):
        assert path in page


@pytest.mark.timeout(120)
def test_the_application_keeps_to_its_document_whatever_is_sent(world: World, ada: Learner) -> None:
    world.goal(ada.id)
    world.grant(ada, "learner", "operator", "organisation", organisation="trial")
    schema = schemathesis.openapi.from_dict(world.http.get("/openapi.json").json())
    schema.config.base_url = world.url
    assert len(CHECKS.get_all()) >= len(HELD)
    for result in schema.get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr]  # ours has no invalid operation
        if operation.definition.raw.get("operationId") in SKIPPED:
            continue
        _hold(operation, ada)


def _hold(operation: Any, ada: Learner) -> None:
    from schemathesis import GenerationMode

    cases = st.one_of(*(operation.as_strategy(generation_mode=m) for m in GenerationMode))

    @settings(
        max_examples=40,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def holds(case: Any) -> None:
        headers = {k: v for k, v in (case.headers or {}).items() if k.lower() != "authorization"}
        case.headers = {**headers, **ada.headers}
        case.call_and_validate(checks=HELD, timeout=20)

    holds()


def test_the_reference_in_docs_is_what_the_server_says() -> None:
    assert reference.FILE.read_text("utf-8") == reference.text(), "run: make schemas"
