"""OpenFaaS: what its functions, clocks, connector and Job are given, and that it suffices. No cluster is here."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from goals.cluster.check.cron import invalid
from goals.cluster.deployed import FUNCTIONS
from goals.cluster.jobs import prepare
from goals.cluster.openfaas import IMAGES, LIMIT, stack
from goals.cluster.rendering import ROOT
from graph.topology import QUEUES
from tests.cluster.lake import bucket, told

FOLDER = ROOT / "k8s" / "openfaas"
STACK, CRON = (yaml.safe_load((FOLDER / name).read_text())["functions"] for name in ("stack.yml", "cron.yml"))
CONNECTOR, JOB = (yaml.safe_load((FOLDER / name).read_text()) for name in ("connector.yaml", "prepare.yaml"))


def test_openfaas_gets_every_event_function_within_the_community_edition_s_limits() -> None:
    functions: dict[str, Any] = stack()["functions"]
    assert set(functions) == {each.name for each in FUNCTIONS if each.kind == "event"} == {q.name for q in QUEUES}
    assert len(functions) + len(CRON) <= LIMIT
    for name, function in functions.items():
        assert f"functions.{name}.function:new" in function["environment"]["fprocess"]
        assert int(function["labels"]["com.openfaas.scale.min"]) >= 1, "CE does not scale to zero"
    for each in CRON.values():
        assert invalid(each["annotations"]["schedule"]) is None
        assert each["annotations"]["topic"] == "cron-function"
    (container,) = CONNECTOR["spec"]["template"]["spec"]["containers"]
    targets = json.loads(next(v["value"] for v in container["env"] if v["name"] == "GOALS_TARGETS"))
    assert targets == {n: f"http://gateway.openfaas.svc.cluster.local:8080/function/{n}" for n in functions}


def test_openfaas_start_reads_secrets_from_files_and_becomes_the_function(tmp_path: Path) -> None:
    (tmp_path / "goals-database-url").write_text("postgresql:///x")
    done = subprocess.run(
        [str(ROOT / "k8s" / "openfaas" / "start"), "sh", "-c", 'echo "$GOALS_DATABASE_URL ${GOALS_BUS_URL:-none}"'],
        env={"SECRETS": str(tmp_path), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "postgresql:///x none\n"


@pytest.mark.parametrize("name", STACK)
def test_openfaas_starts_each_function_with_all_the_settings_it_needs(name: str, tmp_path: Path) -> None:
    function = STACK[name]
    for secret in function["secrets"]:
        (tmp_path / secret).write_text(f"{secret}://x")
    given = {k: v.replace("/var/openfaas/secrets", str(tmp_path)) for k, v in function["environment"].items()}
    done = subprocess.run(
        [str(FOLDER / "start"), "env", "-0"],
        env={"SECRETS": str(tmp_path), "PATH": "/usr/bin:/bin", **given}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = dict(line.split("=", 1) for line in done.stdout.rstrip("\0").split("\0"))
    settings = told(found)
    assert (settings.database_url, settings.bus_url) == ("goals-database-url://x", "goals-bus-url://x")
    assert settings.redis_url == "goals-redis-url://x"
    if name == "lake":
        assert bucket(found).bucket == "goals-lake"
    else:
        assert not [key for key in found if "LAKE" in key], "no more than it needs"


def test_openfaas_s_job_prepares_what_the_other_clusters_job_does() -> None:
    (ours,) = JOB["spec"]["template"]["spec"]["containers"]
    (theirs,) = prepare()["spec"]["template"]["spec"]["containers"]
    assert ours["command"] == theirs["command"]
    assert {v["name"] for v in ours["env"]} == {v["name"] for v in theirs["env"] if not v["name"].startswith("BUS_")}


def test_the_steps_make_every_secret_and_every_image_that_openfaas_is_told_of() -> None:
    used = {secret for function in [*STACK.values(), *CRON.values()] for secret in function["secrets"]}
    for each in (CONNECTOR, JOB):
        (container,) = each["spec"]["template"]["spec"]["containers"]
        used |= {v["valueFrom"]["secretKeyRef"]["name"] for v in container["env"] if "valueFrom" in v}
        assert container["image"] == "registry.example.org/goals/operations:0.1.0", "which the steps replace"
    steps = (ROOT / "docs" / "deploy.md").read_text()
    assert used == set(re.findall(r"faas-cli secret create (\S+)", steps))
    images = {function["image"] for function in [*STACK.values(), *CRON.values()]}
    assert images == {f"${{REGISTRY:-registry.example.org/goals}}/openfaas/{name}:${{TAG:-latest}}" for name in IMAGES}
