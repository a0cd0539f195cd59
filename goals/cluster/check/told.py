"""Settings, as the process that is told them reads them: names, values, and that somebody reads them."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsError

from goals.cluster.check.objects import KNATIVE, Finding, Object, Objects, where
from goals.cluster.environment import ADDED, TELEMETRY
from shared.settings import Settings

BESIDES = {"GOALS_SUPPORT_CONTACT", "GOALS_LOG_LEVEL", "GOALS_TARGETS", "GOALS_SANDBOX_CGROUP", *TELEMETRY}
KNOWN = {f"GOALS_{field.upper()}" for field in Settings.model_fields} | BESIDES | {*ADDED["runner"]}
RESERVED = re.compile(r"PORT|K_\w+")
PORTS = {8008, 8012, 8013, 8022, 8080, 9090, 9091}
"""Of the function and of Knative's sidecar, in one pod."""
KEPT = "https://secret.example.org"
"""Stands for what a secret holds: an address will do for each of them."""


def settings(objects: Objects) -> Iterator[Finding]:
    """Names that the code reads; no name twice, none of Knative's own; `$(X)` only of what stands before it. What the
    ConfigMap holds, some container is told."""
    for each, container in objects.containers():
        seen: set[str] = set()
        for variable in container.get("env", []):
            called = variable["name"]
            if called in seen:
                yield Finding("settings", where(each), f"{called} is set twice")
            if called.startswith("GOALS_") and called not in KNOWN:
                yield Finding("settings", where(each), f"nothing reads {called}")
            if each["apiVersion"] == KNATIVE and RESERVED.fullmatch(called):
                yield Finding("settings", where(each), f"{called} is Knative's own")
            for used in re.findall(r"\$\((\w+)\)", variable.get("value", "")):
                if used not in seen:
                    yield Finding("settings", where(each), f"{called} uses $({used}), which is not set before it")
            seen.add(called)
    asked = {
        of["key"]
        for _, container in objects.containers()
        for variable in container.get("env", [])
        if (of := variable.get("valueFrom", {}).get("configMapKeyRef"))
    }
    for called in objects.settings.keys() - asked:
        yield Finding("settings", "ConfigMap/goals-settings", f"no container is told {called}: it does nothing")


def values(objects: Objects) -> Iterator[Finding]:
    """Each container of ours starts with what it is told."""
    for each, container in objects.containers():
        given = _environment(objects, container)
        if not any(called.startswith("GOALS_") for called in given):
            continue
        for problem in _refused(given):
            yield Finding("values", where(each), problem)


def _environment(objects: Objects, container: Object) -> dict[str, str]:
    found: dict[str, str] = {}
    for variable in container.get("env", []):
        source = variable.get("valueFrom", {})
        if of := source.get("configMapKeyRef"):
            if of["key"] in objects.settings:
                found[variable["name"]] = objects.settings[of["key"]]
        else:
            found[variable["name"]] = KEPT if source else variable.get("value", "")
    return found


def _refused(given: Mapping[str, str]) -> Iterator[str]:
    whole = given if "GOALS_DATABASE_URL" in given else {**given, "GOALS_DATABASE_URL": KEPT}  # the runner has none
    try:
        _told(whole)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_context=False):
            yield f"GOALS_{str(one['loc'][0]).upper()} is refused: {one['msg']}"
    except SettingsError as error:
        yield f"{error}: it is no JSON"
    level = given.get("GOALS_LOG_LEVEL", "info").upper()
    if level not in logging.getLevelNamesMapping():
        yield f"GOALS_LOG_LEVEL {level} is no level"
    port = given.get("GOALS_METRICS_PORT")
    if port and (not port.isdecimal() or not 0 < int(port) < 65_536 or int(port) in PORTS):
        yield f"GOALS_METRICS_PORT {port} is no port, or taken in its pod"
    traces = given.get("GOALS_TRACES_URL")
    if traces and not traces.startswith(("http://", "https://")):
        yield f"GOALS_TRACES_URL {traces} is no web address"
    for called in ADDED["runner"]:
        if called in given and not (given[called].isdecimal() and int(given[called])):
            yield f"{called} {given[called]} is no number"


def _told(given: Mapping[str, str]) -> Settings:
    """What a process reads whose environment is this, and no more."""

    class Told(Settings):
        @classmethod
        def settings_customise_sources(  # type: ignore[override]  # the library gives them by name
            cls, settings_cls: type[BaseSettings], **sources: Any
        ) -> tuple[Any, ...]:
            del settings_cls
            own = sources["env_settings"]
            own.env_vars = {name.lower(): value for name, value in given.items()}
            return (own,)

    return Told()  # type: ignore[call-arg]  # the fields come from `given`


RULES = (settings, values)
