"""What every mode starts with: the code that goes in, the run's own uid, its limits, its folder."""

from __future__ import annotations

import itertools
import marshal
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from shared.errors import SandboxUnavailable
from shared.sandbox import seccomp
from shared.sandbox.contract import Limits

Frames = list[bytes]
"""What the process reads first, marshalled: code (as bytes: see `code_of`), then orders."""

FIRST_UID, UIDS = 61184, 4096  # the range systemd keeps for passing users: nobody has files or processes there
_uids = itertools.count()

STACKS = 128 * 1024 * 1024
"""Writable private memory that a runtime maps and hardly uses: node's dozen threads have stacks of 8 MB each."""

INSTALL = "install bubblewrap (apt-get install bubblewrap), or use a kernel with Landlock ABI 6 (Linux 6.12)"


@cache
def code_of(name: str) -> bytes:
    """The bytecode of a file of `inside/`, marshalled, without its place on this machine.

    It goes into a frame as bytes, to be unmarshalled there from memory: from a file, `marshal` calls `read` for each
    of its thousands of parts, which takes a fifth of what starting Python takes.
    """
    source = (Path(__file__).parent / "inside" / f"{name}.py").read_text("utf-8")
    return marshal.dumps(compile(source, f"<{name}>", "exec", dont_inherit=True, optimize=2))


def fresh_uid() -> int | None:
    """A uid of its own for each run, so that runs cannot reach each other; None where we may not change it.

    Root must: the kernel exempts it from RLIMIT_NPROC.
    """
    return FIRST_UID + (os.getpid() + next(_uids)) % UIDS if os.geteuid() == 0 else None


def rlimits(limits: Limits, cpu: int, *, own_uid: bool) -> list[tuple[str, int, int]]:
    memory = ("RLIMIT_AS", limits.memory_bytes)
    if limits.memory == "resident":
        memory = ("RLIMIT_DATA", limits.memory_bytes + STACKS)
    chosen = [
        ("RLIMIT_CPU", cpu, cpu + 1),  # SIGXCPU, and SIGKILL a second later for who ignores it
        (memory[0], memory[1], memory[1]),
        ("RLIMIT_FSIZE", limits.file_bytes, limits.file_bytes),
        ("RLIMIT_NOFILE", limits.open_files, limits.open_files),
        ("RLIMIT_CORE", 0, 0),
        ("RLIMIT_MEMLOCK", 0, 0),
        ("RLIMIT_MSGQUEUE", 0, 0),
    ]
    if own_uid:  # it counts all of a uid's threads: of no use where the uid is also the host's
        chosen.append(("RLIMIT_NPROC", limits.processes, limits.processes))
    return chosen


def harness_setup(
    limits: Limits, cpu: int, nonce: str, observations: int, uid: int | None, *, own_uid: bool
) -> dict[str, object]:
    return {
        "nonce": nonce,
        "observations": observations,
        "value_bytes": limits.value_bytes,
        "uid": uid,
        "rlimits": rlimits(limits, cpu, own_uid=own_uid),
    }


@cache
def filter_program(*, exec_allowed: bool, processes: bool = False) -> bytes:
    """`processes`: for a launcher, which starts compilers and the program; these get a filter without it (`launch`)."""
    try:
        return seccomp.program(processes=processes, exec_allowed=exec_allowed)
    except KeyError as error:
        raise SandboxUnavailable(
            f"no system call table for the processor {error}: x86_64 and aarch64 are known"
        ) from error


def temporary_folder(uid: int | None) -> str:
    folder = tempfile.mkdtemp(prefix="goals-run-")
    if uid is not None:
        os.chown(folder, uid, uid)
    return folder


def remove_folder(folder: str) -> None:
    """All of it, whatever the learner made there: `rm` and `chmod` walk by descriptor and never follow a link."""
    try:
        shutil.rmtree(folder)
    except (OSError, RecursionError):  # a folder without permissions, or nested a thousand deep
        subprocess.run(["chmod", "-R", "u+rwx", "--", folder], check=False, stderr=subprocess.DEVNULL)
        subprocess.run(["rm", "-rf", "--", folder], check=False, stderr=subprocess.DEVNULL)
