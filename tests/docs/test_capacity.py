"""What docs/deploy.md says of sizes is what the manifests come to."""

from __future__ import annotations

import re
from typing import Any

import pytest

from goals.cluster.check.objects import KNATIVE
from goals.cluster.check.workloads import bytes_of
from goals.cluster.deployed import FUNCTIONS
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
