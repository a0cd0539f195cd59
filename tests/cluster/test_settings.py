"""What the functions' settings come to, in every overlay and in the compose file: the lake's bucket, the addresses that
learners fetch their copies from, the language model."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from goals.cluster.check.objects import template_of
from goals.cluster.environment import LAKE
from goals.cluster.rendering import OVERLAYS, ROOT, objects, overlay
from graph.decision import NODES
from shared.settings import Settings
from tests.cluster.kubelet import Container, Object
from tests.cluster.lake import bucket, told

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
KEY = "learners/ada/attempts/2026-11.parquet"


def environment(rendered: list[Object], kind: str, name: str, folder: Path) -> dict[str, str]:
    """Of a container, with secrets that say whose they are; files of theirs are in `folder`."""
    secrets = {
        name: {"access-key": f"key-of-{name}", "secret-key": "s"} for name in ("goals-lake", "goals-lake-read")
    } | {
        "postgres-app": {"uri": "postgresql://postgres-rw/goals"},
        "goals-redis": {"url": "redis://redis:6379/0"},
        **{
            name: {"username": "u", "password": "p"}
            for name in ("goals-publisher-user-credentials", "rabbitmq-default-user")
        },
    }
    (folder / "secret-key").write_text("s")
    return Container(rendered, kind, name, folder=folder, secrets=secrets, addresses={LAKE: str(folder)}).environment()


@pytest.mark.parametrize("name", OVERLAYS)
def test_the_api_signs_addresses_that_a_learner_s_disk_can_reach_with_a_key_that_only_reads(
    name: str, tmp_path: Path
) -> None:
    rendered = objects(overlay(name))
    signed = urlsplit(bucket(environment(rendered, "Service", "api", tmp_path)).presigned(KEY, 60))
    inside = {each["metadata"]["name"] for each in rendered if each["kind"] == "Service"}
    assert signed.hostname is not None
    assert signed.hostname.partition(".")[0] not in inside
    assert parse_qs(signed.query)["X-Amz-Credential"][0].startswith("key-of-goals-lake-read/")


@pytest.mark.parametrize("name", OVERLAYS)
def test_the_job_makes_the_bucket_that_the_lake_is_written_to_and_that_copies_are_signed_for(
    name: str, tmp_path: Path
) -> None:
    rendered = objects(overlay(name))
    each = [("Job", "prepare"), ("Service", "lake"), ("Service", "api")]
    places = {told(environment(rendered, *one, tmp_path)).lake_url for one in each}
    assert len(places) == 1
    for one in each:
        assert bucket(environment(rendered, *one, tmp_path)).bucket.startswith("goals-lake")


NOT_HERE = {
    "allow_unsandboxed": "only for a system of one person",
    "model_prices": "a file: the table is in the images",
    "model_key": "in clear: its file is mounted, in the overlay `model`",
}
"""Settings that no container of a cluster is told, and why."""


def test_what_an_operator_may_set_some_container_is_told_in_a_cluster() -> None:
    named = set()
    for each in objects(overlay("model")):
        containers = (template_of(each) or {}).get("spec", {}).get("containers", [])
        named |= {variable["name"] for c in containers for variable in c.get("env", [])}
    assert {f for f in Settings.model_fields if f"GOALS_{f.upper()}" not in named} == NOT_HERE.keys()
    assert named >= {"GOALS_METRICS_PORT", "GOALS_TRACES_URL"}


@pytest.mark.parametrize(
    ("name", "value", "function", "field"),
    [
        ("GOALS_TOKEN_MINUTES", "5", "api", "token_minutes"),
        ("GOALS_LAKE_RETENTION", '{"attempts": 400}', "lake", "lake_retention"),
        ("GOALS_MODEL_BUDGETS", '{"learner": {"money": 0.1}}', "feedback", "model_budgets"),
        ("GOALS_MODEL_NAME", "another", "api", "model_name"),
    ],
)
def test_a_setting_that_an_overlay_adds_reaches_its_function(
    name: str, value: str, function: str, field: str, tmp_path: Path, production: list[Object]
) -> None:
    before = told(environment(production, "Service", function, tmp_path))
    more = copy.deepcopy(production)
    (settings,) = (o["data"] for o in more if o["kind"] == "ConfigMap" and "GOALS_PUBLIC_URL" in o["data"])
    settings[name] = value
    after = told(environment(more, "Service", function, tmp_path))
    assert getattr(before, field) == Settings.model_fields[field].get_default(call_default_factory=True)
    assert getattr(after, field) != getattr(before, field)


def test_staging_and_production_share_no_bucket() -> None:
    found = []
    for name in ("prod", "staging"):
        rendered = objects(overlay(name))
        (settings,) = (o["data"] for o in rendered if o["kind"] == "ConfigMap" and "GOALS_LAKE_URL" in o["data"])
        (backups,) = (o["spec"]["configuration"] for o in rendered if o["kind"] == "ObjectStore")
        endpoint = settings["GOALS_LAKE_URL"].partition("endpoint=")[2]
        assert backups["endpointURL"] == endpoint, "one address for both"
        found += [settings["GOALS_LAKE_URL"].partition("?")[0], backups["destinationPath"].rstrip("/")]
    assert len(set(found)) == 4


@pytest.mark.parametrize("name", ["api", "lake", "prepare"])
def test_on_one_host_the_lake_is_in_minio_and_copies_come_from_the_port_it_publishes(name: str, tmp_path: Path) -> None:
    service = COMPOSE[name]
    assert "lake-secret" in service["secrets"]
    (tmp_path / "lake-secret").write_text("s")
    found = {key: _expanded(value) for key, value in service["environment"].items()}
    found["GOALS_LAKE_SECRET_KEY_FILE"] = found["GOALS_LAKE_SECRET_KEY_FILE"].replace("/run/secrets", str(tmp_path))
    signed = urlsplit(bucket(found).presigned(KEY, 60))
    published = {_expanded(port).partition(":")[0] for port in COMPOSE["minio"]["ports"]}
    assert (signed.hostname, {str(signed.port)}) == ("localhost", published)
    assert "outside" in COMPOSE["minio"]["networks"], "an internal network publishes nothing"


def test_whoever_asks_a_language_model_holds_its_key_and_reaches_it_and_nobody_else_does() -> None:
    rendered = objects(overlay("model"))
    holding = set()
    for each in rendered:
        containers = (template_of(each) or {}).get("spec", {}).get("containers", [])
        if any(v["name"] == "GOALS_MODEL_KEY_FILE" for c in containers for v in c.get("env", [])):
            holding.add(each["metadata"]["name"])
    (policy,) = (o for o in rendered if o["kind"] == "NetworkPolicy" and o["metadata"]["name"] == "to-the-model")
    (reaching,) = policy["spec"]["podSelector"]["matchExpressions"]
    assert holding == set(reaching["values"]) == {*NODES, "api"}
    for name in holding:
        assert "outside" in COMPOSE[name]["networks"]


def _expanded(value: str) -> str:
    """`${X:-default}` and `${X:?}`, where nobody has set X."""
    return re.sub(r"\$\{\w+:\?\}", "given", re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value))
