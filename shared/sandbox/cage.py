"""One confined process as the host sees it: four pipes, a way to end all of it, and the way it ended."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from shared.errors import SandboxUnavailable
from shared.sandbox.contract import Outcome
from shared.sandbox.together import Together

GRACE = 2.0
"""Seconds a killed cage may take until it is gone; beyond that the machine is at fault."""

BOOT = "import marshal,posix\nc=open(posix.dup(0),'rb')\nn={}\nexec(marshal.loads(marshal.load(c)),n)\nn['main'](c)"
"""All a mode starts in Python: code and orders come as marshal frames on stdin (from us to the sandbox, never back)."""


@dataclass(slots=True)
class Pipes:
    """Both ends of the four pipes. The host keeps `control` (writes) and reads the others, all non-blocking."""

    control: tuple[int, int] = field(default_factory=os.pipe)
    stdout: tuple[int, int] = field(default_factory=os.pipe)
    stderr: tuple[int, int] = field(default_factory=os.pipe)
    observations: tuple[int, int] = field(default_factory=os.pipe)

    def close_theirs(self) -> None:
        for fd in (self.control[0], self.stdout[1], self.stderr[1], self.observations[1]):
            os.close(fd)

    def close_ours(self) -> None:
        for fd in (self.control[1], self.stdout[0], self.stderr[0], self.observations[0]):
            os.close(fd)


class Confined(Protocol):
    """What a run needs of its process, started for it (`Cage`) or forked from a warm one (`warm.Forked`)."""

    pipes: Pipes
    code: int | None
    ended_by: Mapping[int, Outcome]

    def hold(self) -> None:
        """It has come up: from now on all its processes are bounded together, where the machine can."""
        ...

    def over(self) -> Outcome | None:
        """Which bound is broken that nothing inside keeps; asked every 50 ms."""
        ...

    def gone(self, timeout: float) -> bool: ...

    def kill(self) -> None: ...

    def close(self) -> None: ...


class Cage:
    """`ended_by` maps this mode's own exit codes to outcomes. `over` is asked every 50 ms which bound is broken;
    `memory_bytes` bounds all processes together (0: only the kernel bounds each)."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        pass_fds: Sequence[int] = (),
        pipes: Pipes,
        kill: Callable[[int], None],
        over: Callable[[], Outcome | None] = lambda: None,
        memory_bytes: int = 0,
        cleanup: Callable[[], None] = lambda: None,
        ended_by: Mapping[int, Outcome] | None = None,
        cwd: str = "/",
    ) -> None:
        self.pipes = pipes
        self.ended_by: Mapping[int, Outcome] = ended_by or {}
        self.code: int | None = None
        self._together = Together(memory_bytes)
        self._over, self._kill, self._cleanup = over, kill, cleanup
        self._lock = threading.Lock()
        try:
            self._process = subprocess.Popen(
                argv,
                stdin=pipes.control[0],
                stdout=pipes.stdout[1],
                stderr=pipes.stderr[1],
                pass_fds=(pipes.observations[1], *pass_fds),
                env={},
                cwd=cwd,
                start_new_session=True,
            )
        except OSError as error:
            pipes.close_theirs()
            pipes.close_ours()
            cleanup()
            raise SandboxUnavailable(f"{argv[0]} did not start: {error}") from error
        pipes.close_theirs()
        self._pidfd = os.pidfd_open(self._process.pid)
        for fd in (pipes.control[1], pipes.stdout[0], pipes.stderr[0], pipes.observations[0]):
            os.set_blocking(fd, False)

    def hold(self) -> None:
        self._together.hold(self._process.pid)

    def over(self) -> Outcome | None:
        return self._over() or self._together.over()

    def gone(self, timeout: float) -> bool:
        """Waits up to `timeout` seconds for the end; then `code` (128 + signal when killed) is known."""
        if self.code is None and select.select([self._pidfd], [], [], timeout)[0]:
            with self._lock:
                _, status = os.waitpid(self._process.pid, 0)
                killed = os.WIFSIGNALED(status)
                self.code = 128 + os.WTERMSIG(status) if killed else os.WEXITSTATUS(status)
            self._process.returncode = self.code
        return self.code is not None

    def kill(self) -> None:
        """Ends every process of the run; may be called from any thread, at any time, more than once."""
        with self._lock, contextlib.suppress(ProcessLookupError):
            if self.code is None:  # not reaped: the number is still this process's
                self._kill(self._process.pid)

    def close(self) -> None:
        """Kills what lives, reaps, closes descriptors, removes files. Raises SandboxUnavailable if it cannot."""
        self.kill()
        if not self.gone(GRACE):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        ended = self.gone(GRACE)
        self._together.close()
        os.close(self._pidfd)
        self.pipes.close_ours()
        self._cleanup()
        if not ended:
            raise SandboxUnavailable(f"process {self._process.pid} could not be ended: look at it on this machine")
