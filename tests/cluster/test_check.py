"""`make k8s-check` finds what people get wrong, and nothing in what we deploy."""

from __future__ import annotations

import copy
import json
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from goals.cluster import write
from goals.cluster.check import notation
from goals.cluster.check.administered import administered
from goals.cluster.check.cron import days, invalid, times
from goals.cluster.check.rules import RULES, check
from goals.cluster.check.ways import HEADERS, METHODS
from goals.cluster.rendering import GOLDEN, OVERLAYS, ROOT, golden, objects, overlay, render
from tests.cluster.mistakes import Mistake, mistakes, planted

MISTAKES = mistakes()
PROD = objects((GOLDEN / "prod.yaml").read_text())


@pytest.mark.parametrize("mistake", MISTAKES, ids=[m.title.replace(" ", "-") for m in MISTAKES])
def test_each_planted_mistake_is_found_by_its_rule(mistake: Mistake) -> None:
    whole = rendered(mistake.overlay)
    assert mistake.rule in {finding.rule for finding in check(mistake.overlay, planted(mistake, whole))}


@cache
def rendered(name: str) -> list[dict[str, Any]]:
    return PROD if name == "prod" else objects(overlay(name))


def test_there_are_a_hundred_mistakes_and_more_and_no_rule_without_one() -> None:
    assert len(MISTAKES) >= 100
    rules = {rule.__name__ for rule in RULES}
    assert rules - {m.rule for m in MISTAKES} == {"twice", "rights", "sinks"}  # by the tests below


def test_nothing_is_found_in_what_production_is_given() -> None:
    assert check("prod", copy.deepcopy(PROD)) == []


@pytest.mark.parametrize("name", OVERLAYS)
def test_what_is_rendered_is_what_the_golden_file_shows_and_has_no_fault(name: str) -> None:
    rendered = {"prod": overlay("prod"), name: overlay(name)}
    for file, text in golden(rendered).items():
        assert (GOLDEN / file).read_text() == text, "make manifests, and look at the difference"
    assert check(name, objects(rendered[name])) == []


@cache
def every_overlay() -> dict[str, list[dict[str, Any]]]:
    return {name: rendered(name) for name in OVERLAYS}


def test_what_an_administrator_applies_is_what_the_golden_file_shows_and_lets_the_deployer_do_its_work() -> None:
    text = render(ROOT / "k8s" / "cluster")
    assert (GOLDEN / "cluster.yaml").read_text() == text, "make manifests, and look at the difference"
    assert administered(objects(text), every_overlay()) == []


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        ("rights", "serving.knative.dev\n  resources:\n  - services", "serving.knative.dev\n  resources:\n  - service"),
        ("rights", "  - configmaps\n", "  - configmaps\n  - secrets\n"),
        ("rights", "  - rabbitmqsources\n", ""),
        ("rights", "kind: Role\n  name: deployer", "kind: Role\n  name: deploy"),
        ("rights", "  - revisions\n", "  - revision\n"),
        ("rights", "- kind: ServiceAccount\n  name: deployer", "- kind: ServiceAccount\n  name: default"),
        ("namespaces", "enforce: restricted", "enforce: privilegd"),
        ("namespaces", "  name: goals-staging\n", "  name: goals-stage\n"),
        ("grants", "name: kourier-internal", "name: kourier-intern"),
        ("grants", "namespace: kourier-system", "namespace: kourier"),
        ("schema", "kind: ReferenceGrant", "kind: ReferencesGrant"),
        ("schema", "  verbs:", "  verb:"),
    ],
)
def test_a_mistake_in_what_an_administrator_applies_is_found(rule: str, good: str, bad: str) -> None:
    text = (GOLDEN / "cluster.yaml").read_text()
    assert good in text
    assert rule in {each.rule for each in administered(objects(text.replace(good, bad)), every_overlay())}


def test_written_manifests_are_what_the_code_says() -> None:
    assert {file.name: file.read_text() for file in write.FOLDER.iterdir()} == write.files()


def test_a_second_object_of_one_name_a_role_for_everything_and_a_secret_are_found() -> None:
    again = copy.deepcopy(next(o for o in PROD if o["kind"] == "Exchange"))
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": {"name": "all", "namespace": "goals"},
        "rules": [{"apiGroups": [""], "resources": ["*"], "verbs": ["get"]}],
    }
    kept = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s", "namespace": "goals"},
        "stringData": {"a": "b"},
    }
    found = check("prod", [*copy.deepcopy(PROD), again, role, kept])
    assert sorted((f.rule, f.where) for f in found) == [
        ("rights", "Role/all"),
        ("rights", "Secret/s"),
        ("twice", f"Exchange/{again['metadata']['name']}"),
    ]


def test_a_pingsource_and_a_domain_lead_to_functions_that_are_there() -> None:
    for name, kind, path in (("pingsource", "PingSource", "sink"), ("kourier", "DomainMapping", "ref")):
        broken = objects(overlay(name))
        one = next(o for o in broken if o["kind"] == kind)
        ref = one["spec"][path] if path == "ref" else one["spec"]["sink"]["ref"]
        ref["name"] = "nobody"
        assert "sinks" in {f.rule for f in check(name, broken)}


def test_pages_may_ask_for_what_the_api_answers() -> None:
    spec = json.loads((ROOT / "docs" / "openapi.json").read_text())
    assert {method.upper() for path in spec["paths"].values() for method in path} == METHODS
    named = re.search(r"allow_headers=(\[.*?\])", (ROOT / "functions" / "api" / "app.py").read_text())
    assert named
    assert {each.lower() for each in json.loads(named[1])} - {"traceparent"} == HEADERS


@pytest.mark.parametrize(
    ("schedule", "times_a_day", "on_days"),
    [
        ("0 17 2 * * *", 1, 366),
        ("0 */15 * * * *", 96, 366),
        ("0 0 3 31 2 *", 1, 0),
        ("0 0 3 * * 0", 1, 53),
        ("0 0 3,15 1 1-6 *", 2, 6),
        ("0 0 3 1 * 7", 1, 64),
    ],
)
def test_how_often_a_schedule_comes_is_counted(schedule: str, times_a_day: int, on_days: int) -> None:
    assert (times(schedule), days(schedule)) == (times_a_day, on_days)


def test_an_origin_that_the_settings_and_the_gateway_let_in_is_no_fault() -> None:
    opened = copy.deepcopy(PROD)
    for each in opened:
        if each["kind"] == "SecurityPolicy":
            each["spec"]["cors"]["allowOrigins"].append("https://app.example.org")
        if "GOALS_CORS_ORIGINS" in each.get("data", {}):
            each["data"]["GOALS_CORS_ORIGINS"] = '["https://app.example.org"]'
    assert check("prod", opened) == []


@pytest.mark.parametrize("name", ["model", "gvisor", "pingsource", "restore"])
def test_production_with_a_component_has_the_addresses_that_production_was_given(name: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "k8s", tmp_path / "k8s")
    prod = tmp_path / "k8s" / "overlays" / "prod" / "kustomization.yaml"
    prod.write_text(prod.read_text().replace("https://goals.example.org", "https://learn.example.net"))
    text = render(tmp_path / "k8s" / "overlays" / name)
    assert "learn.example.net" in text
    assert "//goals.example.org" not in text
    assert check(name, objects(text)) == []


@pytest.mark.parametrize("good", ["* * * * *", "*/15 * * * *", "0 2 1-5,7 * 0", "5-59/10 0 1 1 7"])
def test_schedules_are_understood(good: str) -> None:
    assert invalid(good) is None


@pytest.mark.parametrize("bad", ["", "* * * *", "* * * * * *", "60 * * * *", "5-1 * * * *", "*/0 * * * *", "a * * * *"])
def test_what_is_no_schedule_is_refused(bad: str) -> None:
    assert invalid(bad)


def test_a_schema_that_is_not_in_the_notation_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.b_v1.yaml").write_text("Thing:\n  spec: strng\n")
    with pytest.raises(ValueError, match="strng"):
        notation.read(tmp_path)


def test_every_schema_says_which_release_it_was_written_from() -> None:
    for file in (ROOT / "k8s" / "schemas").glob("*.yaml"):
        first = file.read_text().splitlines()[0]
        assert first.startswith("# ") and any(c.isdigit() for c in first), file.name
