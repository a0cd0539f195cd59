"""Mode "none": limits only, no walls."""

from __future__ import annotations

import marshal
import os
import signal

from shared.sandbox.cage import BOOT, Cage, Pipes
from shared.sandbox.contract import Limits
from shared.sandbox.interpreter import interpreter
from shared.sandbox.languages.language import Source, memory_of_all
from shared.sandbox.start import Frames, code_of, harness_setup, remove_folder, temporary_folder


def bare(limits: Limits, cpu: int, nonce: str, source: Source | None = None) -> tuple[Cage, Frames]:
    """Limits only, no walls: for the single user's own code on their own machine."""
    pipes, python, temp = Pipes(), interpreter(), temporary_folder(None)
    cage = Cage(
        [python.executable, "-I", "-S", "-c", BOOT],
        pipes=pipes,
        memory_bytes=memory_of_all(limits, source),
        kill=lambda pid: os.killpg(pid, signal.SIGKILL),
        cleanup=lambda: remove_folder(temp),
        cwd=temp,
    )
    setup = harness_setup(limits, cpu, nonce, pipes.observations[1], None, own_uid=False)
    if source:
        setup = source.setup(setup, limits, cpu, walls=False)
    return cage, [marshal.dumps(code_of("harness")), marshal.dumps(setup)]
