"""Installs Learning Locker's validator from npm, as `package-lock.json` pins it:
`python -m tests.xapi.javascript.install`."""

from __future__ import annotations

from pathlib import Path

from shared.proof.javascript.install import install
from shared.sandbox.languages.places import ROOM

HERE = Path(__file__).parent
PACKAGES = ROOM / "tests-xapi"

if __name__ == "__main__":
    install(HERE, PACKAGES)
