"""Which settings each function gets, and from where: plain ones from the ConfigMap, secrets by reference, no more than
it needs. The runner, which runs learners' code, gets none."""

from __future__ import annotations

from typing import Any

from goals.cluster.deployed import Deployed
from graph.decision import NODES

CONFIG = "goals-settings"
KEYS = "/var/run/goals/keys"
LAKE = "/var/run/goals/lake"
S3 = "https://s3.example.org"
"""The S3 service of the lake and the backups, until an overlay's GOALS_LAKE_URL names another."""

SECRETS: dict[str, tuple[str, ...]] = {
    "postgres-app": ("uri",),  # CloudNativePG makes it
    "goals-publisher-user-credentials": ("username", "password"),  # the topology operator makes it
    "rabbitmq-default-user": ("username", "password"),  # the cluster operator makes it
    "goals-redis": ("password", "url"),
    "goals-keys": ("0001.pem",),
    "goals-lake": ("access-key", "secret-key"),
    "goals-lake-read": ("access-key", "secret-key"),
}
"""Every secret that manifests may refer to, and what is in it (docs/deploy.md says how each comes to be)."""

SETTINGS: dict[str, str] = {
    "GOALS_API_URL": "http://api.goals.svc.cluster.local",
    "GOALS_CORS_ORIGINS": "[]",
    "GOALS_INTERNAL_HOSTS": '["mcp.goals.svc.cluster.local"]',
    "GOALS_LAKE_URL": f"s3://goals-lake?endpoint={S3}",
    "GOALS_LOG_LEVEL": "info",
    "GOALS_PUBLIC_URL": "https://goals.example.org",
    "GOALS_RUNNER_URL": "http://runner.goals.svc.cluster.local",
    "GOALS_SUPPORT_CONTACT": "",
    "GOALS_TRUSTED_PROXIES": '["10.0.0.0/8"]',
}
"""The ConfigMap's defaults; an overlay replaces what is its own."""

TELEMETRY = ("GOALS_METRICS_PORT", "GOALS_TRACES_URL")
MODEL = tuple(f"GOALS_MODEL_{what}" for what in ("URL", "NAME", "EFFORT", "THINKING", "BUDGETS", "CALLS"))
ADDED: dict[str, tuple[str, ...]] = {
    "api": (
        *("GOALS_TOKEN_MINUTES", "GOALS_REFRESH_DAYS", "GOALS_TRIAL_DAYS", "GOALS_DATABASE_CONNECTIONS"),
        *("GOALS_INTERACTION_REQUESTS", "GOALS_INTERACTION_EVENTS", *MODEL),
    ),
    "lake": ("GOALS_LAKE_LINGER", "GOALS_LAKE_RETENTION"),
    "runner": ("GOALS_RUNNER_AT_ONCE", "GOALS_RUNNER_WAITING", "GOALS_RUNNER_WAITING_EACH"),
    **dict.fromkeys(NODES, MODEL),
}
"""Function → what an overlay may add to the ConfigMap. What it does not add has the code's default."""


def environment(function: Deployed) -> list[dict[str, Any]]:
    """`env` of the function's container."""
    if function.name == "runner":
        return [{"name": "HOST", "value": "0.0.0.0"}, *home(), setting("GOALS_LOG_LEVEL"), *added("runner")]  # noqa: S104
    plain = ["GOALS_LOG_LEVEL", "GOALS_PUBLIC_URL"]
    found = home()
    match function.name:
        case "api":
            plain += ["GOALS_RUNNER_URL", "GOALS_TRUSTED_PROXIES", "GOALS_CORS_ORIGINS", "GOALS_LAKE_URL"]
            found += bucket("goals-lake-read")  # it signs addresses of learners' copies
        case "mcp":
            plain += ["GOALS_API_URL", "GOALS_INTERNAL_HOSTS", "GOALS_CORS_ORIGINS"]
        case "lake":
            plain += ["GOALS_LAKE_URL"]
            found += bucket("goals-lake")
        case name if name in NODES:
            plain += ["GOALS_SUPPORT_CONTACT"]
    if function.kind == "server":
        found.append({"name": "HOST", "value": "0.0.0.0"})  # noqa: S104
    if function.name == "api":
        found.append({"name": "GOALS_KEYS_DIR", "value": KEYS})
    found += [*(setting(name) for name in plain), *added(function.name)]
    if function.name == "mcp":  # it opens no database; the settings ask everybody for its address
        return [*found, {"name": "GOALS_DATABASE_URL", "value": "postgresql:///none"}]
    return [
        *found,
        secret("GOALS_DATABASE_URL", "postgres-app", "uri"),
        *bus("goals-publisher-user-credentials"),
        redis(),
    ]


def home() -> list[dict[str, Any]]:
    """The one place that may be written. The container's user has no home of its own, and libraries ask for one."""
    return [{"name": name, "value": "/tmp"} for name in ("HOME", "GOALS_DATA_DIR")]  # noqa: S108


def volumes(function: Deployed) -> dict[str, str]:
    """Secret → where its files are mounted."""
    found = {"api": {"goals-keys": KEYS, "goals-lake-read": LAKE}, "lake": {"goals-lake": LAKE}}
    return found.get(function.name, {})


def added(function: str) -> list[dict[str, Any]]:
    return [setting(name) for name in (*ADDED.get(function, ()), *TELEMETRY)]


def setting(name: str) -> dict[str, Any]:
    """Where the ConfigMap has no such key, and none is promised, the variable is not there."""
    of = {"name": CONFIG, "key": name}
    return {"name": name, "valueFrom": {"configMapKeyRef": of if name in SETTINGS else {**of, "optional": True}}}


def secret(name: str, of: str, key: str) -> dict[str, Any]:
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": of, "key": key}}}


def bus(credentials: str) -> list[dict[str, Any]]:
    """The broker's URL is put together by the kubelet: `$(NAME)` refers to variables before it."""
    return [
        secret("BUS_USER", credentials, "username"),
        secret("BUS_PASSWORD", credentials, "password"),
        {"name": "GOALS_BUS_URL", "value": "amqp://$(BUS_USER):$(BUS_PASSWORD)@rabbitmq:5672/"},
    ]


def bucket(credentials: str) -> list[dict[str, Any]]:
    """Of the lake; the secret key is in a file (`volumes`)."""
    return [
        secret("GOALS_LAKE_ACCESS_KEY", credentials, "access-key"),
        {"name": "GOALS_LAKE_SECRET_KEY_FILE", "value": f"{LAKE}/secret-key"},
    ]


def redis() -> dict[str, Any]:
    return secret("GOALS_REDIS_URL", "goals-redis", "url")
