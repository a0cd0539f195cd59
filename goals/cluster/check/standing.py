"""What must stand whatever else is deployed: isolation, budgets for disruptions, copies of what must not stop."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from goals.cluster import network
from goals.cluster.check.entrance import is_door
from goals.cluster.check.objects import Finding, Object, Objects, matches, name, where
from goals.cluster.deployed import CONNECTIONS, FUNCTIONS
from goals.cluster.rendering import ROOT
from shared.settings import Settings

ISTIO, KOURIER = "istio-system", "kourier-system"
EVERYTHING = ["Egress", "Ingress"]
EVENTS = {each.name for each in FUNCTIONS if each.kind == "event"}
MOST = "autoscaling.knative.dev/max-scale"
OTHERS = 20
"""Connections of the operator, the Job, the superuser, a person who looks."""


def isolation(objects: Objects) -> Iterator[Finding]:
    """Nobody talks to anybody but by a policy of the code, and none lets everybody in or out."""
    there = {name(each): each["spec"] for each in objects.of("NetworkPolicy")}
    closed = [
        spec
        for spec in there.values()
        if spec["podSelector"] == {}
        and sorted(spec["policyTypes"]) == EVERYTHING
        and not {"ingress", "egress"} & spec.keys()
    ]
    if not closed:
        yield Finding("isolation", "NetworkPolicy", "none closes all pods to and from everybody")
    istio = any(each["spec"]["gatewayClassName"] == "istio" for each in objects.of("Gateway"))
    for wanted in network.policies():
        spec, found = wanted["spec"], there.get(name(wanted))
        if found is None:
            yield Finding("isolation", where(wanted), "is missing: the code's own")
        else:
            for part in spec.keys() | found.keys():
                if _peers(found.get(part), istio=istio) != spec.get(part):
                    yield Finding("isolation", where(wanted), f"its {part} is not the code's")
    for each in objects.of("NetworkPolicy"):
        for rule in each["spec"].get("ingress", []):
            if (not rule.get("from") or {} in rule["from"]) and not is_door(objects, each):
                yield Finding("isolation", where(each), "lets everybody in")
        for rule in each["spec"].get("egress", []):
            if not rule.get("to") and not rule.get("ports"):
                yield Finding("isolation", where(each), "lets its pods out to everybody")


def _peers(part: Any, *, istio: bool) -> Any:
    """With Istio its namespace is the ingress's, besides Kourier's or in its place."""
    if not istio or not isinstance(part, list):
        return part
    found: list[Object] = json.loads(json.dumps(part).replace(ISTIO, KOURIER))
    for rule in found:
        if "from" in rule:
            rule["from"] = [each for n, each in enumerate(rule["from"]) if each not in rule["from"][:n]]
    return found


def budgets(objects: Objects) -> Iterator[Finding]:
    """A drained node takes one at a time. (CloudNativePG makes its own; Knative starts another first.)"""
    selectors = [each["spec"]["selector"] for each in objects.of("PodDisruptionBudget")]
    wanted: list[tuple[Object, dict[str, str]]] = [
        (each, labels) for each, _, labels in objects.pods() if each["kind"] in ("Deployment", "StatefulSet")
    ]
    wanted += [(each, {"app.kubernetes.io/name": name(each)}) for each in objects.of("RabbitmqCluster")]
    for budget in objects.of("PodDisruptionBudget"):
        spec = budget["spec"]
        if objects.production and 0 in [
            _allowed(spec, each) for each, labels in wanted if matches(spec["selector"], labels)
        ]:
            yield Finding("budgets", where(budget), "allows no disruption: a node is never drained")
    for each, labels in wanted:
        if objects.production and not any(matches(selector, labels) for selector in selectors):
            yield Finding("budgets", where(each), "has no budget for disruptions")


def _allowed(budget: Object, each: Object) -> int:
    """How many of its pods may be away. (A share of them is not used here.)"""
    replicas = int(each["spec"].get("replicas", 1))
    if "maxUnavailable" in budget:
        return int(budget["maxUnavailable"])
    return max(replicas - int(budget.get("minAvailable", 1)), 0)


def copies(objects: Objects) -> Iterator[Finding]:
    for each in objects.all:
        if each.get("spec", {}).get("replicas") == 0:
            yield Finding("copies", where(each), "is stopped: 0 replicas")
    if not objects.production:
        return
    for each in objects.of("RabbitmqCluster"):
        count = each["spec"].get("replicas", 1)
        if count < 3 or count % 2 == 0:
            yield Finding("copies", where(each), f"{count} members: quorum queues need 3 or more, and an odd number")
    for each in objects.of("Cluster", "postgresql"):
        if each["spec"]["instances"] < 2 or not each["spec"].get("postgresql", {}).get("synchronous"):
            yield Finding("copies", where(each), "what it acknowledged is on one disk only")


def connections(objects: Objects) -> Iterator[Finding]:
    """All instances that may be there at once have room in the database: one more is refused."""
    api = objects.settings.get("GOALS_DATABASE_CONNECTIONS", str(Settings.model_fields["database_connections"].default))
    asked = 0
    for each in objects.functions():
        most = each["spec"]["template"]["metadata"]["annotations"].get(MOST, "0")
        if name(each) in EVENTS or name(each) == "api":
            asked += int(most) * (CONNECTIONS if name(each) in EVENTS else int(api))
    for each in objects.of("Cluster", "postgresql"):
        there = int(each["spec"].get("postgresql", {}).get("parameters", {}).get("max_connections", 100))
        if asked > there - OTHERS:
            yield Finding(
                "connections", where(each), f"functions may open {asked} connections, {there} less {OTHERS} are there"
            )


def applied(objects: Objects) -> Iterator[Finding]:
    """`scripts/deploy` applies twice, each time what a selector takes: one of them takes every object."""
    for each in objects.all:
        labels = each["metadata"].get("labels", {})
        if not any(_selected(selector, labels) for selector in _applies()):
            yield Finding("applied", where(each), f"scripts/deploy never applies it: its labels are {labels}")


def _selected(selector: str, labels: dict[str, str]) -> bool:
    """kubectl's `key=value` and `key notin (a,b)`, which takes what has no such key."""
    if found := re.fullmatch(r"(\S+) notin \(([\w,]+)\)", selector):
        return labels.get(found[1]) not in found[2].split(",")
    key, _, value = selector.partition("=")
    return labels.get(key) == value


@cache
def _applies() -> tuple[str, ...]:
    """The selectors, in their order."""
    text = (ROOT / "scripts" / "deploy").read_text().replace("\\\n", " ")
    found = re.findall(r"\bapply --filename \"\$folder/all\.yaml\".*? --selector (?:'([^']+)'|(\S+))", text)
    return tuple(quoted or plain for quoted, plain in found)


RULES = (isolation, budgets, copies, connections, applied)
