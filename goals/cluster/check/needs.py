"""What each container must be told. Whatever is left out has a default that works on one machine and is wrong in a
cluster: another bus, a limit for each process, keys of its own, a lake on a disk that goes with the pod."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import PurePosixPath
from typing import Any

from goals.cluster import jobs
from goals.cluster.check.objects import Finding, Object, Objects, name, where
from goals.cluster.deployed import FUNCTIONS
from goals.cluster.environment import SECRETS
from shared.settings import Settings

REQUIRED = tuple(f"GOALS_{field.upper()}" for field, of in Settings.model_fields.items() if of.is_required())
BUS = ("GOALS_BUS_URL",)
SHARED = (*BUS, "GOALS_REDIS_URL", "GOALS_PUBLIC_URL")
LAKE = ("GOALS_LAKE_URL", "GOALS_LAKE_ACCESS_KEY", "GOALS_LAKE_SECRET_KEY")
NEEDS: dict[str, tuple[str, ...]] = {
    **{each.name: (*REQUIRED, *SHARED) for each in FUNCTIONS if each.kind == "event"},
    "lake": (*REQUIRED, *SHARED, *LAKE),
    "api": (*REQUIRED, *SHARED, *LAKE, "HOST", "GOALS_KEYS_DIR", "GOALS_RUNNER_URL", "GOALS_TRUSTED_PROXIES"),
    "mcp": (*REQUIRED, "HOST", "GOALS_PUBLIC_URL", "GOALS_API_URL", "GOALS_INTERNAL_HOSTS"),
    "runner": ("HOST",),
    "prepare": (*REQUIRED, *BUS, *LAKE),
    "clock-daily": (*REQUIRED, *BUS),
    "clock-sweep": (*REQUIRED, *BUS),
    "clock": (*REQUIRED, *BUS),
}
"""Function, Job or CronJob → names. One that ends with _FILE stands for the same without it."""
NO_DATABASE = "postgresql:///none"
WITHOUT_DATABASE = {"mcp", "clock-daily", "clock-sweep", "clock"}
SECRET = {"GOALS_DATABASE_URL", "GOALS_REDIS_URL", "GOALS_LAKE_ACCESS_KEY", "GOALS_LAKE_SECRET_KEY", "GOALS_MODEL_KEY"}

LEADS = {"GOALS_RUNNER_URL": "runner", "GOALS_API_URL": "api", "GOALS_INTERNAL_HOSTS": "mcp"}
"""Settings that name one of our functions, and which."""
OPERATORS_OWN = {
    "GOALS_PUBLIC_URL", "GOALS_LAKE_URL", "GOALS_CORS_ORIGINS", "GOALS_MODEL_URL", "endpointURL",
}  # fmt: skip
"""What docs/deploy.md tells an operator to set: it may name hosts outside of the cluster."""


def needs(objects: Objects) -> Iterator[Finding]:
    there = {name(each): each for each, _ in objects.containers()}
    for called in NEEDS.keys() - there.keys() - {"clock", "clock-daily", "clock-sweep"}:
        yield Finding("needs", called, "is missing")
    for each, container in objects.containers():
        env = {variable["name"]: variable for variable in container.get("env", [])}
        for called in NEEDS.get(name(each), ()):
            given = env.get(called) or env.get(f"{called}_FILE")
            if given is None or not ("valueFrom" in given or given.get("value")):
                yield Finding("needs", where(each), f"is not told {called}")
        for called in SECRET & env.keys():
            none = called == "GOALS_DATABASE_URL" and name(each) in WITHOUT_DATABASE
            if none and env[called].get("value") != NO_DATABASE:
                yield Finding("needs", where(each), f"opens no database, and is told {called}")
            if not none and "secretKeyRef" not in env[called].get("valueFrom", {}):
                yield Finding("needs", where(each), f"{called} is of no secret")


def files(objects: Objects) -> Iterator[Finding]:
    """What a variable says is in a file is mounted there."""
    for each, spec, _ in objects.pods():
        secrets = {v["name"]: v.get("secret", {}).get("secretName") for v in spec.get("volumes", [])}
        for container in spec["containers"]:
            mounts = {m["mountPath"]: secrets.get(m["name"]) for m in container.get("volumeMounts", [])}
            for variable in container.get("env", []):
                path = PurePosixPath(variable.get("value", ""))
                if not path.is_absolute():
                    continue
                folder = next((each for each in (path, *path.parents) if str(each) in mounts), None)
                if folder is None:
                    yield Finding("files", where(each), f"{variable['name']}: nothing is mounted at {path}")
                elif (of := mounts[str(folder)]) in SECRETS and path != folder and path.name not in SECRETS[of]:
                    yield Finding("files", where(each), f"{variable['name']}: secret {of} has no {path.name}")


def hosts(objects: Objects) -> Iterator[Finding]:
    """Every host that is named is there: a Service of the rendering, or one that an operator makes."""
    there = _hosts(objects)
    for place, called, text in _told(objects):
        for host, port in _named(called, text):
            first, _, rest = host.partition(".")
            inside = not rest or ".svc" in f".{rest}"
            if called in LEADS and (first != LEADS[called] or not inside):
                yield Finding("hosts", place, f"{called} leads to {host}, not to the function {LEADS[called]}")
            elif inside and (first not in there or (port and port not in there[first])):
                yield Finding("hosts", place, f"{called}: nothing is at {host}{f':{port}' if port else ''}")
            elif not inside and called not in OPERATORS_OWN:
                yield Finding("hosts", place, f"{called} leads out of the cluster, to {host}")


def _hosts(objects: Objects) -> dict[str, set[int]]:
    """Name within the namespace → ports."""
    found: dict[str, set[int]] = {name(each): {80} for each in objects.functions()}
    for each in objects.of("Service", "v1"):
        if each["apiVersion"] == "v1":
            found[name(each)] = {port["port"] for port in each["spec"]["ports"]}
    for each in objects.of("RabbitmqCluster"):
        found[name(each)] = {5672}
    for each in objects.of("Cluster", "postgresql"):
        found |= {f"{name(each)}-{role}": {5432} for role in ("rw", "ro", "r")}
    return found


def _told(objects: Objects) -> Iterator[tuple[str, str, str]]:
    """(where, the setting's name, its text)."""
    for called, text in objects.settings.items():
        yield "ConfigMap/goals-settings", called, text
    for each, container in objects.containers():
        for variable in container.get("env", []):
            yield where(each), variable["name"], variable.get("value", "")
    for each in objects.of("ObjectStore"):
        yield where(each), "endpointURL", each["spec"]["configuration"].get("endpointURL", "")


def _named(called: str, text: str) -> Iterator[tuple[str, int | None]]:
    if called == "GOALS_INTERNAL_HOSTS":
        yield from ((host, None) for host in json.loads(text or "[]"))
    for found in re.finditer(r"(\w+)://(?:[^@/\s]*@)?([^:/?&\s\"]+)(?::(\d+))?", text):
        if found[1] != "s3":  # what follows is a bucket
            yield found[2], int(found[3]) if found[3] else None


def modules(objects: Objects) -> Iterator[Finding]:
    """`python -m X`: there is such a module, and what it is to make."""
    for each, container in objects.containers():
        match container.get("command", []):
            case ["python", "-m", "shared.function", made, *_]:
                module = str(made).partition(":")[0]
            case ["python", "-m", module, *_]:
                pass
            case ["python", *rest]:
                yield Finding("modules", where(each), f"runs python {' '.join(rest)}")
                continue
            case _:
                continue
        if not _is_module(module):
            yield Finding("modules", where(each), f"there is no module {module}")


def _is_module(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def clocks(objects: Objects) -> Iterator[Finding]:
    """Each tick of the code comes by one clock, as often as the code supposes, and none is stopped."""
    for wanted in jobs.clocks():
        _, _, _, tick, seconds = _command(wanted)
        ticking = [each for each in objects.of("CronJob") if tick in _command(each)]
        ticking += [each for each in objects.of("PingSource") if _data(each).get("type") == tick]
        if len(ticking) != 1:
            yield Finding("clocks", tick, f"{len(ticking)} clocks send it, one is needed")
        for each in ticking:
            told = _command(each)[-1] if each["kind"] == "CronJob" else str(_data(each).get("seconds"))
            if (each["spec"]["schedule"], told) != (wanted["spec"]["schedule"], seconds):
                yield Finding("clocks", where(each), f"is not sent by {wanted['spec']['schedule']}, for {seconds} s")
    for each in objects.all:
        if each.get("spec", {}).get("suspend"):
            yield Finding("clocks", where(each), "is suspended")


def _command(cron: Object) -> list[str]:
    (container,) = cron["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    return list(container["command"])


def _data(ping: Object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ping["spec"].get("data", "{}"))
    return found


RULES = (needs, files, hosts, modules, clocks)
