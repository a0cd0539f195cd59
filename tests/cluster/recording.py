"""A `kubectl` that keeps a small cluster in a file: functions with their revisions and traffic, as Knative's controller
resolves them. What it is asked is written down; what it renders, it was given."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
Object = dict[str, Any]
PYTHON = ROOT / ".venv" / "bin" / "python"


@dataclass(frozen=True)
class Recording:
    """`access` and `api` serve their seventh revisions at first; nothing else is there."""

    folder: Path

    @classmethod
    def made(cls, folder: Path, rendered: Path) -> Recording:
        recording = cls(folder)
        recording.keep({"functions": {name: _function(name, 7) for name in ("access", "api")}, "maps": {}})
        program = folder / "kubectl"
        digest = "s/@sha256:0*/@sha256:${DIGIT:-0000000000000000}/"
        program.write_text(
            "#!/bin/sh\n"
            f"""[ "$1" = kustomize ] && exec sed "{digest}" {rendered}\n"""
            f'exec {PYTHON} -m tests.cluster.recording {folder} "$@"\n'
        )
        program.chmod(0o755)
        return recording

    def run(self, *command: str, **environment: str) -> tuple[int, str]:
        """(status, what it said). `DIGIT`: of all images' digests. `FAIL`: calls with these words fail."""
        given = {"PATH": "/usr/bin:/bin", "KUBECTL": str(self.folder / "kubectl"), **environment}
        done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def rollout(self, *words: str, **environment: str) -> tuple[int, str]:
        return self.run(str(PYTHON), "-m", "goals.cluster.rollout", *words, **environment)

    def deploy(self, *more: str, **environment: str) -> tuple[int, str]:
        return self.run("scripts/deploy", "staging", *more, DIGIT="a", **environment)

    @property
    def asked(self) -> list[str]:
        file = self.folder / "asked"
        return file.read_text().splitlines() if file.exists() else []

    def state(self) -> Object:
        return dict(json.loads((self.folder / "state.json").read_text()))

    def keep(self, state: Object) -> None:
        (self.folder / "state.json").write_text(json.dumps(state))

    def serving(self, name: str) -> dict[str, int]:
        """Revision → percent."""
        status = _resolved(self.state()["functions"][name])["status"]
        return {each["revisionName"]: each["percent"] for each in status["traffic"]}


def _function(name: str, newest: int) -> Object:
    return {
        "metadata": {"name": name, "generation": 1},
        "spec": {"template": {}, "traffic": [{"latestRevision": True, "percent": 100}]},
        "revisions": [f"{name}-{n:05}" for n in range(1, newest + 1)],
    }


def _resolved(function: Object) -> Object:
    latest = function["revisions"][-1]
    traffic = [{"revisionName": latest, **part} for part in function["spec"]["traffic"]]
    status = {"latestCreatedRevisionName": latest, "latestReadyRevisionName": latest, "traffic": traffic}
    return {**function, "status": {**status, "observedGeneration": function["metadata"]["generation"]}}


def _changed(function: Object, spec: Object) -> None:
    function["metadata"]["generation"] += 1
    if "template" in spec and spec["template"] != function["spec"]["template"]:
        name = function["metadata"]["name"]
        function["revisions"].append(f"{name}-{len(function['revisions']) + 1:05}")
    function["spec"] |= spec


def _applied(state: Object, words: list[str]) -> int:
    file = words[words.index("--filename") + 1]
    if file == "-":
        one = json.loads(sys.stdin.read())
        state["maps"][one["metadata"]["name"]] = one
        return 0
    if "--prune" not in words:
        return 0  # what stands before the functions
    from goals.cluster.rendering import objects

    for each in objects(Path(file).read_text()):
        if each["kind"] == "Service" and each["apiVersion"].startswith("serving.knative.dev/"):
            name = each["metadata"]["name"]
            if name == os.environ.get("FAIL_AT"):
                return 1
            if name in state["functions"]:
                _changed(state["functions"][name], each["spec"])
            else:
                state["functions"][name] = {**_function(name, 1), "spec": each["spec"]}
    return 0


def _answer(recording: Recording, words: list[str]) -> int:
    state = recording.state()
    functions = state["functions"]
    match words:
        case ["get", "ksvc", *_]:
            sys.stdout.write(json.dumps({"items": [_resolved(each) for each in functions.values()]}))
        case ["get", "configmap", name, *_]:
            sys.stdout.write(json.dumps(state["maps"][name]) if name in state["maps"] else "")
        case ["get", what, *_]:
            revision = what.partition("/")[2]
            return 0 if any(revision in each["revisions"] for each in functions.values()) else 1
        case ["patch", what, *_, patch]:
            _changed(functions[what.partition("/")[2]], json.loads(patch)["spec"])
        case ["apply", *_]:
            status = _applied(state, words)
            recording.keep(state)
            return status
    recording.keep(state)
    return 0


def main(folder: str, words: list[str]) -> int:
    recording = Recording(Path(folder))
    with (Path(folder) / "asked").open("a") as asked:
        asked.write(" ".join(words) + "\n")
    if os.environ.get("FAIL", "\n") in " ".join(words):
        return 1
    return _answer(recording, words[2:])  # after --namespace NAME


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
