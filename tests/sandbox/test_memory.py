"""Memory of several processes together, each of them within its bound; and of a runtime that reserves more than it uses.

Python runs have one process, so the bounds are shown on trees of plain processes and, with limits only, on a run that
may fork.
"""

# ruff: noqa: E501 - a program on one line reads as one thing

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from shared.sandbox import Call, Limits, Sandbox
from shared.sandbox.resident import exceeds, tree
from tests.sandbox.conftest import observe

MB = 1 << 20

FORKS = (
    "import os, sys, time, mmap\n"
    "def attack(count, size, how):\n"
    "    shared = bytearray(size) if how == 'before' else None\n"
    "    made = []\n"
    "    for _ in range(count):\n"
    "        pid = os.fork()\n"
    "        if pid == 0:\n"
    "            mine = bytearray(size) if how == 'each' else mmap.mmap(-1, size) if how == 'mapped' else None\n"
    "            if how == 'mapped':\n"
    "                for at in range(0, size, 4096): mine[at] = 1\n"
    "            time.sleep(3); os._exit(0)\n"
    "        made.append(pid)\n"
    "    time.sleep(1)\n"
    "    for pid in made: os.kill(pid, 9); os.waitpid(pid, 0)\n"
    "    return 'through'\n"
)


@contextmanager
def running(count: int, size: int, how: str) -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-I", "-S", "-c", f"{FORKS}\nattack({count}, {size}, {how!r})"])
    try:
        time.sleep(0.6)
        yield process.pid
    finally:
        for pid in reversed(tree(process.pid)):
            subprocess.run(["kill", "-9", str(pid)], check=False)
        process.wait()


@pytest.mark.parametrize("how", ["each", "mapped"])
def test_a_tree_is_counted_whole(how: str) -> None:
    with running(4, 30 * MB, how) as root:
        assert len(tree(root)) == 5
        assert exceeds(root, 110 * MB) and not exceeds(root, 180 * MB)


def test_what_processes_share_is_counted_once() -> None:
    with running(6, 40 * MB, "before") as root:
        assert exceeds(root, 35 * MB) and not exceeds(root, 90 * MB)


def test_a_tree_that_has_ended_holds_nothing() -> None:
    process = subprocess.Popen([sys.executable, "-I", "-S", "-c", "pass"])
    process.wait()
    assert not exceeds(process.pid, 0)


LIMITS = Limits(memory_bytes=128 * MB, memory="resident", wall_seconds=10)


@pytest.mark.parametrize("how", ["each", "mapped"])
def test_processes_that_each_stay_below_are_ended_when_they_exceed_together(how: str) -> None:
    with Sandbox(allow_none=True, mode="none", limits=LIMITS) as sandbox:
        fits = observe(sandbox, FORKS, Call("a", "attack", (2, 40 * MB, how)))[0]
        assert (fits.outcome, fits.value) == ("returned", "through")
        assert observe(sandbox, FORKS, Call("a", "attack", (5, 40 * MB, how)))[0].outcome == "memory"


RESERVE = "import mmap\ndef attack(size):\n    room = mmap.mmap(-1, size, prot=0)\n    return len(room)\n"


def test_reserved_address_space_is_free_where_memory_is_counted_as_resident(sandbox: Sandbox) -> None:
    with Sandbox(mode=sandbox.capability.mode, limits=LIMITS, warm=sandbox.warm) as resident:  # type: ignore[arg-type]
        seen = observe(
            resident, RESERVE.replace("mmap.mmap(-1, size, prot=0)", "range(size)"), Call("a", "attack", (9,))
        )
        assert seen[0].value == 9
        reserved = observe(resident, RESERVE, Call("a", "attack", (4096 * MB,)))[0]
        assert reserved.outcome == "returned" and reserved.value == 4096 * MB
    assert observe(sandbox, RESERVE, Call("a", "attack", (4096 * MB,)))[0].outcome != "returned"


def test_memory_that_is_used_is_bounded_where_it_is_counted_as_resident(sandbox: Sandbox) -> None:
    program = "import time\ndef attack(count):\n    kept = []\n    for _ in range(count): kept.append(b'x' * (1 << 20))\n    time.sleep(0.3)\n    return len(kept)\n"
    with Sandbox(mode=sandbox.capability.mode, limits=LIMITS, warm=sandbox.warm) as resident:  # type: ignore[arg-type]
        assert observe(resident, program, Call("a", "attack", (80,)))[0].value == 80
        assert observe(resident, program, Call("a", "attack", (600,)))[0].outcome == "memory"
        assert observe(resident, program, Call("a", "attack", (180,)))[0].outcome == "memory"
