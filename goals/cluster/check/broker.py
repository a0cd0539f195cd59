"""Queues, bindings, sources and budgets of retries: as the code declares and publishes."""

from __future__ import annotations

from collections.abc import Iterator

from goals.cluster import messaging
from goals.cluster.check.objects import Finding, Object, Objects, name, where
from graph.sweep import OVERDUE
from graph.topology import QUEUES
from shared.bus.port import RetryPolicy


def topology(objects: Objects) -> Iterator[Finding]:
    """Exchanges, queues with their arguments, bindings: those of the code, all of them, and no others."""
    wanted: dict[tuple[str, str], Object] = {}
    written = [*messaging.exchanges(), *messaging.publisher()]
    for queue in QUEUES:
        written += [each for each in messaging.queues(queue.name) if each["kind"] != "RabbitmqSource"]
    for each in written:
        wanted[each["kind"], name(each)] = each["spec"]
    there = {
        (each["kind"], name(each)): each["spec"]
        for each in objects.all
        if each["apiVersion"] == messaging.API and each["kind"] != "RabbitmqCluster"
    }
    for key in wanted.keys() - there.keys():
        yield Finding("topology", "/".join(key), "is missing: the code publishes to it")
    for key in there.keys() - wanted.keys():
        yield Finding("topology", "/".join(key), "is not of the code")
    for key in wanted.keys() & there.keys():
        for field in wanted[key].keys() | there[key].keys():
            if wanted[key].get(field) != there[key].get(field):
                was, is_ = wanted[key].get(field), there[key].get(field)
                yield Finding("topology", "/".join(key), f"{field} is {is_}, in the code {was}")


def sources(objects: Objects) -> Iterator[Finding]:
    """One for each queue, predeclared, to the function of its name, trying as often as the code supposes. Its spec is
    immutable, so its name must change with it."""
    clusters, functions = objects.names("RabbitmqCluster"), {name(each) for each in objects.functions()}
    taken: list[str] = []
    policy = RetryPolicy()
    for each in objects.of("RabbitmqSource"):
        spec, delivery = each["spec"], each["spec"].get("delivery", {})
        queue = spec["rabbitmqResourcesConfig"]["queueName"]
        taken.append(queue)
        plain = {**spec, "sink": {"ref": {k: v for k, v in spec["sink"]["ref"].items() if k != "namespace"}}}
        if name(each) != f"{queue}-{messaging.content_hash(plain)}":
            yield Finding("sources", where(each), "its name does not carry the hash of its spec, which is immutable")
        if spec["rabbitmqResourcesConfig"].get("predeclared") is not True:
            yield Finding("sources", where(each), "is not predeclared: it would take every event")
        if spec["rabbitmqClusterReference"].get("name") not in clusters:
            yield Finding("sources", where(each), "there is no such RabbitmqCluster")
        if spec["sink"].get("ref", {}).get("name") != queue or queue not in functions:
            yield Finding("sources", where(each), f"does not lead to the function {queue}")
        pauses = float(delivery.get("backoffDelay", "PT0S")[2:-1]) * (2 ** delivery.get("retry", 0) - 1)
        if delivery.get("retry") != policy.retry or delivery.get("backoffPolicy") != "exponential":
            yield Finding("sources", where(each), f"tries otherwise than shared.bus.port.RetryPolicy: {delivery}")
        if pauses >= OVERDUE:
            yield Finding(
                "sources", where(each), f"tries for {pauses:.0f} s; after {OVERDUE:.0f} s the sweep sends again"
            )
    for queue_spec in QUEUES:
        if taken.count(queue_spec.name) != 1:
            count = taken.count(queue_spec.name)
            yield Finding("sources", f"Queue/{queue_spec.name}", f"{count} sources empty it, one is needed")


def backups(objects: Objects) -> Iterator[Finding]:
    """A database whose log is archived, with a backup that names it."""
    stores, clusters = objects.names("ObjectStore"), objects.names("Cluster")
    for each in objects.of("Cluster", "postgresql"):
        for plugin in each["spec"].get("plugins", []):
            if plugin.get("parameters", {}).get("barmanObjectName") not in stores:
                yield Finding("backups", where(each), "its backups have no object store")
        if objects.production and not each["spec"].get("plugins"):
            yield Finding("backups", where(each), "has no backups")
        if objects.production and name(each) not in {
            s["spec"]["cluster"]["name"] for s in objects.of("ScheduledBackup")
        }:
            yield Finding("backups", where(each), "nothing backs it up by the clock")
    for each in objects.of("ScheduledBackup"):
        if each["spec"]["cluster"]["name"] not in clusters:
            yield Finding("backups", where(each), "backs up a database that is not there")


RULES = (topology, sources, backups)
