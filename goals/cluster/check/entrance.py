"""What a door needs that is not in its overlay: what an administrator applies once (`k8s/cluster`), and a way through
our own network policies for the pods that others run in our namespace."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from goals.cluster import rendering
from goals.cluster.check.objects import Finding, Object, Objects, matches, name, where

GATEWAY = "gateway.networking.k8s.io/gateway-name"
SOLVER = {"acme.cert-manager.io/http01-solver": "true"}
"""Labels of the proxy that Istio runs beside a Gateway, and of the pod by which cert-manager proves a name (8089)."""
PROOF = 8089
ISTIO = "istio-system"
ISTIOD, INGRESS, HEALTH = 15012, 8081, 15021
MADE = {"istio"}
"""Classes that their controller makes itself."""
OWN = {"letsencrypt-dns"}
"""Issuers that an operator makes: they hold the account at a provider of DNS (docs/deploy.md)."""
REDIRECTED = "networking.knative.dev/http-protocol"


@cache
def cluster() -> tuple[Object, ...]:
    return tuple(rendering.objects(rendering.render(rendering.ROOT / "k8s" / "cluster")))


def proxies(objects: Objects) -> list[dict[str, str]]:
    """Labels of each Gateway's proxy that runs in our namespace: Istio's do, Envoy Gateway's are in its own."""
    return [{GATEWAY: name(each)} for each in objects.of("Gateway") if each["spec"]["gatewayClassName"] == "istio"]


def is_door(objects: Objects, policy: Object) -> bool:
    """Whether it is for the proxy of a Gateway and nothing else: that one is there for everybody."""
    return policy["spec"]["podSelector"] in [{"matchLabels": labels} for labels in proxies(objects)]


def entrance(objects: Objects) -> Iterator[Finding]:
    """Everybody reaches the listeners of a proxy in our namespace, and it what it is told by and leads to."""
    for gateway in objects.of("Gateway"):
        if {GATEWAY: name(gateway)} not in proxies(objects):
            continue
        own = [each["spec"] for each in objects.of("NetworkPolicy") if is_door(objects, each)]
        entering = {port for spec in own for rule in spec.get("ingress", []) for port in _ports(rule)}
        listening = {listener["port"] for listener in gateway["spec"]["listeners"]}
        for port in sorted({*listening, HEALTH} - entering):
            yield Finding("entrance", where(gateway), f"default-deny keeps everybody from port {port} of its proxy")
        for port in sorted(entering - listening - {HEALTH}):
            yield Finding("entrance", where(gateway), f"everybody reaches port {port} of its proxy, no listener")
        leaving = {
            port
            for spec in own
            for rule in spec.get("egress", [])
            if _namespaces(rule) == {ISTIO}
            for port in _ports(rule)
        }
        for port in sorted({ISTIOD, INGRESS} - leaving):
            yield Finding("entrance", where(gateway), f"default-deny keeps its proxy from port {port} of {ISTIO}")


def _ports(rule: Object) -> set[int]:
    return {port["port"] for port in rule.get("ports", [])}


def _namespaces(rule: Object) -> set[str]:
    found = [peer.get("namespaceSelector", {}).get("matchLabels", {}) for peer in rule.get("to", [])]
    return {labels.get("kubernetes.io/metadata.name", "") for labels in found}


def provided(objects: Objects) -> Iterator[Finding]:
    """Classes and issuers are among what is applied once; the proof of a name gets through."""
    classes = MADE | {name(each) for each in cluster() if each["kind"] == "GatewayClass"}
    for gateway in objects.of("Gateway"):
        if gateway["spec"]["gatewayClassName"] not in classes:
            yield Finding("provided", where(gateway), "k8s/cluster has no such GatewayClass")
    issuers = {name(each): each for each in cluster() if each["kind"] == "Issuer" and _here(objects, each)}
    for each in objects.of("Certificate"):
        issuer = each["spec"]["issuerRef"]
        if issuer.get("kind") != "Issuer" or issuer["name"] not in issuers.keys() | OWN:
            yield Finding("provided", where(each), f"k8s/cluster has no issuer {issuer['name']} in this namespace")
        for solver in issuers.get(issuer["name"], {}).get("spec", {}).get("acme", {}).get("solvers", []):
            asked = {parent["name"] for parent in solver["http01"]["gatewayHTTPRoute"]["parentRefs"]}
            if not asked <= objects.names("Gateway"):
                yield Finding("provided", where(each), f"there is no Gateway {', '.join(asked)} to prove the name by")
            if not any(_proves(policy["spec"]) for policy in objects.of("NetworkPolicy")):
                yield Finding("provided", where(each), "default-deny keeps its proof (HTTP-01) from being asked for")


def _here(objects: Objects, each: Object) -> bool:
    return bool(each["metadata"].get("namespace") == objects.namespace)


def _proves(spec: Object) -> bool:
    return (
        bool(spec["podSelector"])
        and matches(spec["podSelector"], SOLVER)
        and any(PROOF in _ports(rule) for rule in spec.get("ingress", []))
    )


def mapped(objects: Objects) -> Iterator[Finding]:
    """Kourier: each public name is claimed for this namespace, and served over TLS alone."""
    claims = {name(each): each["spec"]["namespace"] for each in cluster() if each["kind"] == "ClusterDomainClaim"}
    certificates = {each["spec"]["secretName"]: each["spec"]["dnsNames"] for each in objects.of("Certificate")}
    for each in objects.of("DomainMapping"):
        if claims.get(name(each)) != objects.namespace:
            yield Finding("mapped", where(each), f"k8s/cluster/claims.yaml does not give it to {objects.namespace}")
        if name(each) not in certificates.get(each["spec"].get("tls", {}).get("secretName", ""), []):
            yield Finding("mapped", where(each), "has no certificate for its name")
        if each["metadata"].get("annotations", {}).get(REDIRECTED) != "redirected":
            yield Finding("mapped", where(each), "is served over plain http")


RULES = (entrance, provided, mapped)
