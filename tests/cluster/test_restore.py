"""The component `restore`: the database made anew from its archive, which everything knows by the name it had."""

from __future__ import annotations

from typing import Any

from goals.cluster.rendering import objects, overlay
from tests.cluster.kubelet import Object


def database(rendered: list[Object]) -> tuple[str, dict[str, Any]]:
    (found,) = (o for o in rendered if o["kind"] == "Cluster")
    return found["metadata"]["name"], found["spec"]


def archives(name: str, spec: dict[str, Any]) -> tuple[str, str]:
    """Where it writes its log: the ObjectStore, and the server's name in it, which is its own if none is said."""
    (told,) = (plugin["parameters"] for plugin in spec["plugins"] if plugin["isWALArchiver"])
    return told["barmanObjectName"], told.get("serverName", name)


def test_it_keeps_its_name_reads_the_archive_of_before_and_writes_beside_it(production: list[Object]) -> None:
    rendered = objects(overlay("restore"))
    (old, before), (name, now) = database(production), database(rendered)
    assert name == old, "network policies, its secret and scripts/deploy know it by that"
    recovery = now["bootstrap"]["recovery"]
    assert set(now["bootstrap"]) == {"recovery"}, "one way to begin"
    assert {key: recovery[key] for key in ("database", "owner")} == before["bootstrap"]["initdb"]
    (source,) = (each["plugin"]["parameters"] for each in now["externalClusters"] if each["name"] == recovery["source"])
    assert (source["barmanObjectName"], source["serverName"]) == archives(old, before)
    store, server = archives(name, now)
    assert store in {o["metadata"]["name"] for o in rendered if o["kind"] == "ObjectStore"}
    assert server != source["serverName"], "an archive is never written by two"
