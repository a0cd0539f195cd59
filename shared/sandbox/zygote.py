"""The host's side of a warm process (`inside/zygote.py`): start it, fork runs from it, end it."""

from __future__ import annotations

import contextlib
import marshal
import os
import queue
import select
import signal
import socket
import struct
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence

from shared.errors import SandboxUnavailable
from shared.sandbox.cage import GRACE, Pipes
from shared.sandbox.contract import Outcome
from shared.sandbox.start import code_of
from shared.sandbox.together import Together

OBSERVATIONS, LIFETIME = 3, 4
"""The descriptors a forked run finds these at."""

SPARES = 2
"""Processes forked ahead of the runs that will take them."""

START_SECONDS = 10.0


class ZygoteGone(Exception):
    """It does not take requests: another must be started. Nothing was run."""


class Zygote:
    """Raises SandboxUnavailable when it does not come up. `fork` from any thread."""

    def __init__(
        self,
        argv: Sequence[str],
        setup: Mapping[str, object],
        *,
        pass_fds: Sequence[int] = (),
        cleanup: Callable[[], None] = lambda: None,
    ) -> None:
        self._cleanup = cleanup
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        boot_out, boot_in = os.pipe()
        self._stderr, stderr = os.pipe()
        started: queue.SimpleQueue[subprocess.Popen[bytes] | OSError] = queue.SimpleQueue()
        # A thread of its own, because bubblewrap ends with the thread that started it; it also reaps.
        self._keeper = threading.Thread(
            target=_keep,
            args=(started, argv, boot_out, stderr, (theirs.fileno(), *pass_fds)),
            name="zygote",
            daemon=True,
        )
        self._keeper.start()
        process = started.get()
        requests = theirs.fileno()
        theirs.close()
        os.close(boot_out)
        os.close(stderr)
        if isinstance(process, OSError):
            self._give_back(boot_in)
            raise SandboxUnavailable(f"{argv[0]} did not start: {process}") from process
        self.pid = process.pid
        codes = {"confine": code_of("confine"), "harness": code_of("harness"), "requests": requests}
        try:
            with contextlib.suppress(BrokenPipeError):  # then it says why on stderr
                _write(boot_in, marshal.dumps(code_of("zygote")) + marshal.dumps({**setup, **codes}))
            self._await_ready()
        except SandboxUnavailable:
            self.close()
            raise
        finally:
            os.close(boot_in)

    def _await_ready(self) -> None:
        if select.select([self._requests], [], [], START_SECONDS)[0] and self._requests.recv(16) == b"ready":
            return
        said = os.read(self._stderr, 4096) if select.select([self._stderr], [], [], 0)[0] else b""
        raise SandboxUnavailable(f"the warm process did not start: {said.decode('utf-8', 'replace').strip()[-400:]}")

    @property
    def alive(self) -> bool:
        return self._keeper.is_alive()

    def fork(
        self,
        pipes: Pipes,
        order: Mapping[str, object],
        *,
        lifetime: int | None = None,
        memory_bytes: int = 0,
        end: Callable[[], None] | None = None,
        cleanup: Callable[[], None] = lambda: None,
        ended_by: Mapping[int, Outcome] | None = None,
    ) -> Forked:
        """A run's process, with these pipes. `end`: how this mode ends it, when not by the zygote's hand.

        `memory_bytes`: for all its processes together, where it can have several or its address space says nothing.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        given = [pipes.control[0], pipes.stdout[1], pipes.stderr[1], pipes.observations[1], theirs.fileno()]
        try:
            socket.send_fds(
                self._requests,
                [marshal.dumps({**order, "told": memory_bytes > 0})],
                given if lifetime is None else [*given, lifetime],
            )
        except OSError as error:
            pipes.close_ours()
            ours.close()
            cleanup()
            raise ZygoteGone(str(error)) from error
        finally:
            theirs.close()
            pipes.close_theirs()
        return Forked(self, pipes, ours, end, cleanup, ended_by or {}, memory_bytes)

    def kill(self) -> None:
        """At once, with all that was forked from it."""
        if self._keeper.is_alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """Ends it and what was forked from it, and gives everything back."""
        self._requests.close()  # it reads the end and exits
        self._keeper.join(GRACE)
        self.kill()
        self._keeper.join(GRACE)
        self._give_back()

    def _give_back(self, *more: int) -> None:
        self._requests.close()
        for fd in (self._stderr, *more):
            os.close(fd)
        self._cleanup()


class Forked:
    """A run's process as the host sees it: as `cage.Cage`, but the zygote is its parent and says how it ended."""

    def __init__(
        self,
        zygote: Zygote,
        pipes: Pipes,
        status: socket.socket,
        end: Callable[[], None] | None,
        cleanup: Callable[[], None],
        ended_by: Mapping[int, Outcome],
        memory_bytes: int,
    ) -> None:
        self.pipes, self.ended_by = pipes, ended_by
        self.code: int | None = None
        self._zygote, self._status, self._cleanup = zygote, status, cleanup
        self._end = end or self._ask_for_the_end
        self._lock = threading.Lock()
        self._closed = False
        self._together, self._to_be_told = Together(memory_bytes), memory_bytes > 0
        for fd in (pipes.control[1], pipes.stdout[0], pipes.stderr[0], pipes.observations[0]):
            os.set_blocking(fd, False)

    def hold(self) -> None:
        """By the zygote's word which process is the run's: it sends a handle, whose number we read as ours."""
        if self._to_be_told and (root := self._told(GRACE)):
            self._together.hold(root)

    def over(self) -> Outcome | None:
        """Only what all its processes hold together: the rest is kept inside, by tmpfs or by the launcher."""
        return self._together.over()

    def _told(self, timeout: float) -> int | None:
        """The number of the run's first process; None where the zygote has not told it in time, or has ended."""
        if not select.select([self._status], [], [], timeout)[0]:
            return None
        self._to_be_told = False
        _, handles, _, _ = socket.recv_fds(self._status, 1, 1)
        for handle in handles:
            with open(f"/proc/self/fdinfo/{handle}") as told:  # noqa: PTH123
                number = next(int(line.split()[1]) for line in told if line.startswith("Pid:"))
            os.close(handle)
            return max(0, number)  # -1: it has ended
        return None

    def gone(self, timeout: float) -> bool:
        """Waits up to `timeout` seconds for the end. Raises SandboxUnavailable when the zygote ended before the run."""
        if self.code is None and self._to_be_told:
            self._told(timeout)
        if self.code is None and not self._to_be_told and select.select([self._status], [], [], timeout)[0]:
            said = self._status.recv(4)
            if len(said) != 4:
                raise SandboxUnavailable("the warm process of the sandbox ended in the middle of a run: try again")
            (self.code,) = struct.unpack("i", said)
        return self.code is not None

    def kill(self) -> None:
        with self._lock:
            if self.code is None and not self._closed:
                self._end()

    def _ask_for_the_end(self) -> None:
        with contextlib.suppress(OSError):
            self._status.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self.kill()
        try:
            ended = self.gone(GRACE)
        except SandboxUnavailable:
            # Whoever waits for a result has been told. What the zygote forked ends with it: its last pipe says when.
            ended = bool(select.select([self.pipes.observations[0]], [], [], GRACE)[0])
        if not ended:  # it no longer does what it is told
            self._zygote.kill()
        with self._lock:
            self._closed = True
            self._status.close()
        self._together.close()
        self.pipes.close_ours()
        self._cleanup()


def _keep(
    started: queue.SimpleQueue[subprocess.Popen[bytes] | OSError],
    argv: Sequence[str],
    boot: int,
    stderr: int,
    pass_fds: Sequence[int],
) -> None:
    try:
        process = subprocess.Popen(
            argv,
            stdin=boot,
            stdout=stderr,  # a pipe, as the runs' own will be: Python's stdout remembers whether it can seek
            stderr=stderr,
            pass_fds=pass_fds,
            env={},
            cwd="/",
            start_new_session=True,
        )
    except OSError as error:
        started.put(error)
        return
    started.put(process)
    process.wait()


def _write(fd: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(fd, view) :]
