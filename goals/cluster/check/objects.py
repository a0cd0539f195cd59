"""All objects of one rendering, and how rules look them up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Object = dict[str, Any]
KNATIVE = "serving.knative.dev/v1"


@dataclass(frozen=True, slots=True)
class Finding:
    """`rule`: the name of the rule's function. `where`: kind/name."""

    rule: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} [{self.rule}]"


@dataclass(frozen=True)
class Objects:
    """`overlay`: the folder's name; `production`: whether images must be given by digest."""

    overlay: str
    all: list[Object]

    @property
    def production(self) -> bool:
        return self.overlay != "dev"

    def of(self, kind: str, api: str = "") -> list[Object]:
        """`api`: how its apiVersion begins, where two kinds share a name."""
        return [each for each in self.all if each["kind"] == kind and each["apiVersion"].startswith(api)]

    def names(self, kind: str, api: str = "") -> set[str]:
        return {name(each) for each in self.of(kind, api)}

    def functions(self) -> list[Object]:
        """Knative Services."""
        return self.of("Service", KNATIVE)

    def pods(self) -> Iterator[tuple[Object, Object, dict[str, str]]]:
        """(object, its pod's spec, its pod's labels)."""
        for each in self.all:
            template = template_of(each)
            if template is not None:
                yield each, template["spec"], template.get("metadata", {}).get("labels", {})

    def containers(self) -> Iterator[tuple[Object, Object]]:
        """(object, container)."""
        for each, spec, _ in self.pods():
            for container in spec.get("containers", []):
                yield each, container

    @cached_property
    def settings(self) -> dict[str, str]:
        """The ConfigMap of settings, whatever its content has added to its name."""
        for each in self.of("ConfigMap"):
            if name(each).startswith("goals-settings"):
                data: dict[str, str] = each["data"]
                return data
        return {}

    @property
    def namespace(self) -> str:
        """The one that most objects are in."""
        found = [each["metadata"].get("namespace", "") for each in self.all]
        return str(max(set(found), key=found.count))


def name(each: Object) -> str:
    return str(each["metadata"]["name"])


def where(each: Object) -> str:
    return f"{each['kind']}/{name(each)}"


def template_of(each: Object) -> Object | None:
    """The pod template, where it has one."""
    spec = each.get("spec", {})
    match each["kind"]:
        case "CronJob":
            return dict(spec["jobTemplate"]["spec"]["template"])
        case "Deployment" | "StatefulSet" | "DaemonSet" | "Job":
            return dict(spec["template"])
        case "Service" if each["apiVersion"] == KNATIVE:
            return dict(spec["template"])
    return None


def matches(selector: Object, labels: dict[str, str]) -> bool:
    """A LabelSelector's `matchLabels` and its expressions In and Exists."""
    for key, value in selector.get("matchLabels", {}).items():
        if labels.get(key) != value:
            return False
    for expression in selector.get("matchExpressions", []):
        if expression["operator"] == "In" and labels.get(expression["key"]) not in expression["values"]:
            return False
        if expression["operator"] == "Exists" and expression["key"] not in labels:
            return False
    return True
