"""Installs what the languages need and no wheel brings: `python -m shared.sandbox.languages.install`.

esbuild comes from npm (the one in the wheel of node), checked against `esbuild/package-lock.json`; Go's standard
library is compiled. What is there stays. Says what could not be had, and then ends with 1: Python needs none of it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from shared.errors import SandboxUnavailable
from shared.sandbox.languages import golang, javascript
from shared.sandbox.languages.places import ROOM
from shared.sandbox.languages.table import languages_here

LOCK = Path(__file__).parent / "esbuild"
SECONDS = 600.0


def install_esbuild() -> None:
    """Raises SandboxUnavailable when node's wheel, the registry or a build for this processor is missing."""
    target = javascript.esbuild_path()
    if target.is_file():
        return
    node = Path(javascript.node())
    npm = node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    with tempfile.TemporaryDirectory(prefix="goals-esbuild-") as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(LOCK / name, folder)
        command = [str(node), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        _run(command, "npm could not install esbuild", cwd=folder)
        found = list(Path(folder).glob("node_modules/@esbuild/*/bin/esbuild"))
        if not found:
            raise SandboxUnavailable("esbuild has no build for this processor")
        ROOM.mkdir(parents=True, exist_ok=True)
        _moved(found[0], target)


def install_go_library() -> None:
    """Compiles the packages of `golang.PACKAGES` and those they stand on. Raises SandboxUnavailable."""
    target = golang.library()
    if (target / "importcfg").is_file():
        return
    root = golang.goroot()
    ROOM.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="goals-go-", dir=ROOM) as folder:
        env = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": folder,
            "GOROOT": str(root),
            "GOCACHE": f"{folder}/cache",
            "GOTOOLCHAIN": "local",
            "GOFLAGS": "",
            "GO111MODULE": "off",
            "CGO_ENABLED": "0",
            "GOPROXY": "off",
        }
        go = str(root / "bin" / "go")
        line = "{{if .Export}}{{.ImportPath}} {{.Export}}{{end}}"
        exported = _run(
            [go, "list", "-export", "-deps", "-f", line, *golang.PACKAGES], "go could not compile its library", env=env
        )
        made = Path(folder) / "library"
        made.mkdir()
        config = []
        for name, archive in (entry.split() for entry in exported.splitlines() if entry):
            kept = f"{name.replace('/', '_')}.a"
            shutil.copy(archive, made / kept)
            config.append(f"packagefile {name}={target / kept}")
        (made / "importcfg").write_text("\n".join(config) + "\n", "utf-8")
        for path in (made, *made.iterdir()):
            path.chmod(0o755 if path.is_dir() else 0o644)
        shutil.rmtree(target, ignore_errors=True)
        made.rename(target)


def _run(command: list[str], failure: str, *, cwd: str | None = None, env: dict[str, str] | None = None) -> str:
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=env,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SandboxUnavailable(f"{failure}: {error}") from error
    if done.returncode != 0:
        raise SandboxUnavailable(f"{failure}: {done.stderr.strip()[-400:]}")
    return done.stdout


def _moved(source: Path, target: Path) -> None:
    """In one step, so that another process sees all of it or nothing."""
    whole = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copy(source, whole)
    whole.chmod(0o755)
    whole.rename(target)


def main() -> int:
    for what in (install_esbuild, install_go_library):
        try:
            what()
        except SandboxUnavailable as error:
            sys.stderr.write(f"{error.detail}\n")
    missing = {name: why for name, why in languages_here().items() if why}
    for name, why in missing.items():
        sys.stderr.write(f"programs in {name} cannot be run here: {why}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
