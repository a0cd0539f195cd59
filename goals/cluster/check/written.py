"""What follows from the code is rendered as the code says it, but for what an overlay may choose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from goals.cluster import jobs, serving
from goals.cluster.check.objects import Finding, Objects, name, where
from goals.cluster.check.workloads import bytes_of
from goals.cluster.deployed import FUNCTIONS

CHOSEN = {
    "image", "resources", "traffic", "autoscaling.knative.dev/min-scale", "autoscaling.knative.dev/max-scale",
    "configMapKeyRef",
}  # fmt: skip
"""Keys that other rules judge: `images`, `sizes`, `timeouts`, `scaling`, `variables`."""
ADDED = {"runtimeClassName"}
LARGEST = {"cpu": 8.0, "memory": 16 * 2.0**30}
"""Of one container: what a usual node has room for."""


def written(objects: Objects) -> Iterator[Finding]:
    """Functions, the Job and the clocks: settings by the secrets and keys of the code, probes, bounds, volumes."""
    there = {(each["kind"], name(each)): each for each in objects.all if each["apiVersion"] != "v1"}
    for wanted in [*map(serving.service, FUNCTIONS), jobs.prepare(), *jobs.clocks()]:
        found = there.get((wanted["kind"], name(wanted)))
        for problem in _differences("spec", wanted["spec"], found["spec"]) if found else ():
            yield Finding("written", where(wanted), problem)


def _differences(at: str, wanted: Any, found: Any) -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key in sorted((wanted.keys() | found.keys()) - CHOSEN - ADDED):
            if key not in found or key not in wanted:
                yield f"{at}.{key} is {'missing' if key in wanted else 'not of the code'}"
            else:
                yield from _differences(f"{at}.{key}", wanted[key], found[key])
    elif isinstance(wanted, list) and all(isinstance(each, dict) and "name" in each for each in wanted):
        named = {each["name"]: each for each in found}  # a component adds some
        for each in wanted:
            if each["name"] not in named:
                yield f"{at} has no {each['name']}"
            else:
                yield from _differences(f"{at}.{each['name']}", each, named[each["name"]])
    elif wanted != found:
        yield f"{at} is {found!r}, in the code {wanted!r}"


def sizes(objects: Objects) -> Iterator[Finding]:
    """No less memory than was measured to be needed, no more than a node has."""
    measured = {each.name: each.memory * 2.0**20 for each in FUNCTIONS}
    for each, container in objects.containers():
        resources = container.get("resources", {})
        for part in ("requests", "limits"):
            for what, given in resources.get(part, {}).items():
                if (bytes_of(given) or 0) > LARGEST.get(what, 0):
                    yield Finding("sizes", where(each), f"{part} {given} of {what}: no usual node has room for it")
        limit = bytes_of(resources.get("limits", {}).get("memory", "0")) or 0
        if each in objects.functions() and limit < measured.get(name(each), 0):
            yield Finding("sizes", where(each), "may use less memory than it was measured to need")
    single = {each.name for each in FUNCTIONS if each.most == 1}
    for each in objects.functions():
        most = each["spec"]["template"]["metadata"].get("annotations", {}).get("autoscaling.knative.dev/max-scale")
        if name(each) in single and most != "1":
            yield Finding("sizes", where(each), "is one writer: max-scale must be 1")


RULES = (written, sizes)
