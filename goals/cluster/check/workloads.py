"""What runs: images, resources, rights, probes, schedules, and what Knative does silently."""

from __future__ import annotations

import re
from collections.abc import Iterator
from zoneinfo import available_timezones

from goals.cluster.check.cron import invalid
from goals.cluster.check.objects import KNATIVE, Finding, Object, Objects, name, template_of, where
from goals.cluster.deployed import CONCURRENCY, FUNCTIONS, PORT

SCALING = {"min-scale", "max-scale", "target", "metric", "class", "window", "initial-scale", "scale-down-delay"}
UNRESOLVED = ("kind.local/", "ko.local/", "dev.local/")
"""What Knative takes from the node as it is (`registries-skipping-tag-resolving`, Serving 1.23)."""
UNITS = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "k": 10**3, "M": 10**6, "G": 10**9, "m": 1e-3, "": 1}


def images(objects: Objects) -> Iterator[Finding]:
    """By digest wherever a release runs; never `latest`."""
    for each, container in objects.containers():
        image = container["image"]
        ours = "/goals/" in image or image.startswith(("goals/", *UNRESOLVED))
        if ours and objects.production and not re.search(r"@sha256:[0-9a-f]{64}$", image):
            yield Finding("images", where(each), f"{image} is not given by digest")
        if each["apiVersion"] == KNATIVE and "@" not in image and not image.startswith(UNRESOLVED):
            yield Finding(
                "images", where(each), f"Knative looks for {image} in a registry: only {UNRESOLVED} are local"
            )
        if "@" not in image and (":" not in image.rsplit("/", 1)[-1] or image.endswith(":latest")):
            yield Finding("images", where(each), f"{image} has no fixed tag")


def quantities(objects: Objects) -> Iterator[Finding]:
    for each, container in objects.containers():
        resources = container.get("resources", {})
        asked, limit = resources.get("requests", {}), resources.get("limits", {})
        if "memory" not in limit or "memory" not in asked or "cpu" not in asked:
            yield Finding("quantities", where(each), "asks for no memory and CPU, or has no limit of memory")
        for what, given in [*asked.items(), *limit.items()]:
            if bytes_of(given) is None:
                yield Finding("quantities", where(each), f"{what} {given!r} is no quantity")
        for what in asked.keys() & limit.keys():
            if (bytes_of(asked[what]) or 0) > (bytes_of(limit[what]) or 0):
                yield Finding("quantities", where(each), f"asks for more {what} than its limit")


def bytes_of(quantity: str) -> float | None:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti|k|M|G|m|)", str(quantity))
    return float(found[1]) * UNITS[found[2]] if found else None


BROKER = {"containers": "rabbitmq", "initContainers": "setup-container"}
"""The containers that RabbitMQ's operator makes. It says of none what it may do: `override` does."""


def restricted(objects: Objects) -> Iterator[Finding]:
    """Pod Security Standards, level restricted, and a root file system that is only read."""
    for each, container in objects.containers():
        template = template_of(each) or {}
        yield from _restricted(each, template.get("spec", {}), container)
    for each in objects.of("RabbitmqCluster"):
        found = each["spec"].get("override", {}).get("statefulSet", {})
        pod = found.get("spec", {}).get("template", {}).get("spec", {})
        for kind, called in BROKER.items():
            said = [one for one in pod.get(kind, []) if one["name"] == called]
            if not said:
                yield Finding("restricted", where(each), f"its override says nothing of {called}")
            for one in said:
                yield from _restricted(each, pod, one)


def _restricted(each: Object, pod: Object, container: Object) -> Iterator[Finding]:
    own = container.get("securityContext", {})
    both = {**pod.get("securityContext", {}), **own}
    wanted = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "runAsNonRoot": True}
    for field, value in wanted.items():
        if both.get(field) is not value:
            yield Finding("restricted", where(each), f"{field} is not {str(value).lower()}")
    if own.get("capabilities", {}).get("drop") != ["ALL"] or own.get("capabilities", {}).get("add"):
        yield Finding("restricted", where(each), "does not drop all capabilities")
    if both.get("seccompProfile", {}).get("type") not in ("RuntimeDefault", "Localhost"):
        yield Finding("restricted", where(each), "has no seccomp profile")
    if both.get("runAsUser", 1) == 0:
        yield Finding("restricted", where(each), "runs as root")


def probes(objects: Objects) -> Iterator[Finding]:
    for each in objects.functions():
        (container,) = each["spec"]["template"]["spec"]["containers"]
        for probe, path in (("readinessProbe", "/health/readiness"), ("livenessProbe", "/health/liveness")):
            if container.get(probe, {}).get("httpGet", {}).get("path") != path:
                yield Finding("probes", where(each), f"{probe} does not ask {path}")
        if [port["containerPort"] for port in container.get("ports", [])] != [PORT]:
            yield Finding("probes", where(each), f"does not listen on {PORT}")


def scaling(objects: Objects) -> Iterator[Finding]:
    """Knative's annotations: on the template, known, and of bounds that make sense."""
    for each in objects.functions():
        on_service = each["metadata"].get("annotations", {})
        for key in on_service:
            if key.startswith("autoscaling.knative.dev/"):
                yield Finding("scaling", where(each), f"{key} belongs on the template: here it does nothing")
        given = each["spec"]["template"]["metadata"].get("annotations", {})
        bounds = {}
        for key, value in given.items():
            short = key.removeprefix("autoscaling.knative.dev/")
            if key.startswith("autoscaling.knative.dev/") and short not in SCALING:
                yield Finding("scaling", where(each), f"{key} is none of Knative's annotations")
            if short in ("min-scale", "max-scale", "target"):
                if not str(value).isdigit():
                    yield Finding("scaling", where(each), f"{key} is {value!r}, no whole number")
                    continue
                bounds[short] = int(value)
        if bounds.get("min-scale", 0) > bounds.get("max-scale", 0) > 0:
            yield Finding("scaling", where(each), "min-scale is above max-scale")
        if "max-scale" not in bounds:
            yield Finding("scaling", where(each), "has no max-scale: a flood makes instances without end")
        if name(each) == "api" and bounds.get("min-scale", 0) < 1:
            yield Finding("scaling", where(each), "a websocket has nobody to connect to: min-scale must be 1 or more")


def timeouts(objects: Objects) -> Iterator[Finding]:
    for each in objects.functions():
        spec = each["spec"]["template"]["spec"]
        if spec.get("timeoutSeconds", 300) > 300 and spec.get("responseStartTimeoutSeconds") != 0:
            yield Finding("timeouts", where(each), "responseStartTimeoutSeconds must be 0: Knative would make it 300")
        event = each["metadata"].get("labels", {}).get("app.kubernetes.io/component") == "event"
        if event and spec.get("containerConcurrency") != CONCURRENCY:
            yield Finding(
                "timeouts", where(each), f"containerConcurrency is not {CONCURRENCY}, as many as it has threads"
            )
        if name(each) == "api" and (spec.get("containerConcurrency") != 0 or spec.get("timeoutSeconds") != 600):
            yield Finding("timeouts", where(each), "websockets need timeoutSeconds 600 and containerConcurrency 0")
        shares = [part.get("percent", 0) for part in each["spec"].get("traffic", [])]
        if sum(shares) != 100:
            yield Finding("timeouts", where(each), f"its traffic adds up to {sum(shares)} percent")


def commands(objects: Objects) -> Iterator[Finding]:
    """Each function of the code is there, and started as the code says."""
    there = {name(each): each for each in objects.functions()}
    for function in FUNCTIONS:
        if function.name not in there:
            yield Finding("commands", f"Service/{function.name}", "is missing")
            continue
        each = there[function.name]
        (container,) = each["spec"]["template"]["spec"]["containers"]
        if container.get("command") != list(function.command):
            yield Finding("commands", where(each), f"does not run {' '.join(function.command)}")
        if not re.search(rf"/{function.name}[:@]", container["image"]):
            yield Finding("commands", where(each), f"runs another function's image: {container['image']}")


def schedules(objects: Objects) -> Iterator[Finding]:
    """Schemas let any text through."""
    fields = {"CronJob": 5, "PingSource": 5, "ScheduledBackup": 6}
    for kind, count in fields.items():
        for each in objects.of(kind):
            problem = invalid(each["spec"]["schedule"], count)
            if problem:
                yield Finding("schedules", where(each), problem)
            zone = each["spec"].get("timeZone", each["spec"].get("timezone", "Etc/UTC"))
            if zone not in available_timezones():
                yield Finding("schedules", where(each), f"there is no time zone {zone!r}")
    for each in objects.of("CronJob"):
        if each["spec"].get("concurrencyPolicy") != "Forbid" or "startingDeadlineSeconds" not in each["spec"]:
            yield Finding("schedules", where(each), "would overlap with itself, or miss ticks for good")


RULES = (images, quantities, restricted, probes, scaling, timeouts, commands, schedules)
