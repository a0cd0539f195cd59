"""Mode A: bubblewrap. Its own namespaces, a file system with next to nothing in it, and the seccomp deny-list."""

from __future__ import annotations

import contextlib
import json
import marshal
import os
import shutil
import signal
from functools import cache
from pathlib import Path

from shared.errors import SandboxUnavailable
from shared.sandbox.cage import BOOT, Cage, Pipes
from shared.sandbox.contract import Limits, Outcome
from shared.sandbox.interpreter import interpreter
from shared.sandbox.languages.language import Source, memory_of_all
from shared.sandbox.languages.table import tools
from shared.sandbox.start import INSTALL, Frames, code_of, filter_program, fresh_uid, harness_setup
from shared.sandbox.zygote import OBSERVATIONS, SPARES, Forked, Zygote

HOST_NAME = "sandbox"
TEMPORARY, ASIDE = "/tmp", "/goals-tools"  # noqa: S108 - the run's own


def _aside(more: tuple[str, ...]) -> dict[str, str]:
    """Where tools are shown that lie where the run's own folder hides them (a checkout in /tmp): links lead there."""
    return {path: f"{ASIDE}/{n}" for n, path in enumerate(more) if path.startswith(f"{TEMPORARY}/")}


@cache
def _view(more: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The file system inside: the interpreter, libc and `more` read-only, four devices, an empty /tmp, nothing else."""
    python = interpreter()
    aside = _aside(more)
    bound = {path: aside.get(path, path) for path in (python.executable, *python.folders, *more)}
    devices = [f"/dev/{name}" for name in ("null", "zero", "random", "urandom")]
    parents = {
        p
        for path in (*bound.values(), *devices, *(link for _, link in python.links))
        for p in map(str, Path(path).parents)
    }
    args: list[str] = []
    for folder in sorted(parents - {"/"}):
        args += ["--perms", "0755", "--dir", folder]
    for path, shown in bound.items():
        args += ["--ro-bind", path, shown]
    for target, link in python.links:
        args += ["--symlink", target, link]
    for device in devices:
        args += ["--dev-bind", device, device]
    return tuple(args)


@cache
def _program(path: str | None) -> str | None:
    return shutil.which("bwrap", path=path)


def _prepared(
    uid: int | None, capabilities: tuple[str, ...], limits: Limits, more: tuple[str, ...] = ()
) -> tuple[list[str], _Inner, int]:
    """The command up to `--`, what is known of its inner process, and the descriptor by which that is told."""
    program = _program(os.environ.get("PATH"))
    if program is None:
        raise SandboxUnavailable("bwrap is not on the PATH", hint=INSTALL)
    argv = [program, "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-cgroup-try"]
    argv += ["--unshare-uts", "--hostname", HOST_NAME]
    if uid is None:
        argv += ["--unshare-user", "--uid", "65534", "--gid", "65534"]
    else:  # no user namespace: its uid 65534 would be the host's root. The harness drops to `uid` and loses these
        argv += ["--cap-drop", "ALL"]
        capabilities += ("CAP_SETUID", "CAP_SETGID")
    for capability in capabilities:
        argv += ["--cap-add", capability]
    argv += ["--die-with-parent", "--new-session", "--clearenv", *_view(more)]
    argv += ["--perms", "1777", "--size", str(limits.temp_bytes), "--tmpfs", TEMPORARY]
    aside = _aside(more)
    for folder in sorted({p for path in aside for p in map(str, Path(path).parents)} - {"/", TEMPORARY}):
        argv += ["--perms", "0755", "--dir", folder]
    for path, shown in aside.items():
        argv += ["--symlink", shown, path]
    info_out, info_in = os.pipe()
    argv += ["--chdir", TEMPORARY, "--remount-ro", "/", "--info-fd", str(info_in)]
    return argv, _Inner(info_out, limits), info_in


def bubblewrap(limits: Limits, cpu: int, nonce: str, source: Source | None = None) -> tuple[Cage, Frames]:
    uid = fresh_uid()
    argv, inner, info = _prepared(uid, (), limits, source.readable if source else ())
    pipes = Pipes()
    rules_out, rules_in = os.pipe()
    os.write(rules_in, filter_program(exec_allowed=True, processes=source is not None))  # fits into the pipe
    os.close(rules_in)
    try:
        cage = Cage(
            [*argv, "--seccomp", str(rules_out), "--", interpreter().executable, "-I", "-S", "-c", BOOT],
            pass_fds=(rules_out, info),
            pipes=pipes,
            memory_bytes=memory_of_all(limits, source),
            kill=inner.kill,
            over=inner.over,
            cleanup=inner.close,
        )
    finally:
        os.close(rules_out)
        os.close(info)
    setup = harness_setup(limits, cpu, nonce, pipes.observations[1], uid, own_uid=True)
    if source:
        setup = source.setup(setup, limits, cpu)
    return cage, [marshal.dumps(code_of("harness")), marshal.dumps(setup)]


def bubblewrap_zygote(*, launching: bool = False) -> Zygote:
    """The process of all runs to come: it alone may make namespaces in here, and what it forks gives that up.

    `launching`: for runs in other languages, with the tools of all that are installed.
    """
    usual = Limits()
    more = tools() if launching else ()
    setup = {
        "links": list(_aside(more).items()),
        "namespaces": True,
        "seccomp": filter_program(exec_allowed=launching, processes=launching),
        "spares": SPARES,
        "temp_bytes": usual.temp_bytes,
        "temp_inodes": usual.temp_inodes,
    }
    argv, inner, info = _prepared(fresh_uid(), ("CAP_SYS_ADMIN",), usual, more)
    command = [*argv, "--", interpreter().executable, "-I", "-S", "-c", BOOT]
    try:
        return Zygote(command, setup, pass_fds=(info,), cleanup=inner.close)
    finally:
        os.close(info)


def bubblewrap_fork(
    zygote: Zygote, limits: Limits, cpu: int, nonce: str, source: Source | None = None
) -> tuple[Forked, Frames]:
    """Raises ZygoteGone when the zygote does not take it."""
    uid, pipes = fresh_uid(), Pipes()
    order = {"uid": uid, "temp_bytes": limits.temp_bytes, "temp_inodes": limits.temp_inodes}
    setup = harness_setup(limits, cpu, nonce, OBSERVATIONS, uid, own_uid=True)
    if source:
        setup = source.setup(setup, limits, cpu)
    memory = memory_of_all(limits, source) if source or limits.memory == "resident" else 0
    return zygote.fork(pipes, order, memory_bytes=memory), [marshal.dumps(setup)]


class _Inner:
    """Process 1 of the sandbox. Killing it ends the namespace, and leaves its parent to reap it: no zombie."""

    def __init__(self, info: int, limits: Limits) -> None:
        os.set_blocking(info, False)
        self._info, self._limits = info, limits
        self._pid: int | None = None

    def _known(self) -> int | None:
        if self._pid is None:
            try:
                self._pid = int(json.loads(os.read(self._info, 4096))["child-pid"])
            except (OSError, ValueError, KeyError):
                return None
        return self._pid

    def kill(self, outer: int) -> None:
        pid = self._known()
        os.kill(pid if pid is not None and _parent(pid) == outer else outer, signal.SIGKILL)

    def over(self) -> Outcome | None:
        """Too many inodes in /tmp: tmpfs bounds its bytes by itself. Never follows a name the learner could make."""
        pid = self._known()
        try:
            fd = os.open(f"/proc/{pid}/root{TEMPORARY}", os.O_PATH | os.O_NOFOLLOW | os.O_DIRECTORY)
        except OSError:
            return None  # it has just ended
        try:
            usage = os.fstatvfs(fd)
        finally:
            os.close(fd)
        return "files" if 0 < self._limits.temp_inodes < usage.f_files - usage.f_ffree else None

    def close(self) -> None:
        """Where we are process 1 of a container, the sandbox's first process becomes our child when its parent ends."""
        pid = self._known()
        os.close(self._info)
        if pid is not None:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _parent(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[1])
    except (OSError, ValueError):
        return None
