"""Mode B: Landlock and seccomp, without namespaces: for pods where bubblewrap may not make any."""

from __future__ import annotations

import marshal
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from shared.errors import SandboxUnavailable
from shared.sandbox.cage import BOOT, Cage, Pipes
from shared.sandbox.contract import Limits, Outcome
from shared.sandbox.interpreter import interpreter
from shared.sandbox.languages.language import Source, memory_of_all
from shared.sandbox.start import (
    Frames,
    code_of,
    filter_program,
    fresh_uid,
    harness_setup,
    remove_folder,
    temporary_folder,
)
from shared.sandbox.zygote import LIFETIME, OBSERVATIONS, SPARES, Forked, Zygote

ENDED_BY: dict[int, Outcome] = {200: "files", 201: "processes"}
"""Exit codes of the launcher (`inside/confine.py`) that name a bound."""


def landlock(limits: Limits, cpu: int, nonce: str, source: Source | None = None) -> tuple[Cage, Frames]:
    place, pipes = _Place(), Pipes()
    inner, outer = _orders(place, limits, cpu, nonce, pipes.observations[1], place.theirs, source)
    outer["harness"] = code_of("harness")
    try:
        cage = Cage(
            [interpreter().executable, "-I", "-S", "-c", BOOT],
            pass_fds=(place.theirs,),
            pipes=pipes,
            memory_bytes=memory_of_all(limits, source),
            kill=lambda _: place.end(),
            cleanup=place.cleanup,
            ended_by=ENDED_BY,
        )
    finally:
        os.close(place.theirs)
    return cage, [marshal.dumps(code_of("confine")), marshal.dumps(outer), marshal.dumps(inner)]


def landlock_zygote(*, launching: bool = False) -> Zygote:  # noqa: ARG001 - as every mode's
    """Outside every wall, as the launcher of a cold run is: the walls are built in what it forks, so that one which is
    `launching` other languages' runs is like any."""
    setup = {"namespaces": False, "seccomp": b"", "spares": SPARES}
    return Zygote([interpreter().executable, "-I", "-S", "-c", BOOT], setup)


def landlock_fork(
    zygote: Zygote, limits: Limits, cpu: int, nonce: str, source: Source | None = None
) -> tuple[Forked, Frames]:
    """Raises ZygoteGone when the zygote does not take it."""
    place, pipes = _Place(), Pipes()
    inner, outer = _orders(place, limits, cpu, nonce, OBSERVATIONS, LIFETIME, source)
    try:
        forked = zygote.fork(
            pipes,
            {},
            lifetime=place.theirs,
            memory_bytes=memory_of_all(limits, source) if source or limits.memory == "resident" else 0,
            end=place.end,
            cleanup=place.cleanup,
            ended_by=ENDED_BY,
        )
    finally:
        os.close(place.theirs)
    return forked, [marshal.dumps(outer), marshal.dumps(inner)]


class _Place:
    """A run's uid, its folder, and the pipe whose closing, also by our death, ends it."""

    def __init__(self) -> None:
        self.uid = fresh_uid()
        self.temp = temporary_folder(self.uid)
        self.theirs, ours = os.pipe()
        self.end = _Once(partial(os.close, ours))

    def cleanup(self) -> None:
        self.end()
        remove_folder(self.temp)


def _orders(
    place: _Place,
    limits: Limits,
    cpu: int,
    nonce: str,
    observations: int,
    lifetime: int,
    source: Source | None = None,
) -> tuple[dict[str, object], dict[str, object]]:
    python = interpreter()
    inner = harness_setup(limits, cpu, nonce, observations, place.uid, own_uid=place.uid is not None)
    more = source.readable if source else ()
    if place.uid is not None:
        _must_be_reachable(more)
    outer = inner | {
        "lifetime": lifetime,
        "parent": 0,
        "temp": place.temp,
        "readable": (*python.folders, *more),
        "executable": source is not None and source.language.executes,
        "devices": [f"/dev/{name}" for name in ("null", "zero", "random", "urandom")],
        "reachable": place.uid is None or python.reachable(),
        "seccomp": filter_program(exec_allowed=source is not None, processes=source is not None),
        "temp_bytes": limits.temp_bytes,
        "temp_inodes": limits.temp_inodes,
        "processes": limits.processes,
    }
    return source.setup(inner, limits, cpu) if source else inner, outer


def _must_be_reachable(paths: tuple[str, ...]) -> None:
    """Only Python's own library can be reached through a home of mode 0700 (`confine.through`)."""
    for path in paths:
        for folder in Path(path).parents:
            if not folder.stat().st_mode & 0o001:
                raise SandboxUnavailable(f"{folder} may not be passed by other users, and {path} is in it: move it")


class _Once:
    def __init__(self, act: Callable[[], None]) -> None:
        self._acts = [act]

    def __call__(self) -> None:
        try:
            act = self._acts.pop()  # atomic: two threads may both want the end
        except IndexError:
            return
        act()
