"""What an administrator applies once (`k8s/cluster`), against what the overlays deploy: walls of namespaces, what the
deployer may do and must not, and which routes may lead to another namespace."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from goals.cluster.check.objects import Finding, Object, Objects, name, where
from goals.cluster.check.schema import schema

APPLIES = {"get", "list", "watch", "create", "update", "patch"}
DELETES = {("batch", "jobs"), ("sources.knative.dev", "rabbitmqsources")}
"""What `scripts/deploy` deletes or prunes."""
READS = {("serving.knative.dev", "revisions")}
"""What a rollback looks at."""
NEVER = {"secrets", "*", "pods/exec", "roles", "rolebindings"}
"""Whoever may do these may do everything."""
POD_SECURITY = "pod-security.kubernetes.io/"


def administered(cluster: list[Object], overlays: Mapping[str, list[Object]]) -> list[Finding]:
    found = list(schema(Objects("cluster", cluster)))
    return found or [*_namespaces(cluster, overlays), *_rights(cluster, overlays), *_grants(cluster, overlays)]


def _namespaces(cluster: list[Object], overlays: Mapping[str, list[Object]]) -> Iterator[Finding]:
    there = {name(each): each["metadata"].get("labels", {}) for each in cluster if each["kind"] == "Namespace"}
    for namespace in sorted({Objects("", each).namespace for each in overlays.values()}):
        labels = there.get(namespace)
        if labels is None:
            yield Finding("namespaces", f"Namespace/{namespace}", "nobody makes it")
            continue
        for what in ("enforce", "audit", "warn"):
            if labels.get(POD_SECURITY + what) != "restricted":
                yield Finding("namespaces", f"Namespace/{namespace}", f"{what} is not restricted")


def _rights(cluster: list[Object], overlays: Mapping[str, list[Object]]) -> Iterator[Finding]:
    """Each namespace's deployer may apply what is deployed there, and nothing that would let it do more."""
    for each in cluster:
        for rule in each["rules"] if each["kind"] in ("Role", "ClusterRole") else ():
            for asked in sorted(NEVER & {*rule["resources"], *rule["verbs"], *rule["apiGroups"]}):
                yield Finding("rights", where(each), f"may do {asked}")
    for namespace in sorted({Objects("", each).namespace for each in overlays.values()}):
        if not any(_is(each, "ServiceAccount", "deployer", namespace) for each in cluster):
            yield Finding("rights", namespace, "there is no service account deployer")
        may = _may(cluster, namespace)
        needed: dict[tuple[str, str], set[str]] = {what: {"get"} for what in READS}
        for objects in overlays.values():
            if Objects("", objects).namespace == namespace:
                needed |= {_resource(each): APPLIES for each in objects}
        for what, verbs in sorted(needed.items()):
            missing = (verbs | ({"delete"} if what in DELETES else set())) - may.get(what, set())
            if missing:
                yield Finding(
                    "rights", namespace, f"its deployer may not {', '.join(sorted(missing))} {'/'.join(what)}"
                )


def _may(cluster: list[Object], namespace: str) -> dict[tuple[str, str], set[str]]:
    """(API group, resource) → verbs, of the namespace's deployer."""
    bound = [
        each["roleRef"]["name"]
        for each in cluster
        if each["kind"] == "RoleBinding" and each["metadata"].get("namespace") == namespace
        if each["subjects"] == [{"kind": "ServiceAccount", "name": "deployer", "namespace": namespace}]
    ]
    may: dict[tuple[str, str], set[str]] = {}
    for role in (each for each in cluster if any(_is(each, "Role", called, namespace) for called in bound)):
        for rule in role["rules"]:
            for what in [(group, resource) for group in rule["apiGroups"] for resource in rule["resources"]]:
                may.setdefault(what, set()).update(rule["verbs"])
    return may


def _is(each: Object, kind: str, called: str, namespace: str) -> bool:
    return (each["kind"], name(each), each["metadata"].get("namespace")) == (kind, called, namespace)


def _resource(each: Object) -> tuple[str, str]:
    """API group and the plural of the kind."""
    group, _, version = each["apiVersion"].rpartition("/")
    kind = each["kind"].lower()
    return group if version else "", re.sub(r"(?<=[^aeiou])y$", "ie", kind) + "s"


def _grants(cluster: list[Object], overlays: Mapping[str, list[Object]]) -> Iterator[Finding]:
    """Routes that lead to another namespace are let in there. (Istio's is its administrator's: docs/deploy.md.)"""
    granted = {
        (source["namespace"], each["metadata"]["namespace"], to.get("name"))
        for each in cluster
        if each["kind"] == "ReferenceGrant"
        for source in each["spec"]["from"]
        for to in each["spec"]["to"]
        if source["kind"] == "HTTPRoute" and to["kind"] == "Service"
    }
    for overlay, objects in overlays.items():
        for each in (o for o in objects if o["kind"] == "HTTPRoute" and overlay != "istio"):
            for rule in each["spec"]["rules"]:
                for to in rule.get("backendRefs", []):
                    way = each["metadata"]["namespace"], to.get("namespace"), to["name"]
                    if to.get("namespace") and way not in granted:
                        yield Finding("grants", f"{overlay}: {where(each)}", f"{to['name']} does not let it in")
