"""The warm fork server: Python started once, the harness compiled once, a new confined process for each run by fork.

It never runs or reads a learner's code: a run's pipes come in with the request and go to the child, which reads its
orders itself. Each request is one datagram (marshal) with five descriptors: control, stdout, stderr, observations and
status, and in the Landlock mode `lifetime`. What the zygote says: `ready` once, then for each run its exit code on
`status` (4 bytes; 128 + signal when killed). A `status` that the host shuts down ends a run with namespaces.

In the namespaces mode a run is two processes: the first makes the namespaces and, as their process 1, waits; the second
is the learner's. So the learner is not process 1 (to which signals do not apply), and what it leaves behind dies.

Sources: pid_namespaces(7), user_namespaces(7), setns(2) (by pidfd, since /proc is not there), capset(2).
"""

# ruff: noqa: S302, SIM105 - marshal comes from the host only; contextlib costs a millisecond of every run

from __future__ import annotations

import _socket
import ctypes
import gc
import marshal
import os
import select
import struct

TYPE_CHECKING = False  # as in typing, whose import costs as much as starting Python
if TYPE_CHECKING:
    from typing import Any

NEW_MOUNTS, NEW_UTS, NEW_IPC, NEW_USER, NEW_PID, NEW_NET = 1 << 17, 1 << 26, 1 << 27, 1 << 28, 1 << 29, 1 << 30
NO_SUID, NO_DEV = 2, 4
SET_PDEATHSIG, SET_DUMPABLE, SIGKILL = 1, 4, 9
OBSERVATIONS, LIFETIME = 3, 4
MOST = 6  # descriptors in a request

libc = ctypes.CDLL(None, use_errno=True)


def checked(result: int, what: str) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


class Zygote:
    def __init__(self, setup: dict[str, Any]) -> None:
        self.setup = setup
        self.requests = _socket.socket(fileno=setup["requests"])
        self.confine: dict[str, Any] = {}
        self.harness: dict[str, Any] = {}
        exec(setup["confine"], self.confine)  # noqa: S102 - our own code, sent by the host
        exec(setup["harness"], self.harness)  # noqa: S102
        self.me = os.pidfd_open(os.getpid())
        self.poll = select.poll()
        self.poll.register(self.requests.fileno(), select.POLLIN)
        self.by_status: dict[int, int] = {}
        self.by_pidfd: dict[int, tuple[int, int]] = {}

    def serve(self) -> None:
        self.requests.send(b"ready")
        while True:
            for fd, _ in self.poll.poll():
                if fd == self.requests.fileno():
                    self.begin()
                elif fd in self.by_pidfd:
                    self.reap(fd)
                elif fd in self.by_status:  # the host wants the end. Not reaped, so the number is still the run's
                    self.poll.unregister(fd)
                    os.kill(self.by_status[fd], SIGKILL)

    def begin(self) -> None:
        message, ancillary, _, _ = self.requests.recvmsg(4096, _socket.CMSG_SPACE(4 * MOST))
        if not message:
            self.leave()
        fds = [number for _, _, data in ancillary for (number,) in struct.iter_unpack("i", data)]
        status = fds[4]
        pid = self.fork(fds, marshal.loads(message))
        pidfd = os.pidfd_open(pid)
        for fd in fds:
            if fd != status:
                os.close(fd)  # `lifetime` too: the launcher alone must see its end
        self.by_pidfd[pidfd] = pid, status
        if self.setup["namespaces"]:  # a launcher has its `lifetime`, and must live to reap what it forked
            self.by_status[status] = pid
            self.poll.register(status, select.POLLIN)
        self.poll.register(pidfd, select.POLLIN)

    def leave(self) -> None:
        """The host is gone or wants our end. Runs end with us; launchers end theirs and are waited for, to reap all."""
        if not self.setup["namespaces"]:
            self.poll.unregister(self.requests.fileno())
            while self.by_pidfd and (ready := self.poll.poll(2000)):
                for fd, _ in ready:
                    self.reap(fd)
        os._exit(0)

    def reap(self, pidfd: int) -> None:
        pid, status = self.by_pidfd.pop(pidfd)
        _, ended = os.waitpid(pid, 0)
        code = 128 + os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else os.WEXITSTATUS(ended)
        if self.by_status.pop(status, None) is not None:
            try:
                self.poll.unregister(status)
            except KeyError:
                pass  # the host has asked for the end before
        try:
            os.write(status, struct.pack("i", code))
        except OSError:
            pass  # the host no longer listens
        self.poll.unregister(pidfd)
        os.close(pidfd)
        os.close(status)

    def fork(self, fds: list[int], order: dict[str, Any]) -> int:
        """The run's first process; with namespaces, process 1 of its own."""
        namespaces = self.setup["namespaces"]
        if namespaces:
            checked(libc.unshare(NEW_PID), "new process namespace")
        zygote = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                keep(fds)
                self.first(order) if namespaces else self.launcher(zygote)
            except BaseException as error:  # noqa: BLE001 - said on stderr, where the host looks for it
                os.write(2, f"{type(error).__name__}: {error}\n".encode())
            finally:
                os._exit(1)
        if namespaces:
            checked(libc.setns(self.me, NEW_PID), "back to our own process namespace")
        return pid

    def launcher(self, zygote: int) -> None:
        """Looks itself whether we live: killed by our death it would leave the learner to process 1 to reap."""
        control = open(os.dup(0), "rb")  # noqa: PTH123, SIM115 - read until the run ends
        self.confine["launch"](control, marshal.load(control) | {"parent": zygote}, self.harness)

    def first(self, order: dict[str, Any]) -> None:
        self.confine["prctl"](SET_PDEATHSIG, SIGKILL)
        checked(libc.unshare(NEW_MOUNTS | NEW_IPC | NEW_UTS | NEW_NET), "new namespaces")
        options = f"size={order['temp_bytes']},nr_inodes={order['temp_inodes'] + 1},mode=1777".encode()
        checked(libc.mount(b"tmpfs", b"/tmp", b"tmpfs", ctypes.c_ulong(NO_SUID | NO_DEV), options), "/tmp")  # noqa: S108
        os.chdir("/tmp")  # noqa: S108
        learner = os.fork()
        if learner == 0:
            self.second(order)
        os.closerange(0, OBSERVATIONS + 1)
        while True:
            pid, status = os.waitpid(-1, 0)
            if pid == learner:
                os._exit(128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))

    def second(self, order: dict[str, Any]) -> None:
        """From here to the learner's program nothing but restrictions; the harness adds uid and limits."""
        if order["uid"] is None:
            # No uid of its own to change to. A user namespace of its own, where no uid is mapped, has its own count of
            # processes, and without capabilities the learner cannot come back from it.
            checked(libc.unshare(NEW_USER), "new user namespace")
            without_capabilities()
        self.confine["prctl"](self.confine["SET_NO_NEW_PRIVS"], 1)
        self.confine["seccomp"](self.setup["seccomp"])
        self.harness["main"](open(os.dup(0), "rb"))  # noqa: PTH123, SIM115 - read until the run ends


def keep(fds: list[int]) -> None:
    """The run's own pipes as 0 to 4 (never `status`), and no other descriptor of ours."""
    mine = [fd for n, fd in enumerate(fds) if n != 4]
    for target, fd in enumerate(mine):
        os.dup2(fd, target)
    os.closerange(len(mine), 4096)


def without_capabilities() -> None:
    header = ctypes.create_string_buffer(struct.pack("=Ii", 0x20080522, 0))  # _LINUX_CAPABILITY_VERSION_3
    checked(libc.capset(header, ctypes.create_string_buffer(24)), "capset")


def main(control: Any) -> None:
    setup = marshal.load(control)
    control.close()
    null = os.open("/dev/null", os.O_RDWR)
    zygote = Zygote(setup)
    for fd in range(LIFETIME + 1):  # what a request brings gets numbers above those it is moved to
        try:
            os.fstat(fd)
        except OSError:
            os.dup2(null, fd)
    if setup["namespaces"]:
        zygote.confine["prctl"](SET_DUMPABLE, 0)
    zygote.harness["ready_made"]()
    gc.collect()
    gc.freeze()
    zygote.serve()
