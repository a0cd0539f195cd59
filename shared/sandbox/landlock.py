"""Mode B: Landlock and seccomp, without namespaces: for pods where bubblewrap may not make any."""

from __future__ import annotations

import marshal
import os
from collections.abc import Callable
from functools import partial

from shared.sandbox.cage import BOOT, Cage, Pipes
from shared.sandbox.contract import Limits
from shared.sandbox.interpreter import interpreter
from shared.sandbox.start import (
    Frames,
    code_of,
    filter_program,
    fresh_uid,
    harness_setup,
    remove_folder,
    temporary_folder,
)


def landlock(limits: Limits, cpu: int, nonce: str) -> tuple[Cage, Frames]:
    pipes, uid, python = Pipes(), fresh_uid(), interpreter()
    temp = temporary_folder(uid)
    theirs, ours = os.pipe()  # closing `ours`, also by our death, ends the run
    end = _Once(partial(os.close, ours))
    inner = harness_setup(limits, cpu, nonce, pipes, uid, own_uid=uid is not None)
    outer = inner | {
        "harness": code_of("harness"),
        "lifetime": theirs,
        "temp": temp,
        "readable": python.folders,
        "devices": [f"/dev/{name}" for name in ("null", "zero", "random", "urandom")],
        "reachable": uid is None or python.reachable(),
        "seccomp": filter_program(exec_allowed=False),
        "temp_bytes": limits.temp_bytes,
        "temp_inodes": limits.temp_inodes,
        "processes": limits.processes,
    }

    def cleanup() -> None:
        end()
        remove_folder(temp)

    try:
        cage = Cage(
            [python.executable, "-I", "-S", "-c", BOOT],
            pass_fds=(theirs,),
            pipes=pipes,
            kill=lambda _: end(),
            cleanup=cleanup,
            ended_by={200: "files", 201: "processes"},
        )
    finally:
        os.close(theirs)
    return cage, [marshal.dumps(code_of("confine")), marshal.dumps(outer), marshal.dumps(inner)]


class _Once:
    def __init__(self, act: Callable[[], None]) -> None:
        self._acts = [act]

    def __call__(self) -> None:
        try:
            act = self._acts.pop()  # atomic: two threads may both want the end
        except IndexError:
            return
        act()
