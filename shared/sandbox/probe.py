"""What this machine can do, found out by doing it: a probe runs a program that tries to get out."""

from __future__ import annotations

import ctypes
import os
import socket
import tempfile
from functools import cache

from shared.errors import SandboxUnavailable
from shared.sandbox.cgroup import found
from shared.sandbox.contract import Call, Capability, Limits, Mode
from shared.sandbox.modes import WARM
from shared.sandbox.run import Plan, Run
from shared.sandbox.start import INSTALL
from shared.sandbox.warm import Warm

NEEDED_ABI = 6
"""Landlock from Linux 6.12: signals and abstract sockets are scoped. Below it a learner could signal our processes."""

PROGRAM = """
def answer(n):
    return n + 1

def read(path):
    with open(path) as file:
        return file.read()

def connect(port):
    import socket
    socket.create_connection(("127.0.0.1", port), 1).close()
    return "connected"
"""


@cache
def landlock_abi() -> int:
    """The kernel's Landlock ABI; 0 where there is none (LANDLOCK_CREATE_RULESET_VERSION)."""
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, int(libc.syscall(ctypes.c_long(444), None, ctypes.c_size_t(0), ctypes.c_uint32(1))))


@cache
def probe() -> Capability:
    """The strongest mode that holds here; `refuse`, with what to install, when none does. Asked once a process."""
    weaker: list[str] = []
    modes: tuple[Mode, ...] = ("bubblewrap", "landlock")
    for mode in modes:
        found = probe_mode(mode)
        if found.mode != "refuse":
            return Capability(found.mode, found.landlock_abi, "; ".join([*weaker, found.detail]))
        weaker.append(found.detail)
    return Capability("refuse", landlock_abi(), f"{'; '.join(weaker)}: {INSTALL}")


@cache
def probe_mode(mode: Mode) -> Capability:
    """Whether `mode` starts, answers, and keeps a program from a file of ours and from a port of ours."""
    abi = landlock_abi()
    if mode == "none":
        return Capability("none", abi, "no walls: for a single user's own code on their own machine")
    if mode == "landlock" and abi < NEEDED_ABI:
        return Capability("refuse", abi, f"landlock: the kernel has ABI {abi}, {NEEDED_ABI} is needed")
    try:
        escaped = _escapes(Capability(mode, abi, ""))
    except SandboxUnavailable as error:
        return Capability("refuse", abi, f"{mode}: {error.detail}")
    if escaped:
        return Capability("refuse", abi, f"{mode} does not hold here: {escaped}")
    return Capability(mode, abi, f"{mode} holds; {found()[1]}")


@cache
def warm_holds(mode: Mode) -> bool:
    """Whether runs forked from a warm process hold as cold ones do; found out in the same way, once a process."""
    if mode not in WARM:
        return False
    warm = Warm(mode)
    try:
        return not _escapes(Capability(mode, landlock_abi(), ""), warm)
    except SandboxUnavailable:
        return False
    finally:
        warm.close()


def _escapes(capability: Capability, warm: Warm | None = None) -> str:
    """Empty when it holds, else what went wrong."""
    with tempfile.NamedTemporaryFile("w", suffix=".probe") as secret, socket.create_server(("127.0.0.1", 0)) as server:
        os.fchmod(secret.fileno(), 0o644)
        secret.write("outside")
        secret.flush()
        calls = [
            Call("answer", "answer", (41,)),
            Call("read", "read", (secret.name,)),
            Call("connect", "connect", (server.getsockname()[1],)),
        ]
        with Run(Plan(PROGRAM, tuple(calls), Limits(), capability, warm)) as run:
            answer, reading, connecting = run
    if warm and not answer.warm:
        return "no warm process could be had"
    if answer.outcome != "returned" or answer.value != 42:
        return f"a harmless program did not run ({answer.outcome})"
    if reading.outcome == "returned":
        return "a file outside could be read"
    if connecting.outcome == "returned":
        return "the network could be reached"
    return ""
