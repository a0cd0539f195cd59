"""Where what a language needs is installed, and how it gets there."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

ROOM = Path(sys.prefix) / "share" / "goals"
"""Tools that no wheel brings, and what is made of those that one does: beside the packages of this environment."""

INSTALL = "run `make languages`; without make: python -m shared.sandbox.languages.install"


@cache
def inside(name: str) -> str:
    """A file of `shared/sandbox/inside`: it is sent into the sandbox as text."""
    return (Path(__file__).parents[1] / "inside" / name).read_text("utf-8")
