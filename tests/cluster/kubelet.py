"""Runs a container of the rendered manifests as an ordinary process: its own command, environment, mounts, user and
probes, on a root file system that is only read (bubblewrap), with the code and the distributions of its image alone.

What a cluster's network would resolve is given as addresses; what operators and people put into secrets, as values.
"""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any

import psutil

from goals.cluster.check.objects import template_of
from goals.cluster.check.workloads import bytes_of
from goals.cluster.images import distributions, folders

Object = dict[str, Any]
ROOT = Path(__file__).parents[2]


class Container:
    """`secrets`: name → key → value. `addresses`: what a name and port of the cluster are here."""

    def __init__(
        self,
        objects: list[Object],
        kind: str,
        name: str,
        *,
        folder: Path,
        secrets: Mapping[str, Mapping[str, str]],
        addresses: Mapping[str, str],
    ) -> None:
        (self.object,) = [o for o in objects if o["kind"] == kind and o["metadata"]["name"] == name and template_of(o)]
        self.spec: Object = (template_of(self.object) or {})["spec"]
        (self.container,) = self.spec["containers"]
        self._maps = {o["metadata"]["name"]: o["data"] for o in objects if o["kind"] == "ConfigMap"}
        self._folder, self._secrets, self._addresses = folder, secrets, addresses
        self._log = folder / "log"
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None

    # ------------------------------------------------------------------ what a kubelet works out

    def environment(self) -> dict[str, str]:
        """Variables in their order; `$(X)` of those before, as Kubernetes expands them."""
        found: dict[str, str] = {}
        for variable in self.container["env"]:
            value = variable.get("value", "")
            source = variable.get("valueFrom", {})
            if of := source.get("configMapKeyRef"):
                if of.get("optional") and of["key"] not in self._maps[of["name"]]:
                    continue
                value = self._maps[of["name"]][of["key"]]
            if of := source.get("secretKeyRef"):
                value = self._secrets[of["name"]][of["key"]]
            value = re.sub(r"\$\((\w+)\)", lambda m: found.get(m[1], m[0]), value)
            for name, here in self._addresses.items():
                value = value.replace(name, here)
            found[variable["name"]] = value
        return {**found, "PORT": str(self.port)}  # Knative's own

    def limit(self) -> float:
        """Bytes of memory."""
        return bytes_of(self.container["resources"]["limits"]["memory"]) or 0

    def command(self) -> list[str]:
        context = {**self.spec.get("securityContext", {}), **self.container["securityContext"]}
        assert context["readOnlyRootFilesystem"] is True
        user, group = str(context["runAsUser"]), str(context["runAsGroup"])
        walls = ["bwrap", "--die-with-parent", "--cap-add", "ALL", "--proc", "/proc", "--dev", "/dev"]
        for path in ("/usr", "/etc", "/opt", sys.base_prefix):
            if Path(path).is_dir():
                walls += [*_above(path), "--ro-bind", path, path]
        for path in ("/bin", "/sbin", "/lib", "/lib64"):
            if Path(path).is_symlink():
                walls += ["--symlink", str(Path(path).readlink()), path]
        walls += [*self._image(), "--chdir", "/app"]
        walls += [*self._mounts(), "--remount-ro", "/"]
        drop = []
        if os.geteuid() == 0:
            drop = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "--no-new-privs"]
            drop += ["--bounding-set=-all", "--inh-caps=-all"]
        python = f"{sys.base_prefix}/bin/python3"
        program = [python if part == "python" else part for part in self.container["command"]]
        program.insert(1, "-S")  # no packages but those of the image
        return [*walls, "--", *drop, *program]

    def _image(self) -> list[str]:
        """Of this repository and of the installed distributions, what its image holds, and no more."""
        (image,) = re.findall(r"/goals/(\w+)@", self.container["image"])
        found = []
        for each in folders(image):
            found += [*_above(f"/app/{each}"), "--ro-bind", str(ROOT / each), f"/app/{each}"]
        packages = Path(sysconfig.get_path("purelib"))
        site = self._folder / "site"
        site.mkdir()
        for name in distributions(image):
            for top in {file.parts[0] for file in _files(name)} - {"..", "__pycache__"}:
                if not (site / top).is_symlink():
                    (site / top).symlink_to(f"/packages/{top}")
        return [*found, "--ro-bind", str(packages), "/packages", "--ro-bind", str(site), "/site"]

    def _mounts(self) -> list[str]:
        found = []
        volumes = {volume["name"]: volume for volume in self.spec["volumes"]}
        for mount in self.container["volumeMounts"]:
            volume = volumes[mount["name"]]
            if "emptyDir" in volume:
                found += ["--perms", "1777", "--tmpfs", mount["mountPath"]]
                continue
            assert mount["readOnly"] is True
            place = self._folder / mount["name"]
            place.mkdir(exist_ok=True)
            for key, value in self._secrets[volume["secret"]["secretName"]].items():
                (place / key).write_text(value)
                (place / key).chmod(volume["secret"]["defaultMode"])
            found += [*_above(mount["mountPath"]), "--ro-bind", str(place), mount["mountPath"]]
        return found

    # ------------------------------------------------------------------ its life

    def start(self) -> None:
        path = "/usr/bin:/bin"
        environment = {"PATH": path, "LC_ALL": "C.UTF-8", "PYTHONPATH": "/app:/site", "PYTHONDONTWRITEBYTECODE": "1"}
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command(), env={**environment, **self.environment()}, stdin=subprocess.DEVNULL, stderr=log
            )

    def run(self) -> int:
        """For what ends by itself: its exit status."""
        self.start()
        assert self.process is not None
        return self.process.wait(120)

    def said(self) -> str:
        """The end of what it wrote to standard error."""
        return self._log.read_text(errors="replace")[-3000:]

    def ask(self, probe: str) -> int:
        """The status of one probe; 0 where nobody answers."""
        asked = self.container[probe]["httpGet"]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.container[probe]["timeoutSeconds"])
        try:
            connection.request("GET", asked["path"])
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def await_ready(self, seconds: float = 150) -> None:
        end = time.monotonic() + seconds
        while self.ask("readinessProbe") != 200:
            assert self.process is not None
            if self.process.poll() is not None or time.monotonic() > end:
                self.kill()
                raise AssertionError(f"not ready ({self.process.returncode}): {self.said()}")
            time.sleep(0.1)

    def own(self) -> psutil.Process:
        """The container's own process, inside the walls."""
        assert self.process is not None
        return psutil.Process(self.process.pid).children()[0]

    def memory(self) -> int:
        """Bytes of all its processes, each page of theirs alone counted once."""
        own = self.own()
        return sum(p.memory_full_info().uss for p in [own, *own.children(recursive=True)])

    def terminate(self) -> int:
        """SIGTERM, as a kubelet sends it; the exit status."""
        assert self.process is not None
        self.own().send_signal(signal.SIGTERM)
        try:
            return self.process.wait(60)
        finally:
            self.kill()

    def kill(self) -> None:
        if self.process is not None:
            if self.process.poll() is None:
                self.process.kill()
            self.process.wait(30)


def _files(distribution: str) -> list[Any]:
    """Of one that is installed here: some are for other systems alone."""
    try:
        return files(distribution) or []
    except PackageNotFoundError:
        return []


def _above(path: str) -> list[str]:
    """Folders that lead to `path`: those that bubblewrap makes by itself are for root alone."""
    return [
        part for folder in [*reversed(Path(path).parents)][1:] for part in ("--perms", "0755", "--dir", str(folder))
    ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
