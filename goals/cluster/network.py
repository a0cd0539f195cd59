"""Who may talk to whom: nobody, but for what is named here."""

from __future__ import annotations

from typing import Any

from goals.cluster.deployed import FUNCTIONS

Manifest = dict[str, Any]

POSTGRES, RABBITMQ, REDIS = 5432, 5672, 6379
EVENT = sorted(each.name for each in FUNCTIONS if each.kind == "event")
QUEUE_PROXY = (8012, 8013, 8022, 9090, 9091)
"""Ports of Knative's sidecar: requests over HTTP/1 and 2, its own probes, its figures."""


def policies() -> list[Manifest]:
    functions = {"app.kubernetes.io/component": "event"}, {"app.kubernetes.io/component": "server"}
    return [
        _policy("default-deny", {}, ["Ingress", "Egress"]),
        _policy("names", {}, ["Egress"], egress=[_to_namespace("kube-system", 53, 53)]),
        *(
            _policy(f"knative-to-{kind['app.kubernetes.io/component']}s", kind, ["Ingress"], ingress=[_from_knative()])
            for kind in functions
        ),
        _uses("database", [*EVENT, "api", "prepare"], {"cnpg.io/cluster": "postgres"}, POSTGRES),
        _uses("broker", [*EVENT, "api", "prepare", "clock"], {"app.kubernetes.io/name": "rabbitmq"}, RABBITMQ),
        _uses("redis", [*EVENT, "api", "prepare"], {"app.kubernetes.io/name": "redis"}, REDIS),
        _egress("functions-over-http", _names(["api", "mcp"]), [_to_namespace("kourier-system", 8081, 80)]),
        _egress("to-the-lake-s-bucket", _names(["lake", "prepare"]), [{"ports": [_port(9000), _port(443)]}]),
        _sources(),
        *_backing("postgres", {"cnpg.io/cluster": "postgres"}, [*EVENT, "api", "prepare"], POSTGRES),
        *_backing("redis", {"app.kubernetes.io/name": "redis"}, [*EVENT, "api", "prepare"], REDIS),
        _broker(),
    ]


def _sources() -> Manifest:
    """The adapters of RabbitmqSource: from the broker, to functions by way of the ingress."""
    egress = [
        {"to": [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "rabbitmq"}}}], "ports": [_port(RABBITMQ)]},
        _to_namespace("kourier-system", 8081, 80),
        _to_namespace("knative-serving", 8012, 8013),
    ]
    selector = {"matchExpressions": [{"key": "eventing.knative.dev/SourceName", "operator": "Exists"}]}
    return _policy("sources", selector, ["Egress"], egress=egress)


def _broker() -> Manifest:
    """Its members among themselves, its clients, and the operators that ask it over HTTP."""
    rabbit = {"podSelector": {"matchLabels": {"app.kubernetes.io/name": "rabbitmq"}}}
    clients = {"podSelector": _names([*EVENT, "api", "prepare", "clock"])}
    sources = {"podSelector": {"matchExpressions": [{"key": "eventing.knative.dev/SourceName", "operator": "Exists"}]}}
    ingress = [
        {"from": [rabbit]},
        {"from": [clients, sources], "ports": [_port(RABBITMQ)]},
        {**_from_namespace("rabbitmq-system"), "ports": [_port(15672)]},
    ]
    return _policy(
        "rabbitmq",
        {"app.kubernetes.io/name": "rabbitmq"},
        ["Ingress", "Egress"],
        ingress=ingress,
        egress=[
            {"to": [rabbit]},
            {"ports": [_port(443), _port(6443)]},
        ],  # its members find each other by the API server
    )


def _backing(name: str, selector: dict[str, str], clients: list[str], port: int) -> list[Manifest]:
    ingress: list[Manifest] = [{"from": [{"podSelector": _names(clients)}], "ports": [_port(port)]}]
    if name == "redis":
        return [_policy(name, selector, ["Ingress"], ingress=ingress)]
    own = {"podSelector": {"matchLabels": selector}}
    ingress += [{"from": [own]}, {**_from_namespace("cnpg-system"), "ports": [_port(8000), _port(port)]}]
    egress = [{"to": [own]}, {"ports": [_port(443), _port(6443), _port(9000)]}]  # the API server, the bucket of backups
    return [_policy(name, selector, ["Ingress", "Egress"], ingress=ingress, egress=egress)]


def _uses(what: str, who: list[str], selector: dict[str, str], port: int) -> Manifest:
    return _egress(
        f"to-{what}", _names(who), [{"to": [{"podSelector": {"matchLabels": selector}}], "ports": [_port(port)]}]
    )


def _names(names: list[str]) -> Manifest:
    return {"matchExpressions": [{"key": "app.kubernetes.io/name", "operator": "In", "values": sorted(names)}]}


def _egress(name: str, selector: Manifest, rules: list[Manifest]) -> Manifest:
    return _policy(name, selector, ["Egress"], egress=rules)


def _policy(name: str, selector: Manifest, types: list[str], **rules: list[Manifest]) -> Manifest:
    """`selector`: labels, or a whole LabelSelector."""
    whole = selector if not selector or "matchExpressions" in selector else {"matchLabels": selector}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name},
        "spec": {"podSelector": whole, "policyTypes": types, **rules},
    }


def _from_knative() -> Manifest:
    """Activator, autoscaler and ingress."""
    return {
        "from": [*_from_namespace("knative-serving")["from"], *_from_namespace("kourier-system")["from"]],
        "ports": [_port(port) for port in QUEUE_PROXY],
    }


def _from_namespace(name: str) -> Manifest:
    return {"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}]}


def _to_namespace(name: str, *ports: int) -> Manifest:
    """Port 53 stands for DNS: once over UDP, once over TCP."""
    named = [_port(53, "UDP"), _port(53)] if ports == (53, 53) else [_port(port) for port in ports]
    return {"to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}], "ports": named}


def _port(number: int, protocol: str = "TCP") -> Manifest:
    return {"protocol": protocol, "port": number}
