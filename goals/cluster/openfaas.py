"""OpenFaaS Community Edition: `k8s/openfaas/stack.yml`, for `faas-cli`. The functions are the same images; a watchdog
in front of each passes requests on (`k8s/openfaas/Containerfile`).

What CE allows (openfaas/faas-netes, pkg/handlers): 15 functions, public images, no scaling to zero; no Function CRD, no
official RabbitMQ connector. So the twelve event functions are OpenFaaS functions, `connector.yaml` runs our own
dispatchers as their connector, and `api`, `mcp`, `runner` stay what they are (a gateway of functions carries no
websockets).
"""

from __future__ import annotations

from typing import Any

from goals.cluster.deployed import FUNCTIONS, OPERATIONS, Deployed
from goals.cluster.environment import SETTINGS

LIMIT = 15
REGISTRY = "${REGISTRY:-registry.example.org/goals}/openfaas"
WATCHDOG = {
    "mode": "http",
    "upstream_url": "http://127.0.0.1:8081",
    "ready_path": "/health/readiness",
    "exec_timeout": "300s",
    "read_timeout": "300s",
    "write_timeout": "300s",
    "healthcheck_interval": "10s",
}
SECRETS = {
    "GOALS_DATABASE_URL": "goals-database-url",
    "GOALS_BUS_URL": "goals-bus-url",
    "GOALS_REDIS_URL": "goals-redis-url",
}
"""Setting → the secret that the function's start reads it from (OpenFaaS mounts secrets as files)."""
EVENTS = tuple(each for each in FUNCTIONS if each.kind == "event")
IMAGES = (*(each.name for each in EVENTS), OPERATIONS)
"""Those that get a watchdog: the clocks run in the image of operations."""


def stack() -> dict[str, Any]:
    return {
        "version": "1.0",
        "provider": {"name": "openfaas", "gateway": "http://127.0.0.1:8080"},
        "functions": {each.name: _function(each) for each in EVENTS},
    }


def _function(function: Deployed) -> dict[str, Any]:
    environment = {
        **WATCHDOG,
        "fprocess": " ".join(["/start", *function.command]),
        "max_inflight": str(function.at_once),
        "GOALS_PUBLIC_URL": SETTINGS["GOALS_PUBLIC_URL"],
        "GOALS_LOG_LEVEL": "info",
    }
    secrets = list(SECRETS.values())
    if function.name == "lake":
        environment |= {
            "GOALS_LAKE_URL": SETTINGS["GOALS_LAKE_URL"],
            "GOALS_LAKE_SECRET_KEY_FILE": "/var/openfaas/secrets/goals-lake-secret-key",
        }
        secrets += ["goals-lake-access-key", "goals-lake-secret-key"]
    return {
        "image": f"{REGISTRY}/{function.name}:${{TAG:-latest}}",
        "skip_build": True,
        "readonly_root_filesystem": True,
        "labels": {
            "com.openfaas.scale.min": str(max(function.least, 1)),
            "com.openfaas.scale.max": str(min(function.most, 5)),
        },
        "annotations": {"com.openfaas.health.http.path": "/_/ready"},
        "environment": environment,
        "secrets": secrets,
        "requests": {"memory": f"{function.memory // 2}Mi", "cpu": f"{function.cpu}m"},
        "limits": {"memory": f"{function.memory}Mi"},
    }
