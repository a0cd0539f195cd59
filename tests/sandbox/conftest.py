"""Each wall is tested in both modes, cold and warm, for real. A machine that lacks one fails these tests: it never
skips them."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from shared.sandbox import Call, Limits, Mode, Observation, Sandbox

MODES: tuple[Mode, ...] = ("bubblewrap", "landlock")


def like(sandbox: Sandbox, limits: Limits) -> Sandbox:
    """Another of the same mode and warmth."""
    return Sandbox(mode=cast(Mode, sandbox.capability.mode), limits=limits, warm=sandbox.warm)


@pytest.fixture(
    params=[(mode, warm) for mode in MODES for warm in (False, True)], ids=lambda p: f"{p[0]}-{TEMPERATURE[p[1]]}"
)
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    mode, warm = request.param
    with Sandbox(mode=mode, warm=warm) as made:
        assert made.warm is warm, "a warm process must be possible on this machine"
        yield made


TEMPERATURE = {False: "cold", True: "warm"}


@pytest.fixture(params=MODES)
def warm(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox(mode=request.param) as made:
        assert made.warm
        yield made


@pytest.fixture
def no_walls() -> Sandbox:
    """The same harness without walls: shows that what a wall keeps out would have been seen."""
    return Sandbox(allow_none=True, mode="none")


def observe(sandbox: Sandbox, program: str, *calls: Call) -> list[Observation]:
    with sandbox.run(program, calls) as run:
        seen = list(run)
    assert {one.warm for one in seen} <= {sandbox.warm}, "what is stamped is what was used"
    return seen


def attempt(sandbox: Sandbox, program: str, *args: object) -> Observation:
    """Calls `attack(*args)`, then a harmless function of the same program and, after it, a canary program."""
    attacked = observe(sandbox, program, Call("attack", "attack", args))[0]  # type: ignore[arg-type]
    canary = observe(sandbox, "def canary(n):\n    return n * 2\n", Call("canary", "canary", (21,)))[0]
    assert (canary.outcome, canary.value) == ("returned", 42), "the sandbox must still run harmless programs"
    return attacked


def descriptors() -> set[str]:
    return {entry.name for entry in Path("/proc/self/fd").iterdir()}


ORPHANED = 3.0
"""Seconds for which a process beneath nobody may be somebody else's: the extension's tests, which go on at the same
time, kill servers, and what these ran ends a moment later. Ours that is left is there longer."""


def processes() -> set[int]:
    """Our children, zombies too, and whoever runs under a uid of the sandbox beneath us or beneath nobody.

    Other workers of pytest-xdist have their own runs at the same time: those have a worker above them.
    """
    deadline = time.monotonic() + ORPHANED
    while True:
        ours, orphans = _beneath()
        if not orphans or time.monotonic() > deadline:
            return ours | orphans
        time.sleep(0.1)


def _beneath() -> tuple[set[int], set[int]]:
    """What runs beneath us; and beneath nobody."""
    parents: dict[int, int] = {}
    sandboxed = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "status").read_text()
        except OSError:
            continue
        fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        parents[int(folder.name)] = int(fields["PPid"])
        if 61184 <= int(fields["Uid"].split()[0]) < 65280:
            sandboxed.add(int(folder.name))
    ours = {pid for pid, parent in parents.items() if parent == os.getpid()}
    orphans = set()
    for pid in sandboxed:
        above = [pid]
        while (parent := parents.get(above[-1], 0)) > 1:
            above.append(parent)
        if os.getpid() in above:
            ours.add(pid)
        elif len(above) <= 3:  # itself and at most two of bubblewrap's, then process 1
            orphans.add(pid)
    return ours, orphans


@pytest.fixture
def leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    tmp_path_factory.getbasetemp()  # made before the folder for temporary files is another
    with tempfile.TemporaryDirectory(prefix="goals-test-") as folder:
        Path(folder).chmod(0o755)  # a run's uid walks through it
        monkeypatch.setattr(tempfile, "tempdir", folder)
        monkeypatch.setenv("TMPDIR", folder)
        before = descriptors(), processes()
        yield
        assert len(descriptors()) <= len(before[0]), "descriptors were left open"
        assert processes() <= before[1], "processes were left"
        assert list(Path(folder).glob("goals-run-*")) == [], "temporary folders were left"
