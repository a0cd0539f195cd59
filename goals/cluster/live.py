"""A cluster that runs, by kubectl: its functions, and what is written down of what served before."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from typing import Any

from goals.cluster.rendering import kubectl
from shared.errors import InvalidInput, NotFound, Unavailable

Object = dict[str, Any]
Serving = dict[str, dict[str, int]]
"""Function → revision → percent."""

RECORD = "goals-serving"
"""A ConfigMap: a second command finds it, and the deployer may write it. It carries no label, so nothing prunes it."""


@dataclass(frozen=True, slots=True)
class Record:
    """`deployment`: whose it is, empty where a person deployed. `finished`: whether that one came to its end."""

    serving: Serving
    deployment: str
    finished: bool


@dataclass(frozen=True, slots=True)
class Cluster:
    namespace: str

    def ask(self, *words: str, given: str | None = None) -> str:
        """Raises Unavailable with kubectl's words."""
        command = [os.environ.get("KUBECTL") or kubectl(), "--namespace", self.namespace, *words]
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Unavailable(f"kubectl {' '.join(words[:2])} failed: {done.stderr.strip()[:2000]}")
        return done.stdout

    def functions(self) -> list[Object]:
        return list(json.loads(self.ask("get", "ksvc", "--output", "json"))["items"])

    def function(self, called: str | None) -> list[Object]:
        """One, or all. Raises InvalidInput where it is not there."""
        there = self.functions()
        found = [each for each in there if called in (None, name(each))]
        if called and not found:
            raise InvalidInput(f"there is no function {called}", hint=" ".join(sorted(map(name, there))))
        return found

    def record(self) -> Record:
        """Raises NotFound where there is none."""
        text = self.ask("get", "configmap", RECORD, "--ignore-not-found", "--output", "json")
        if not text.strip():
            raise NotFound(f"nothing was recorded in {self.namespace}: no deployment wrote down what served before it")
        data = json.loads(text)["data"]
        return Record(json.loads(data["serving"]), data["deployment"], data["finished"] == "true")

    def write(self, record: Record) -> None:
        data = {
            "serving": json.dumps(record.serving, sort_keys=True),
            "deployment": record.deployment,
            "finished": str(record.finished).lower(),
        }
        whole = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": RECORD}, "data": data}
        self.ask("apply", "--filename", "-", given=json.dumps(whole))

    def patch(self, function: str, spec: Object) -> None:
        self.ask("patch", f"ksvc/{function}", "--type", "merge", "--patch", json.dumps({"spec": spec}))


def name(each: Object) -> str:
    return str(each["metadata"]["name"])
