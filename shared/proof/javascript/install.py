"""Installs what the proofs need to read JavaScript: `python -m shared.proof.javascript.install`.

Stryker's instrumenter and Babel come from npm (the one in the wheel of node), as `package-lock.json` pins them. What is
there as pinned stays. Only who proves challenges needs it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from shared.errors import SandboxUnavailable
from shared.proof.javascript.node import HERE, ROOM
from shared.sandbox.languages.javascript import node

SECONDS = 600.0
PINNED = ("package.json", "package-lock.json")


def install(here: Path = HERE, room: Path = ROOM) -> None:
    """The packages that `here` pins, into `room`. Raises SandboxUnavailable when node's wheel is missing,
    CalledProcessError when npm fails."""
    if all((room / name).is_file() and (room / name).read_bytes() == (here / name).read_bytes() for name in PINNED):
        return
    npm = Path(node()).parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    shutil.rmtree(room, ignore_errors=True)
    made = room.with_name(f"{room.name}.new")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    for name in PINNED:
        shutil.copy(here / name, made)
    command = [node(), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=made, timeout=SECONDS, check=True)
    made.rename(room)


def main() -> int:
    try:
        install()
    except (SandboxUnavailable, subprocess.SubprocessError, OSError) as error:
        sys.stderr.write(f"challenges in JavaScript cannot be proven here: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
