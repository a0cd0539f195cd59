"""The door: every route leads somewhere, and all names agree with `GOALS_PUBLIC_URL`, which is also the issuer of
tokens."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from goals.cluster.check.objects import Finding, Object, Objects, name, where

INGRESS = {("kourier-internal", "kourier-system", 80), ("knative-local-gateway", "istio-system", 80)}


def routes(objects: Objects) -> Iterator[Finding]:
    listeners = {
        name(gateway): {listener["name"] for listener in gateway["spec"]["listeners"]}
        for gateway in objects.of("Gateway")
    }
    hosts = {f"{name(each)}.{objects.namespace}.svc.cluster.local" for each in objects.functions()}
    for each in objects.of("HTTPRoute"):
        for parent in each["spec"]["parentRefs"]:
            if parent.get("sectionName") not in listeners.get(parent["name"], set()):
                yield Finding("routes", where(each), f"Gateway {parent['name']} has no {parent.get('sectionName')}")
        for rule in each["spec"]["rules"]:
            for backend in rule.get("backendRefs", []):
                if (backend["name"], backend.get("namespace"), backend["port"]) not in INGRESS:
                    yield Finding("routes", where(each), f"leads to {backend['name']}, which is no ingress of Knative")
            rewritten = [f.get("urlRewrite", {}).get("hostname") for f in rule.get("filters", [])]
            if rule.get("backendRefs") and not (len(rewritten) == 1 and rewritten[0] in hosts):
                yield Finding("routes", where(each), f"leads to no function: {rewritten}")
            paths = [match["path"]["value"] for match in rule.get("matches", [])]
            if "/v1/ws" in paths and rule.get("timeouts", {}).get("request") != "0s":
                yield Finding("routes", where(each), "cuts websockets: its timeout must be 0s")


def public(objects: Objects) -> Iterator[Finding]:
    url = objects.settings.get("GOALS_PUBLIC_URL", "")
    host = urlsplit(url).hostname
    if not url.startswith("https://"):
        yield Finding("public", "ConfigMap/goals-settings", f"GOALS_PUBLIC_URL is {url!r}, not https")
    for each in objects.all:
        for what, given in _names(each):
            if given != (url if "://" in given else host):
                yield Finding("public", where(each), f"{what} is {given}, GOALS_PUBLIC_URL is {url}")


def _names(each: Object) -> Iterator[tuple[str, str]]:
    spec = each.get("spec", {})
    match each["kind"]:
        case "Gateway":
            yield from (("hostname", listener["hostname"]) for listener in spec["listeners"])
        case "HTTPRoute":
            yield from (("hostname", host) for host in spec["hostnames"])
        case "Certificate":
            yield "dnsNames", spec["dnsNames"][0]
        case "SecurityPolicy":
            yield from (("issuer", p["issuer"]) for p in spec.get("jwt", {}).get("providers", []))
        case "RequestAuthentication":
            yield from (("issuer", rule["issuer"]) for rule in spec["jwtRules"])


def targets(objects: Objects) -> Iterator[Finding]:
    for each in objects.all:
        for target in each.get("spec", {}).get("targetRefs", []):
            if target["name"] not in objects.names(target["kind"]):
                yield Finding("targets", where(each), f"there is no {target['kind']} {target['name']}")
    secrets = {each["spec"]["secretName"] for each in objects.of("Certificate")}
    for gateway in objects.of("Gateway"):
        for listener in gateway["spec"]["listeners"]:
            for certificate in listener.get("tls", {}).get("certificateRefs", []):
                if certificate["name"] not in secrets:
                    yield Finding("targets", where(gateway), f"nobody makes the certificate {certificate['name']}")
            if listener["protocol"] == "HTTPS" and not listener.get("tls"):
                yield Finding("targets", where(gateway), f"listener {listener['name']} has no certificate")


def sinks(objects: Objects) -> Iterator[Finding]:
    functions = {name(each) for each in objects.functions()}
    for each in objects.of("PingSource"):
        if each["spec"]["sink"].get("ref", {}).get("name") not in functions:
            yield Finding("sinks", where(each), "sends to a function that is not there")
    for each in objects.of("DomainMapping"):
        if each["spec"]["ref"]["name"] not in functions:
            yield Finding("sinks", where(each), "leads to a function that is not there")


RULES = (routes, public, targets, sinks)
