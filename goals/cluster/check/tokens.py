"""Whatever is not open in the code (`goals.launch.gateway.OPEN`) asks for a token of our issuer and audience, whose key
the API publishes: at each of the three doors, and nothing has another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from goals.cluster.authorisation import authorisation
from goals.cluster.check.objects import Finding, Object, Objects, name, where
from goals.launch.gateway import OPEN
from shared.auth.published import PATH
from shared.auth.tokens import AUDIENCE

DOORS = {prefix.rstrip("/") for prefix in OPEN}
PUBLIC = {"api", "mcp"}
"""Functions that have a door. To all others only the cluster leads."""


def tokens(objects: Objects) -> Iterator[Finding]:
    """Envoy Gateway: a SecurityPolicy for each route that leads to more than doors."""
    checked: set[str] = set()
    opened: set[str] = set()
    for each in objects.of("SecurityPolicy"):
        for provider in each["spec"].get("jwt", {}).get("providers", []):
            checked |= _routes(each)
            yield from _provider("tokens", objects, each, provider, provider.get("remoteJWKS", {}).get("uri", ""))
    for each in _led(objects):
        paths = _paths(each)
        if name(each) not in checked and not paths <= DOORS:
            yield Finding("tokens", where(each), f"asks for no token at {', '.join(sorted(paths - DOORS)) or '/'}")
        if name(each) in checked and paths & DOORS:
            yield Finding("tokens", where(each), f"asks for a token at {', '.join(sorted(paths & DOORS))}")
        opened |= paths if name(each) not in checked else set()
    for shut in sorted(DOORS - opened) if _gateways(objects, "envoy") else ():
        yield Finding("tokens", "HTTPRoute", f"none opens {shut}, which is a door of the code")


def limits(objects: Objects) -> Iterator[Finding]:
    """Envoy Gateway: each route has a limit of requests and answers pages of our own origin; nobody's claims count."""
    crossed = {r for each in objects.of("SecurityPolicy") if "cors" in each["spec"] for r in _routes(each)}
    limited: set[str] = set()
    for each in objects.of("BackendTrafficPolicy"):
        if each["spec"].get("rateLimit", {}).get("local", {}).get("rules"):
            limited |= _routes(each)
    for each in _led(objects):
        if name(each) not in limited:
            yield Finding("limits", where(each), "has no limit of requests")
        if name(each) not in crossed:
            yield Finding("limits", where(each), "answers no page of our own origin (CORS)")
    gateways = _gateways(objects, "envoy")
    for each in objects.of("ClientTrafficPolicy"):
        if each["spec"].get("clientIPDetection", {}).get("xForwardedFor", {}).get("numTrustedHops") != 0:
            yield Finding("limits", where(each), "believes what a caller claims of earlier hops")
        gateways -= _routes(each)
    for gateway in gateways:
        yield Finding("limits", f"Gateway/{gateway}", "no ClientTrafficPolicy bounds what callers may do")


def origins(objects: Objects) -> Iterator[Finding]:
    """Envoy Gateway answers preflights itself: to pages of our own origin and GOALS_CORS_ORIGINS, to no others."""
    listed = _json(objects.settings.get("GOALS_CORS_ORIGINS", ""))
    wanted = {objects.settings.get("GOALS_PUBLIC_URL", ""), *(listed if isinstance(listed, list) else ())}
    for each in objects.of("SecurityPolicy"):
        for origin in each["spec"].get("cors", {}).get("allowOrigins", []):
            if origin not in wanted:
                yield Finding("origins", where(each), f"answers pages of {origin}, which is not in GOALS_CORS_ORIGINS")
        for origin in sorted(wanted - set(each["spec"].get("cors", {}).get("allowOrigins", wanted))):
            yield Finding("origins", where(each), f"turns away pages of {origin}, which GOALS_CORS_ORIGINS lets in")


def _routes(policy: Object) -> set[str]:
    """Names of what it is for."""
    return {target["name"] for target in policy["spec"]["targetRefs"]}


def _gateways(objects: Objects, class_: str) -> set[str]:
    return {name(each) for each in objects.of("Gateway") if each["spec"]["gatewayClassName"] == class_}


def _led(objects: Objects) -> list[Object]:
    """Routes of Envoy Gateway that lead to a function."""
    gateways = _gateways(objects, "envoy")
    return [
        each
        for each in objects.of("HTTPRoute")
        if {parent["name"] for parent in each["spec"]["parentRefs"]} & gateways
        and any(rule.get("backendRefs") for rule in each["spec"]["rules"])
    ]


def istio(objects: Objects) -> Iterator[Finding]:
    """Istio: who brings a token is asked for a right one, and who brings none is turned away but at the doors."""
    for gateway in objects.of("Gateway"):
        if gateway["spec"]["gatewayClassName"] != "istio":
            continue
        rules = [
            rule
            for each in _on(objects, "RequestAuthentication", gateway)
            for rule in each["spec"]["jwtRules"]
        ]  # fmt: skip
        if not rules:
            yield Finding("istio", where(gateway), "no RequestAuthentication reads its tokens")
        for rule in rules:
            yield from _provider("istio", objects, gateway, rule, rule.get("jwksUri", ""))
        closing = [
            each
            for each in _on(objects, "AuthorizationPolicy", gateway)
            if each["spec"].get("action") == "DENY" and any(_closes(rule) for rule in each["spec"].get("rules", []))
        ]
        if not closing:
            yield Finding(
                "istio", where(gateway), "nothing turns away whoever has no token, but at the doors of the code"
            )


def _closes(rule: Object) -> bool:
    """Whether it holds for everybody without a token, at every path but the doors, by every method but a preflight."""
    sources = [part["source"] for part in rule.get("from", [])]
    operations = [part["operation"] for part in rule.get("to", [])]
    if sources != [{"notRequestPrincipals": ["*"]}] or len(operations) != 1:
        return False
    (operation,) = operations
    paths = {path.removesuffix("/*") for path in operation.get("notPaths", [])}
    allowed = operation.keys() <= {"notPaths", "notMethods"} and set(operation.get("notMethods", [])) <= {"OPTIONS"}
    return allowed and paths == DOORS


def _on(objects: Objects, kind: str, gateway: Object) -> list[Object]:
    target = {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": name(gateway)}
    return [each for each in objects.of(kind) if target in each["spec"].get("targetRefs", [])]


def kourier(objects: Objects) -> Iterator[Finding]:
    """Kourier asks `authorisation`, whose configuration is the code's for this overlay's address and namespace."""
    if not objects.of("DomainMapping"):
        return
    url = objects.settings.get("GOALS_PUBLIC_URL", "")
    wanted = authorisation(issuer=url, host=f"api.{objects.namespace}.svc.cluster.local")
    maps = {name(each): each.get("data", {}) for each in objects.of("ConfigMap")}
    asked = [each for each in objects.of("Deployment") if name(each) == "authorisation"]
    if not asked:
        yield Finding("kourier", "Deployment/authorisation", "is missing: nothing checks a token")
    for each in asked:
        (container,) = each["spec"]["template"]["spec"]["containers"]
        mounted = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
        for volume in each["spec"]["template"]["spec"]["volumes"]:
            text = maps.get(volume.get("configMap", {}).get("name", ""), {}).get("envoy.json", "")
            place = f"{mounted.get(volume['name'])}/envoy.json"
            if _json(text) != wanted:
                yield Finding(
                    "kourier", where(each), "its envoy.json is not goals.cluster.authorisation's: make manifests"
                )
            if container.get("args") != ["-c", place]:
                yield Finding("kourier", where(each), f"does not read {place}")


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def exposed(objects: Objects) -> Iterator[Finding]:
    """Without the label Knative's own ingress leads everybody to a function, past Gateway and token."""
    allowed = PUBLIC if objects.of("DomainMapping") else set()
    for each in objects.functions():
        visible = each["metadata"].get("labels", {}).get("networking.knative.dev/visibility")
        if visible != "cluster-local" and name(each) not in allowed:
            yield Finding("exposed", where(each), "is open to the world: its visibility is not cluster-local")


def _provider(rule: str, objects: Objects, each: Object, given: Object, keys: str) -> Iterator[Finding]:
    url = objects.settings.get("GOALS_PUBLIC_URL", "")
    if given.get("audiences") != [AUDIENCE] or given.get("issuer") != url:
        yield Finding(rule, where(each), f"takes tokens that are not of {url} for {AUDIENCE}")
    api = f"http://api.{objects.namespace}.svc.cluster.local{PATH}"
    if keys != api:
        yield Finding(rule, where(each), f"fetches keys from {keys or 'nowhere'}, not from {api}")


def _paths(route: Object) -> set[str]:
    """A rule without matches is for every path."""
    found: set[str] = set()
    for rule in route["spec"]["rules"]:
        found |= {match["path"]["value"].rstrip("/") for match in rule.get("matches", [])} or {""}
    return found


RULES = (tokens, limits, origins, istio, kourier, exposed)
