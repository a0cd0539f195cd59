"""What runs and ends: the Job before each deployment, and the clock as CronJobs.

A CronJob that was missed is made up for (`startingDeadlineSeconds`); one that is late does not overlap with itself.
Both ticks are idempotent (`goals/launch/tick.py`).
"""

from __future__ import annotations

from typing import Any

from goals.cluster.deployed import OPERATIONS
from goals.cluster.environment import bus, home, redis, secret, setting
from goals.cluster.serving import RESTRICTED, labels, resources
from goals.launch.clock import TICK_SECONDS
from graph.topology import SWEPT, TICKED

Manifest = dict[str, Any]

SWEEP_SECONDS = 60
"""A CronJob's shortest period."""


def prepare() -> Manifest:
    """Schema, read model, queues, the lake's bucket (`goals.launch.prepare`), with rights that no function has.
    Declaring the queues proves that the operator made them as the code wants them: the broker refuses any difference,
    and the Job fails."""
    template = _pod(
        "prepare",
        ["python", "-m", "goals.launch.prepare"],
        [
            secret("GOALS_DATABASE_URL", "postgres-app", "uri"),
            *bus("rabbitmq-default-user"),
            redis(),
            setting("GOALS_LAKE_URL"),
            secret("GOALS_LAKE_ACCESS_KEY", "goals-lake", "access-key"),
            secret("GOALS_LAKE_SECRET_KEY", "goals-lake", "secret-key"),
        ],
        memory=512,
    )
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "prepare", "labels": labels("prepare", "job")},
        "spec": {
            "backoffLimit": 6,
            "activeDeadlineSeconds": 1_800,
            "ttlSecondsAfterFinished": 86_400,
            "template": template,
        },
    }


def clocks() -> list[Manifest]:
    minutes = round(TICK_SECONDS / 60)
    return [
        _cron("daily", f"*/{minutes} * * * *", TICKED, round(TICK_SECONDS)),
        _cron("sweep", "* * * * *", SWEPT, SWEEP_SECONDS),
    ]


def _cron(name: str, schedule: str, type_: str, seconds: int) -> Manifest:
    template = _pod(
        "clock",
        ["python", "-m", "goals.launch.tick", type_, str(seconds)],
        [
            {"name": "GOALS_DATABASE_URL", "value": "postgresql:///none"},  # it opens none
            *bus("goals-publisher-user-credentials"),
            setting("GOALS_LOG_LEVEL"),
        ],
        memory=192,
    )
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": f"clock-{name}", "labels": labels(f"clock-{name}", "clock")},
        "spec": {
            "schedule": schedule,
            "timeZone": "Etc/UTC",
            "concurrencyPolicy": "Forbid",
            "startingDeadlineSeconds": max(seconds - 10, 30),
            "successfulJobsHistoryLimit": 1,
            "failedJobsHistoryLimit": 3,
            "jobTemplate": {
                "spec": {"backoffLimit": 3, "activeDeadlineSeconds": min(seconds, 300) * 2, "template": template}
            },
        },
    }


def _pod(name: str, command: list[str], env: list[Manifest], *, memory: int) -> Manifest:
    return {
        "metadata": {"labels": labels(name, "job")},
        "spec": {
            "serviceAccountName": OPERATIONS,
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "restartPolicy": "Never",
            "containers": [
                {
                    "name": name,
                    "image": f"goals/{OPERATIONS}",
                    "command": command,
                    "env": [*home(), *env],
                    "resources": resources(50, memory),
                    "securityContext": RESTRICTED,
                    "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],  # noqa: S108
                }
            ],
            "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}}],
        },
    }
