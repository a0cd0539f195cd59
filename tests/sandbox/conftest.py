"""Each wall is tested in both modes for real. A machine that lacks one fails these tests: it never skips them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.sandbox import Call, Limits, Observation, Sandbox

MODES = ("bubblewrap", "landlock")


@pytest.fixture(params=MODES)
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    return Sandbox(mode=request.param)


@pytest.fixture
def no_walls() -> Sandbox:
    """The same harness without walls: shows that what a wall keeps out would have been seen."""
    return Sandbox(allow_none=True, mode="none")


def observe(sandbox: Sandbox, program: str, *calls: Call) -> list[Observation]:
    with sandbox.run(program, calls) as run:
        return list(run)


def attempt(sandbox: Sandbox, program: str, *args: object) -> Observation:
    """Calls `attack(*args)`, then a harmless function of the same program and, after it, a canary program."""
    attacked = observe(sandbox, program, Call("attack", "attack", args))[0]  # type: ignore[arg-type]
    canary = observe(sandbox, "def canary(n):\n    return n * 2\n", Call("canary", "canary", (21,)))[0]
    assert (canary.outcome, canary.value) == ("returned", 42), "the sandbox must still run harmless programs"
    return attacked


def descriptors() -> set[str]:
    return {entry.name for entry in Path("/proc/self/fd").iterdir()}


def processes() -> set[int]:
    """Children of this process, zombies too, and whoever runs under a uid of the sandbox."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "status").read_text()
        except OSError:
            continue
        fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        uid = int(fields["Uid"].split()[0])
        if fields["PPid"].strip() == str(_me()) or 61184 <= uid < 65280:
            found.add(int(folder.name))
    return found


def _me() -> int:
    import os

    return os.getpid()


@pytest.fixture
def leaves_nothing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    import tempfile

    folder = Path(tempfile.gettempdir())
    before = descriptors(), processes(), set(folder.glob("goals-run-*"))
    yield
    assert descriptors() <= before[0] | {"-"}, "descriptors were left open"
    assert processes() <= before[1], "processes were left"
    assert set(folder.glob("goals-run-*")) <= before[2], "temporary folders were left"


__all__ = ["Limits"]
