"""Each function as a Knative Service with a service account of its own.

Source of the fields: Knative Serving 1.23, `serving.knative.dev/v1` Service; of the rules: docs/decisions/0031.
"""

from __future__ import annotations

from typing import Any

from goals.cluster.deployed import CONCURRENCY, PORT, USER, Deployed
from goals.cluster.environment import environment, volumes

Manifest = dict[str, Any]

RESTRICTED: Manifest = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
    "runAsUser": USER,
    "runAsGroup": USER,
    "seccompProfile": {"type": "RuntimeDefault"},
}
"""Pod Security Standards, level restricted, and no writing but to /tmp."""


def labels(name: str, component: str) -> dict[str, str]:
    return {"app.kubernetes.io/name": name, "app.kubernetes.io/component": component}


def account(name: str, component: str) -> Manifest:
    """No function talks to Kubernetes: none gets a token."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": name, "labels": labels(name, component)},
        "automountServiceAccountToken": False,
    }


def service(function: Deployed) -> Manifest:
    return {
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": {
            "name": function.name,
            "labels": {**labels(function.name, function.kind), "networking.knative.dev/visibility": "cluster-local"},
        },
        "spec": {
            "template": {
                "metadata": {"labels": labels(function.name, function.kind), "annotations": _scaling(function)},
                "spec": _revision(function),
            },
            "traffic": [{"latestRevision": True, "percent": 100}],
        },
    }


def _scaling(function: Deployed) -> dict[str, str]:
    """Annotations of the template: on the Service they are refused or ignored."""
    found = {
        "autoscaling.knative.dev/min-scale": str(function.least),
        "autoscaling.knative.dev/max-scale": str(function.most),
    }
    if function.kind == "event":
        return {**found, "autoscaling.knative.dev/target": str(CONCURRENCY)}
    return {**found, "autoscaling.knative.dev/scale-down-delay": "15m", **_TARGETS.get(function.name, {})}


_TARGETS = {
    "api": {"autoscaling.knative.dev/target": "200"},  # open sockets count as requests
    "mcp": {"autoscaling.knative.dev/target": "50"},
    "runner": {
        "autoscaling.knative.dev/target": "2"
    },  # a request is a run; where Landlock holds, one goes on at a time
}


def _revision(function: Deployed) -> Manifest:
    revision: Manifest = {
        "serviceAccountName": function.name,
        "enableServiceLinks": False,
        "containerConcurrency": function.at_once,
        "timeoutSeconds": function.seconds,
        "containers": [container(function)],
        "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "256Mi"}}]
        + [{"name": name, "secret": {"secretName": name, "defaultMode": 0o444}} for name in volumes(function)],
    }
    if function.seconds > 300:
        # Unset, with a longer timeoutSeconds, Knative takes 300 s until the first byte: sockets would be cut.
        revision["responseStartTimeoutSeconds"] = 0
    return revision


def container(function: Deployed) -> Manifest:
    return {
        "name": "function",
        "image": f"goals/{function.name}",
        "command": list(function.command),
        "ports": [{"containerPort": PORT, "name": "http1"}],
        "env": environment(function),
        "resources": resources(function.cpu, function.memory),
        "readinessProbe": {"httpGet": {"path": "/health/readiness"}, "periodSeconds": 5, "timeoutSeconds": 4},
        "livenessProbe": {
            "httpGet": {"path": "/health/liveness"},
            "initialDelaySeconds": 10,
            "periodSeconds": 10,
            "timeoutSeconds": 4,
            "failureThreshold": 6,
        },
        "securityContext": RESTRICTED,
        "volumeMounts": [
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108
            *({"name": name, "mountPath": path, "readOnly": True} for name, path in volumes(function).items()),
        ],
    }


def resources(cpu: int, memory: int) -> Manifest:
    """No limit of CPU: a start would be throttled to many times its length."""
    return {
        "requests": {"cpu": f"{cpu}m", "memory": f"{memory // 2}Mi"},
        "limits": {"memory": f"{memory}Mi"},
    }
