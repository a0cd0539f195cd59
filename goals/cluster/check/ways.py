"""Which way leads to which function, and what the door lets through: as the local gateway and the API say."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from goals.cluster.check.objects import Finding, Object, Objects, name, where
from goals.cluster.deployed import FUNCTIONS

CLASSES = {"envoy", "istio"}
"""Implementations of the Gateway API that there are components for."""
TOOLS = "/mcp"
SLOWEST = {each.name: 0 if each.name == "mcp" else 30 for each in FUNCTIONS}
"""Seconds that a request to the function must be let, 0 without bound: `mcp` reports while a run goes on."""
METHODS = {"GET", "POST", "PUT", "DELETE"}
HEADERS = {"authorization", "content-type", "if-none-match"}
"""Those of the API (`functions/api/app.py`; a test compares)."""
SLOW = {"Second": 1, "Minute": 60, "Hour": 3_600, "Day": 86_400}


def functions(objects: Objects) -> Iterator[Finding]:
    """`/mcp` to mcp, all else to the API, over https only; http leads there."""
    led: set[str] = set()
    secure = {
        (name(gateway), listener["name"])
        for gateway in objects.of("Gateway")
        for listener in gateway["spec"]["listeners"]
        if listener["protocol"] == "HTTPS"
    }
    redirected = False
    for each in objects.of("HTTPRoute"):
        parents = {(parent["name"], parent.get("sectionName")) for parent in each["spec"]["parentRefs"]}
        for rule in each["spec"]["rules"]:
            if not rule.get("backendRefs"):
                redirects = [f.get("requestRedirect", {}).get("scheme") for f in rule.get("filters", [])]
                redirected = redirected or (redirects == ["https"] and not parents & secure)
                continue
            if not parents <= secure:
                yield Finding("functions", where(each), "leads to a function without TLS")
            led |= _paths(rule)
            for problem in _wrong(rule):
                yield Finding("functions", where(each), problem)
    if objects.of("Gateway"):
        for path in {"/", TOOLS} - led:
            yield Finding("functions", "HTTPRoute", f"nothing leads {path} anywhere")
        if not redirected:
            yield Finding("functions", "HTTPRoute", "nobody who comes by http is led to https")
    for gateway in objects.of("Gateway"):
        if gateway["spec"]["gatewayClassName"] not in CLASSES:
            yield Finding("functions", where(gateway), f"nobody makes a {gateway['spec']['gatewayClassName']}")


def _paths(rule: Object) -> set[str]:
    return {match["path"]["value"] for match in rule.get("matches", [])} or {"/"}


def _wrong(rule: Object) -> Iterator[str]:
    function = _function(rule)
    for path in sorted(_paths(rule)):
        wanted = "mcp" if path == TOOLS else "api"
        if function != wanted:
            yield f"{path} leads to {function}, not to {wanted}"
    request = rule.get("timeouts", {}).get("request", "0s")
    seconds = int(request[:-1]) if request[:-1].isdigit() and request.endswith("s") else None
    least = SLOWEST.get(function, 0)
    if seconds is None or (seconds and (not least or seconds < least)):
        yield f"cuts {function} off after {request}"


def _function(rule: Object) -> str:
    hosts = [str(f["urlRewrite"].get("hostname", "")) for f in rule.get("filters", []) if "urlRewrite" in f]
    return hosts[0].partition(".")[0] if hosts else "nowhere"


def domains(objects: Objects) -> Iterator[Finding]:
    """Kourier: the public name is the API's, `mcp.` before it the tools'."""
    mapped = {name(each): each["spec"]["ref"]["name"] for each in objects.of("DomainMapping")}
    host = urlsplit(objects.settings.get("GOALS_PUBLIC_URL", "")).hostname
    if (mapped or not objects.of("Gateway")) and mapped != {f"{host}": "api", f"mcp.{host}": "mcp"}:
        yield Finding("domains", "DomainMapping", f"{mapped}: {host} is the API's, mcp.{host} is mcp's")


def browsers(objects: Objects) -> Iterator[Finding]:
    """What pages of our origin may ask for is what the API takes; limits let a learner work; TLS is 1.2 or later."""
    for each in objects.of("SecurityPolicy"):
        cors = each["spec"].get("cors")
        if cors is None:
            continue
        for missing in sorted(METHODS - set(cors.get("allowMethods", []))):
            yield Finding("browsers", where(each), f"lets no page {missing}")
        for missing in sorted(HEADERS - {header.lower() for header in cors.get("allowHeaders", [])}):
            yield Finding("browsers", where(each), f"lets no page send {missing}")
    for each in objects.of("BackendTrafficPolicy"):
        for rule in each["spec"].get("rateLimit", {}).get("local", {}).get("rules", []):
            if rule["limit"]["requests"] / SLOW[rule["limit"]["unit"]] < 10:
                yield Finding("browsers", where(each), f"{rule['limit']}: fewer than ten requests a second")
    for each in objects.of("ClientTrafficPolicy"):
        if each["spec"].get("tls", {}).get("minVersion", "1.2") not in ("1.2", "1.3"):
            yield Finding("browsers", where(each), "takes TLS older than 1.2")


RULES = (functions, domains, browsers)
