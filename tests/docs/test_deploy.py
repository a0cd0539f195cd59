"""What docs/deploy.md says of sizes is what the manifests come to, and what it says of secrets does that."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from goals.cluster.check.objects import KNATIVE
from goals.cluster.check.workloads import bytes_of
from goals.cluster.deployed import FUNCTIONS
from goals.cluster.environment import SECRETS
from goals.cluster.rendering import GOLDEN, ROOT, objects, overlay
from graph.decision import NODES

PAGE = re.sub(r"\s+", " ", (ROOT / "docs" / "deploy.md").read_text())
ADAPTER = (0.05, 64 * 2**20)
"""Cores and bytes that eventing-rabbitmq 1.22 asks for, for the adapter of one RabbitmqSource."""
GI = 2**30
SIZE = r"([\d.]+) cores and (\d+) GiB"


def amount(text: str) -> float:
    found = bytes_of(text)
    assert found is not None, text
    return found


def idle(rendered: list[dict[str, Any]]) -> tuple[float, float]:
    """Cores and bytes that stand there while nobody does anything, without Knative's own sidecars."""
    cores, memory = 0.0, 0.0
    for each in rendered:
        spec, count = each.get("spec", {}), 0
        match each["kind"]:
            case "Service" if each["apiVersion"] == KNATIVE:
                template = spec["template"]
                count = int(template["metadata"]["annotations"]["autoscaling.knative.dev/min-scale"])
                asked = template["spec"]["containers"][0]["resources"]["requests"]
            case "StatefulSet" | "Deployment":
                count, asked = spec["replicas"], spec["template"]["spec"]["containers"][0]["resources"]["requests"]
            case "RabbitmqCluster":
                count, asked = spec["replicas"], spec["resources"]["requests"]
            case "Cluster":
                count, asked = spec["instances"], spec["resources"]["requests"]
            case "RabbitmqSource":
                count, asked = 1, {"cpu": str(ADAPTER[0]), "memory": str(ADAPTER[1])}
        if count:
            cores += count * amount(asked["cpu"])
            memory += count * amount(asked["memory"])
    return cores, memory


def disks(rendered: list[dict[str, Any]]) -> float:
    total = 0.0
    for each in rendered:
        spec = each.get("spec", {})
        if each["kind"] == "RabbitmqCluster":
            total += spec["replicas"] * amount(spec["persistence"]["storage"])
        if each["kind"] == "Cluster":
            volumes = [spec["storage"]["size"], *([spec["walStorage"]["size"]] if "walStorage" in spec else [])]
            total += spec["instances"] * sum(map(amount, volumes))
    return total


def test_disks_cores_and_memory_are_what_the_manifests_ask_for() -> None:
    prod, dev = objects((GOLDEN / "prod.yaml").read_text()), objects(overlay("dev"))
    assert PAGE.count(f"{disks(prod) / GI:.0f} GiB of disk") == 2
    (said,) = re.findall(rf"production asks for about {SIZE} [^;]*; development for about {SIZE}", PAGE)
    real = [*idle(prod), *idle(dev)]
    assert [float(each) for each in said] == pytest.approx([real[0], real[1] / GI, real[2], real[3] / GI], abs=0.2)


def test_each_row_of_the_table_is_what_the_code_says() -> None:
    sizes = {each.name: each for each in FUNCTIONS}
    rows = {"api": ["api"], "runner": ["runner"], "`access`, `process`": ["access", "process"], "mcp": ["mcp"]}
    rows["other nodes"] = sorted({*NODES} - {"access", "process"})
    for title, names in rows.items():
        row = re.search(rf"\| `?{title}`? \| (\d+)–(\d+) \| (\d+) m, ([\d.]+) (Mi|Gi) \|", PAGE)
        assert row, title
        for one in (sizes[name] for name in names):
            memory = float(row[4]) * (1024 if row[5] == "Gi" else 1)
            assert (one.least, one.most, one.cpu, one.memory) == (int(row[1]), int(row[2]), int(row[3]), memory), one


def test_no_commit_takes_along_the_secrets_that_these_pages_have_made() -> None:
    made = [".env", "containers/secrets/keys.pem", "containers/secrets/lake-secret", "keys/0001.pem"]
    named = (ROOT / "docs" / "deploy.md").read_text()
    assert all(each.rpartition("/")[2] in named for each in made)
    done = subprocess.run(["git", "check-ignore", *made], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.split() == made


def test_each_command_that_changes_a_secret_is_shell_and_names_a_secret_and_keys_that_are_there(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "deploy.md").read_text()
    block = page[page.index("       change() {") : page.index("Lake and model: the same")]
    (tmp_path / "kubectl").write_text(
        f"""#!/bin/sh
case "$*" in
*data.password*) printf old- | base64 ;;
*data.uri*) printf 'postgresql://goals:old-@postgres-rw.goals:5432/goals' | base64 ;;
*) printf '%s\\n' "$*" >> {tmp_path}/asked ;;
esac
"""
    )
    (tmp_path / "make").write_text("#!/bin/sh\n")
    for program in ("kubectl", "make"):
        (tmp_path / program).chmod(0o755)
    given = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    subprocess.run(["bash", "-euc", block], env=given, check=True, capture_output=True)
    asked = (tmp_path / "asked").read_text().splitlines()
    patched = [re.search(r"patch secret (\S+) .*--patch (.*)", line) for line in asked]
    found = {each[1]: json.loads(each[2])["stringData"] for each in patched if each}
    assert found.keys() == {"postgres-app", "goals-publisher-user-credentials", "goals-redis"}
    for name, keys in found.items():
        assert keys.keys() <= {*SECRETS[name], "password"}, name
    database = found["postgres-app"]
    assert database["uri"] == f"postgresql://goals:{database['password']}@postgres-rw.goals:5432/goals"
    assert found["goals-redis"]["url"].split("@")[0].endswith(found["goals-redis"]["password"])
    assert any("annotate users.rabbitmq.com goals-publisher" in line for line in asked)
