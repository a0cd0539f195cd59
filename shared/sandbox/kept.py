"""One sandbox for a whole process, for functions that run code now and then."""

from __future__ import annotations

from functools import cache

from shared.errors import SandboxUnavailable
from shared.sandbox.contract import Limits
from shared.sandbox.run import DEFAULT, Sandbox


@cache
def kept(limits: Limits = DEFAULT) -> Sandbox | None:
    """The same one at each call; None where this machine has none, so that nothing may be run here."""
    try:
        return Sandbox(limits=limits)
    except SandboxUnavailable:
        return None
