"""Database, broker and cache: written by hand, so held against what the code supposes of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from goals.cluster.check.cron import days, times
from goals.cluster.check.objects import Finding, Object, Objects, where
from goals.cluster.check.workloads import bytes_of
from graph.topology import QUEUES
from shared.bus.rabbit import arguments_of

SMALLEST = 2.0**30
"""Bytes of a disk."""
KEPT = 7
"""Days that backups are kept at least: a mistake made before a weekend is seen after it."""
DAYS = {"d": 1, "w": 7, "m": 30}


def disks(objects: Objects) -> Iterator[Finding]:
    for each in objects.of("Cluster", "postgresql"):
        yield from _disk(each, "storage", each["spec"].get("storage", {}).get("size"))
        if objects.production or "walStorage" in each["spec"]:
            yield from _disk(each, "walStorage", each["spec"].get("walStorage", {}).get("size"))
    for each in objects.of("RabbitmqCluster"):
        yield from _disk(each, "persistence", each["spec"].get("persistence", {}).get("storage"))


def _disk(each: Object, what: str, size: str | None) -> Iterator[Finding]:
    if (bytes_of(size or "0") or 0) < SMALLEST:
        yield Finding("disks", where(each), f"{what} is {size or 'left out'}: it needs a disk of 1 GiB or more")


def archive(objects: Objects) -> Iterator[Finding]:
    """Backups by the clock, once a week to once an hour, kept for a while; the log of the database beside them."""
    for each in objects.of("Cluster", "postgresql"):
        for plugin in each["spec"].get("plugins", []):
            if plugin.get("isWALArchiver") is not True:
                yield Finding("archive", where(each), "does not archive its log: what came after a backup is lost")
    for each in objects.of("ScheduledBackup"):
        schedule = each["spec"]["schedule"]
        if len(schedule.split()) == 6 and not (times(schedule) <= 24 and days(schedule) >= 52):
            yield Finding("archive", where(each), f"{schedule!r} is not once a week to once an hour")
    for each in objects.of("ObjectStore"):
        found = re.fullmatch(r"(\d+)([dwm])", each["spec"].get("retentionPolicy", ""))
        if found is None or int(found[1]) * DAYS[found[2]] < KEPT:
            yield Finding("archive", where(each), f"its backups are not kept for {KEPT} days or more")


def broker(objects: Objects) -> Iterator[Finding]:
    """As long as the code lets a message be in hand; a part of it that is cut off stops."""
    (longest,) = {arguments_of(queue)["x-consumer-timeout"] for queue in QUEUES}
    for each in objects.of("RabbitmqCluster"):
        told = each["spec"].get("rabbitmq", {}).get("additionalConfig", "")
        lines = dict(re.findall(r"^\s*([\w.]+)\s*=\s*(\S+)", told, re.MULTILINE))
        if lines.get("consumer_timeout") != str(longest):
            yield Finding("broker", where(each), f"consumer_timeout is not {longest}, as the queues have it")
        if lines.get("cluster_partition_handling") != "pause_minority":
            yield Finding("broker", where(each), "cut in two, both parts would go on: pause_minority is needed")


def cache(objects: Objects) -> Iterator[Finding]:
    """Redis asks for a password, and makes room before its container has none."""
    for each, container in objects.containers():
        if container.get("command") != ["valkey-server"]:
            continue
        told = container.get("args", [])
        given = {told[n].removeprefix("--"): told[n + 1] for n in range(0, len(told) - 1, 2)}
        from_secret = {v["name"]: v.get("valueFrom", {}).get("secretKeyRef") for v in container.get("env", [])}
        password = re.fullmatch(r"\$\((\w+)\)", given.get("requirepass", ""))
        if not password or from_secret.get(password[1]) != {"name": "goals-redis", "key": "password"}:
            yield Finding("cache", where(each), "does not ask for the password of the secret goals-redis")
        found = re.fullmatch(r"(\d+)mb", given.get("maxmemory", ""))
        limit = bytes_of(container["resources"].get("limits", {}).get("memory", "0")) or 0
        if not found or int(found[1]) * 2**20 > 0.85 * limit:
            yield Finding("cache", where(each), "maxmemory leaves its container no room")
        if not given.get("maxmemory-policy", "").startswith("allkeys-"):
            yield Finding("cache", where(each), "refuses what is new when it is full: maxmemory-policy allkeys-lru")


RULES = (disks, archive, broker, cache)
