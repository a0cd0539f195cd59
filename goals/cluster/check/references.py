"""What names something else: it must be there, with that key, that port, those labels."""

from __future__ import annotations

from collections.abc import Iterator

from goals.cluster.check.entrance import SOLVER, proxies
from goals.cluster.check.objects import KNATIVE, Finding, Object, Objects, matches, name, template_of, where
from goals.cluster.environment import SECRETS

ELSEWHERE = {
    "goals-tls": ("tls.crt", "tls.key"),  # cert-manager makes it
    "goals-model": ("key",),
    "goals-backups": ("access-key", "secret-key"),
}
"""Secrets besides those of functions."""
OPERATED = (
    {"app.kubernetes.io/name": "rabbitmq"},
    {"cnpg.io/cluster": "postgres"},
    {"eventing.knative.dev/SourceName": "any"},
    SOLVER,
)
"""Labels of pods that operators make."""


def twice(objects: Objects) -> Iterator[Finding]:
    seen: set[tuple[str, str, str]] = set()
    for each in objects.all:
        key = (each["apiVersion"].split("/")[0], each["kind"], name(each))
        if key in seen:
            yield Finding("twice", where(each), "is there twice")
        seen.add(key)


def namespaces(objects: Objects) -> Iterator[Finding]:
    """All in one; and what names it within the cluster says the same."""
    for each in objects.all:
        own = each["metadata"].get("namespace")
        if own != objects.namespace:
            yield Finding("namespaces", where(each), f"is in {own}, the others in {objects.namespace}")
    for key, value in objects.settings.items():
        if ".svc" in value and f".{objects.namespace}.svc.cluster.local" not in value:
            yield Finding("namespaces", f"ConfigMap/{key}", f"{value} is not in {objects.namespace}")


def variables(objects: Objects) -> Iterator[Finding]:
    """References of `env` to ConfigMaps and secrets, with their keys."""
    maps = {name(each): each.get("data", {}) for each in objects.of("ConfigMap")}
    for each, container in objects.containers():
        for variable in container.get("env", []):
            given = variable.get("valueFrom", {})
            if not given and "value" not in variable:
                yield Finding("variables", where(each), f"{variable['name']} has no value")
            of = given.get("configMapKeyRef")
            if of and of["key"] not in maps.get(of["name"], {}) and not (of.get("optional") and of["name"] in maps):
                yield Finding("variables", where(each), f"there is no {of['key']} in ConfigMap {of['name']}")
            if of := given.get("secretKeyRef"):
                yield from _secret(each, of["name"], of["key"])


def _secret(each: Object, called: str, key: str | None) -> Iterator[Finding]:
    known = {**SECRETS, **ELSEWHERE}
    if called not in known:
        yield Finding("secrets", where(each), f"nobody makes a secret {called} (goals/cluster/environment.py)")
    elif key is not None and key not in known[called]:
        yield Finding("secrets", where(each), f"secret {called} has no {key}")


def volumes(objects: Objects) -> Iterator[Finding]:
    maps = objects.names("ConfigMap")
    for each, spec, _ in objects.pods():
        own = {volume["name"] for volume in spec.get("volumes", [])}
        own |= {claim["metadata"]["name"] for claim in each["spec"].get("volumeClaimTemplates", [])}
        mounted = {mount["name"] for c in spec["containers"] for mount in c.get("volumeMounts", [])}
        for missing in mounted - own:
            yield Finding("volumes", where(each), f"mounts {missing}, which is no volume of it")
        for unused in own - mounted:
            yield Finding("volumes", where(each), f"does not mount its volume {unused}")
        for volume in spec.get("volumes", []):
            if "secret" in volume:
                yield from _secret(each, volume["secret"]["secretName"], None)
            if "configMap" in volume and volume["configMap"]["name"] not in maps:
                yield Finding("volumes", where(each), f"there is no ConfigMap {volume['configMap']['name']}")


def accounts(objects: Objects) -> Iterator[Finding]:
    """Each has one, of its own, without a token."""
    there = {name(each): each for each in objects.of("ServiceAccount")}
    for each, spec, _ in objects.pods():
        called = spec.get("serviceAccountName")
        if called not in there:
            yield Finding("accounts", where(each), f"there is no service account {called}")
        elif there[called].get("automountServiceAccountToken") is not False:
            yield Finding("accounts", where(each), f"service account {called} hands out its token")


def selectors(objects: Objects) -> Iterator[Finding]:
    """What selects pods selects some."""
    pods = [labels for _, _, labels in objects.pods()] + list(OPERATED) + proxies(objects)
    for each in objects.all:
        spec = each.get("spec", {})
        match each["kind"]:
            case "Deployment" | "StatefulSet":
                labels = (template_of(each) or {})["metadata"].get("labels", {})
                if not matches(spec["selector"], labels):
                    yield Finding("selectors", where(each), "its selector does not match its own template")
            case "Service" if each["apiVersion"] == "v1":
                if not any(matches({"matchLabels": spec["selector"]}, labels) for labels in pods):
                    yield Finding("selectors", where(each), "selects no pod")
            case "PodDisruptionBudget":
                if not any(matches(spec["selector"], labels) for labels in pods):
                    yield Finding("selectors", where(each), "selects no pod")
            case "NetworkPolicy":
                yield from _policy(each, spec, pods)


def _policy(each: Object, spec: Object, pods: list[dict[str, str]]) -> Iterator[Finding]:
    found = [spec["podSelector"]]
    for side, peers in (("ingress", "from"), ("egress", "to")):
        for rule in spec.get(side, []):
            found += [peer["podSelector"] for peer in rule.get(peers, []) if "podSelector" in peer]
    for selector in found:
        if selector and not any(matches(selector, labels) for labels in pods):
            yield Finding("selectors", where(each), f"{selector} matches no pod")
        for expression in selector.get("matchExpressions", []):
            for value in expression.get("values", []):
                if not any(labels.get(expression["key"]) == value for labels in pods):
                    yield Finding("selectors", where(each), f"no pod has {expression['key']} {value}")


def ports(objects: Objects) -> Iterator[Finding]:
    """Names of ports that Services and probes use; Knative's sidecar knows http1 and h2c only."""
    for each, spec, labels in objects.pods():
        named = {port.get("name") for container in spec["containers"] for port in container.get("ports", [])}
        if each["apiVersion"] == KNATIVE and not named <= {"http1", "h2c"}:
            yield Finding("ports", where(each), f"Knative knows no ports {named}")
        for container in spec["containers"]:
            for probe in ("readinessProbe", "livenessProbe"):
                for how in container.get(probe, {}).values():
                    asked = how.get("port") if isinstance(how, dict) else None
                    if isinstance(asked, str) and asked not in named:
                        yield Finding("ports", where(each), f"{probe} asks port {asked}, which it has not")
        for service in objects.of("Service", "v1"):
            if service["apiVersion"] == "v1" and matches({"matchLabels": service["spec"]["selector"]}, labels):
                for port in service["spec"]["ports"]:
                    if isinstance(port.get("targetPort"), str) and port["targetPort"] not in named:
                        yield Finding("ports", where(service), f"{where(each)} has no port {port['targetPort']}")


def rights(objects: Objects) -> Iterator[Finding]:
    """Nothing that is deployed brings rights with it, or a secret's content."""
    for each in objects.all:
        if each["kind"] in ("ClusterRole", "ClusterRoleBinding"):
            yield Finding("rights", where(each), "no part needs rights outside of its namespace")
        if each["kind"] == "Role":
            for rule in each["rules"]:
                if "*" in [*rule["verbs"], *rule["resources"], *rule["apiGroups"]] or "secrets" in rule["resources"]:
                    yield Finding("rights", where(each), "asks for everything, or for secrets")
        if each["kind"] == "Secret":
            yield Finding("rights", where(each), "secrets are referred to, never kept here")


def least(objects: Objects) -> Iterator[Finding]:
    """The runner holds nothing worth stealing; the keys that sign tokens are with the API alone."""
    for each, spec, _ in objects.pods():
        held = {v["secret"]["secretName"] for v in spec.get("volumes", []) if "secret" in v}
        for container in spec["containers"]:
            for variable in container.get("env", []):
                if of := variable.get("valueFrom", {}).get("secretKeyRef"):
                    held.add(of["name"])
        if name(each) == "runner" and held:
            yield Finding("least", where(each), f"runs learners' code and holds {', '.join(sorted(held))}")
        if "goals-keys" in held and name(each) != "api":
            yield Finding("least", where(each), "holds the keys that sign tokens")
        if "rabbitmq-default-user" in held and name(each) != "prepare":
            yield Finding("least", where(each), "is the broker's administrator")


RULES = (twice, namespaces, variables, volumes, accounts, selectors, ports, rights, least)
