"""The whole stack on one host, as a compose file: what `goals up --split` starts, in containers.

Secrets are files under `containers/secrets` (docs/deploy.md says how they are made). Two ports are published: the
gateway's, and MinIO's, since learners fetch their copies from addresses of it that the API signs.
"""

from __future__ import annotations

from typing import Any

from goals.cluster.deployed import FUNCTIONS, OPERATIONS, Deployed
from goals.launch.functions import EVENT_FUNCTIONS
from graph.decision import NODES

Service = dict[str, Any]

DATABASE = "postgresql://goals:${POSTGRES_PASSWORD:?}@postgres:5432/goals"
BUS = "amqp://goals:${RABBITMQ_PASSWORD:?}@rabbitmq:5672/"
REDIS = "redis://:${REDIS_PASSWORD:?}@redis:6379/0"
PUBLIC = "${GOALS_PUBLIC_URL:-http://localhost:8080}"
LAKE = {
    "GOALS_LAKE_URL": "s3://goals-lake?public=${GOALS_LAKE_PUBLIC_URL:-http://localhost:9000}&endpoint=http://minio:9000",
    "GOALS_LAKE_ACCESS_KEY": "goals",
    "GOALS_LAKE_SECRET_KEY_FILE": "/run/secrets/lake-secret",
}
WALLS: Service = {
    "read_only": True,
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges:true"],
    "tmpfs": ["/tmp:size=256m,mode=1777"],  # noqa: S108
    "restart": "unless-stopped",
    "init": True,
}


def compose() -> dict[str, Any]:
    services = {**_servers(), "prepare": _prepare()}
    for function in FUNCTIONS:
        services[function.name] = _function(function)
    targets = "{" + ", ".join(f'"{name}": "http://{name}:8080/"' for name in EVENT_FUNCTIONS) + "}"
    services["dispatchers"] = _operation("goals.launch.dispatchers", {"GOALS_TARGETS": targets})
    services["clock"] = _operation("goals.launch.clock", {})
    services["gateway"] = _gateway()
    return {
        "name": "goals",
        "services": services,
        "volumes": {name: {} for name in ("postgres", "rabbitmq", "minio")},
        "secrets": {name: {"file": f"containers/secrets/{name}"} for name in ("keys.pem", "lake-secret")},
        "networks": {"inside": {"internal": True}, "outside": {}, "run": {"internal": True}},
    }


def _servers() -> dict[str, Service]:
    kept = {"restart": "unless-stopped", "networks": ["inside"]}
    return {
        "postgres": {
            "image": "docker.io/pgvector/pgvector:0.8.1-pg18-trixie",
            "environment": {
                "POSTGRES_USER": "goals",
                "POSTGRES_DB": "goals",
                "POSTGRES_PASSWORD": "${POSTGRES_PASSWORD:?}",
            },
            "volumes": ["postgres:/var/lib/postgresql"],
            "healthcheck": _health("pg_isready", "-U", "goals"),
            **kept,
        },
        "rabbitmq": {
            "image": "docker.io/library/rabbitmq:4.1.4-management",
            "hostname": "rabbitmq",  # part of the name of its data
            "environment": {
                "RABBITMQ_DEFAULT_USER": "goals",
                "RABBITMQ_DEFAULT_PASS": "${RABBITMQ_PASSWORD:?}",
            },
            "volumes": ["rabbitmq:/var/lib/rabbitmq"],
            "healthcheck": _health("rabbitmq-diagnostics", "-q", "check_port_connectivity"),
            **kept,
        },
        "redis": {
            "image": "docker.io/valkey/valkey:8.1.4-alpine",
            "command": [
                *("valkey-server", "--save", "", "--requirepass", "${REDIS_PASSWORD:?}"),
                *("--maxmemory", "200mb", "--maxmemory-policy", "allkeys-lru"),
            ],
            "healthcheck": _health("valkey-cli", "-a", "${REDIS_PASSWORD:?}", "ping"),
            **kept,
        },
        "minio": {
            "image": "docker.io/minio/minio:RELEASE.2025-07-23T15-54-02Z",
            "command": ["server", "/data"],
            "environment": {"MINIO_ROOT_USER": "goals", "MINIO_ROOT_PASSWORD_FILE": "/run/secrets/lake-secret"},
            "secrets": ["lake-secret"],
            "volumes": ["minio:/data"],
            "healthcheck": _health("mc", "ready", "local"),
            "ports": ["${GOALS_LAKE_PORT:-9000}:9000"],
            **kept,
            "networks": ["inside", "outside"],
        },
    }


def _prepare() -> Service:
    return {
        **_operation("goals.launch.prepare", LAKE),
        "secrets": ["lake-secret"],
        "restart": "on-failure",
        "depends_on": {name: {"condition": "service_healthy"} for name in ("postgres", "rabbitmq", "redis", "minio")},
    }


def _operation(module: str, more: dict[str, str]) -> Service:
    return {
        "image": f"dev.local/{OPERATIONS}:dev",
        "build": {"context": ".", "dockerfile": "Containerfile", "target": OPERATIONS},
        "command": ["python", "-m", module],
        "environment": {"GOALS_DATABASE_URL": DATABASE, "GOALS_BUS_URL": BUS, "GOALS_REDIS_URL": REDIS, **more},
        "networks": ["inside"],
        "depends_on": {"prepare": {"condition": "service_completed_successfully"}},
        **WALLS,
    }


def _function(function: Deployed) -> Service:
    service = {
        "image": f"dev.local/{function.name}:dev",
        "build": {"context": ".", "dockerfile": "Containerfile", "target": function.name},
        "environment": _environment(function),
        "networks": ["run"] if function.name == "runner" else ["inside"],
        "mem_limit": f"{function.memory}m",
        "depends_on": {"prepare": {"condition": "service_completed_successfully"}},
        **WALLS,
    }
    match function.name:
        case "api":
            key = {"source": "keys.pem", "target": "/run/secrets/keys/0001.pem"}
            service |= {"secrets": [key, "lake-secret"], "networks": ["inside", "run", "outside"]}
        case "mcp":
            service |= {"depends_on": {"api": {"condition": "service_healthy"}}}
        case "runner":
            service.pop("depends_on")
        case "lake":
            service["secrets"] = ["lake-secret"]
        case name if name in NODES:
            service["networks"] = ["inside", "outside"]  # a language model, where an override names one
    return service


def _environment(function: Deployed) -> dict[str, str]:
    if function.name == "runner":
        return {"GOALS_LOG_LEVEL": "info"}
    found = {"GOALS_DATABASE_URL": DATABASE, "GOALS_LOG_LEVEL": "info", "GOALS_PUBLIC_URL": PUBLIC}
    if function.name == "mcp":
        return {
            **found,
            "GOALS_DATABASE_URL": "postgresql:///none",
            "GOALS_API_URL": "http://api:8080",
        }
    found |= {"GOALS_BUS_URL": BUS, "GOALS_REDIS_URL": REDIS}
    if function.name == "api":
        found |= {
            "GOALS_RUNNER_URL": "http://runner:8080",
            "GOALS_KEYS_DIR": "/run/secrets/keys",
            "GOALS_TRUSTED_PROXIES": '["172.16.0.0/12"]',
        }
    return {**found, **LAKE} if function.name in ("api", "lake") else found


def _gateway() -> Service:
    return {
        "image": "docker.io/envoyproxy/envoy:distroless-v1.35.3",
        "command": ["-c", "/etc/envoy/envoy.json"],
        "volumes": ["./containers/envoy.json:/etc/envoy/envoy.json:ro"],
        "ports": ["${GOALS_PORT:-8080}:8080"],
        "networks": ["inside", "outside"],
        "depends_on": {"api": {"condition": "service_healthy"}, "mcp": {"condition": "service_healthy"}},
        **WALLS,
    }


def _health(*command: str) -> Service:
    return {"test": ["CMD", *command], "interval": "5s", "timeout": "5s", "retries": 20}
