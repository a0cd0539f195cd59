"""The warm fork server: Python started once, the harness compiled once, a new confined process for each run by fork.

It never runs or reads a learner's code: a run's pipes come in with the request and go to the child, which reads its
orders itself. Each request is one datagram (marshal) with five descriptors: control, stdout, stderr, observations and
status, and in the Landlock mode `lifetime`. What the zygote says: `ready` once, then for each run its exit code on
`status` (4 bytes; 128 + signal when killed), before it, where the order asks to be `told`, one byte with a handle
(pidfd) of the run's first process. A `status` that the host shuts down ends a run with namespaces.

Processes are forked ahead (*spares*): with namespaces already made, or as a launcher that waits, so that a run only
hands over its pipes. A spare is for one run, and holds nothing of any: it was forked before the run was asked for, by
a process that has never read one. Where no spare is left a run's process is forked when it is asked for.

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

NEW_MOUNTS, NEW_IPC, NEW_USER, NEW_PID, NEW_NET = 1 << 17, 1 << 27, 1 << 28, 1 << 29, 1 << 30
NO_SUID, NO_DEV, REMOUNT = 2, 4, 32
SET_PDEATHSIG, SET_DUMPABLE, SIGKILL = 1, 4, 9
OBSERVATIONS, LIFETIME = 3, 4
MOST = 6  # descriptors in a request
LONGEST = 4096  # bytes of one
QUIET_MS = 2  # without a request or an end, before a spare is made: not while a run is being handed its pipes

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
        exec(marshal.loads(setup["confine"]), self.confine)  # noqa: S102 - our own code, sent by the host
        exec(marshal.loads(setup["harness"]), self.harness)  # noqa: S102
        self.me = os.pidfd_open(os.getpid())
        self.poll = select.poll()
        self.poll.register(self.requests.fileno(), select.POLLIN)
        self.by_status: dict[int, int] = {}
        self.by_pidfd: dict[int, tuple[int, int]] = {}
        self.spares: dict[int, _socket.socket] = {}  # by pidfd
        self.wanted: int = setup["spares"]

    def serve(self) -> None:
        self.requests.send(b"ready")
        while True:
            ready = self.poll.poll(QUIET_MS if len(self.spares) < self.wanted else None)
            if not ready:
                self.prepare()
            for fd, _ in ready:
                if fd == self.requests.fileno():
                    self.begin()
                elif fd in self.by_pidfd:
                    self.reap(fd)
                elif fd in self.by_status:  # the host wants the end. Not reaped, so the number is still the run's
                    self.poll.unregister(fd)
                    os.kill(self.by_status[fd], SIGKILL)

    def begin(self) -> None:
        message, fds = received(self.requests)
        if not message:
            self.leave()
        status = fds.pop(4)
        pidfd = self.handed(message, fds) or self.fork((message, fds))
        for fd in fds:
            os.close(fd)  # `lifetime` too: the launcher alone must see its end
        pid, _ = self.by_pidfd[pidfd]
        self.by_pidfd[pidfd] = pid, status
        if marshal.loads(message)["told"]:
            tell(status, pidfd)
        if self.setup["namespaces"]:  # a launcher has its `lifetime`, and must live to reap what it forked
            self.by_status[status] = pid
            self.poll.register(status, select.POLLIN)

    def handed(self, message: bytes, fds: list[int]) -> int:
        """The pidfd of the spare that took this run; 0 where there is none."""
        while self.spares:
            pidfd = next(iter(self.spares))  # the oldest: it is surely ready
            waiting = self.spares.pop(pidfd)
            try:
                rights = struct.pack(f"{len(fds)}i", *fds)
                waiting.sendmsg([message], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, rights)])
            except OSError:
                continue  # it has ended, and will be reaped
            finally:
                waiting.close()
            return pidfd
        return 0

    def prepare(self) -> None:
        ours, theirs = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
        self.spares[self.fork(theirs)] = ours
        theirs.close()

    def leave(self) -> None:
        """The host is gone or wants our end. Runs end with us; launchers end theirs and are waited for, to reap all."""
        for waiting in self.spares.values():
            waiting.close()
        if not self.setup["namespaces"]:
            self.poll.unregister(self.requests.fileno())
            while self.by_pidfd and (ready := self.poll.poll(2000)):
                for fd, _ in ready:
                    self.reap(fd)
        os._exit(0)

    def reap(self, pidfd: int) -> None:
        pid, status = self.by_pidfd.pop(pidfd)
        _, ended = os.waitpid(pid, 0)
        if status < 0:
            if (spare := self.spares.pop(pidfd, None)) is not None:
                spare.close()
                self.wanted = 0  # none can be made: no more are tried
            self.poll.unregister(pidfd)
            os.close(pidfd)
            return
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

    def fork(self, given: _socket.socket | tuple[bytes, list[int]]) -> int:
        """The pidfd of the run's first process; with namespaces, process 1 of its own.

        `given`: the run's order and pipes, or from where a spare will have them.
        """
        namespaces = self.setup["namespaces"]
        if namespaces:
            checked(libc.unshare(NEW_PID), "new process namespace")
        zygote = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                if isinstance(given, tuple):
                    keep(given[1])
                else:
                    os.closerange(LIFETIME + 1, given.fileno())
                    os.closerange(given.fileno() + 1, 4096)
                self.first(given) if namespaces else self.launcher(zygote, given)
            except BaseException as error:  # noqa: BLE001 - said on stderr, where the host looks for it
                os.write(2, f"{type(error).__name__}: {error}\n".encode())
            finally:
                os._exit(1)
        if namespaces:
            checked(libc.setns(self.me, NEW_PID), "back to our own process namespace")
        pidfd = os.pidfd_open(pid)
        self.by_pidfd[pidfd] = pid, -1
        self.poll.register(pidfd, select.POLLIN)
        return pidfd

    def launcher(self, zygote: int, given: Any) -> None:
        """Looks itself whether we live: killed by our death it would leave the learner to process 1 to reap."""
        order_of(given)
        control = open(os.dup(0), "rb")  # noqa: PTH123, SIM115 - read until the run ends
        self.confine["launch"](control, marshal.load(control) | {"parent": zygote}, self.harness)

    def first(self, given: Any) -> None:
        self.confine["prctl"](SET_PDEATHSIG, SIGKILL)
        checked(libc.unshare(NEW_MOUNTS | NEW_IPC | NEW_NET), "new namespaces")
        bounds = self.setup["temp_bytes"], self.setup["temp_inodes"]
        temporary(bounds, 0)
        linked(self.setup["links"])
        os.chdir("/tmp")  # noqa: S108
        learner = os.fork()
        if learner == 0:
            order = order_of(given)
            if (order["temp_bytes"], order["temp_inodes"]) != bounds:
                temporary((order["temp_bytes"], order["temp_inodes"]), REMOUNT)
            self.second(order)
        without_capabilities()
        os.closerange(0, 4096)
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


def tell(status: int, pidfd: int) -> None:
    """Which process is the run's, as a handle: its number is another one outside."""
    line = _socket.socket(fileno=status)
    try:
        line.sendmsg([b"p"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, struct.pack("i", pidfd))])
    except OSError:
        pass  # the host no longer listens
    finally:
        line.detach()


def received(source: _socket.socket) -> tuple[bytes, list[int]]:
    message, ancillary, _, _ = source.recvmsg(LONGEST, _socket.CMSG_SPACE(4 * MOST))
    return message, [number for _, _, data in ancillary for (number,) in struct.iter_unpack("i", data)]


def order_of(given: Any) -> dict[str, Any]:
    """The run's order, whose pipes are now 0 to 4; a spare waits for it, and ends when none will come."""
    if isinstance(given, tuple):
        message = given[0]
    else:
        message, fds = received(given)
        if not message:
            os._exit(0)
        keep(fds)
    order: dict[str, Any] = marshal.loads(message)
    return order


def temporary(bounds: tuple[int, int], flags: int) -> None:
    options = f"size={bounds[0]},nr_inodes={bounds[1] + 1},mode=1777".encode()
    flags |= NO_SUID | NO_DEV
    checked(libc.mount(b"tmpfs", b"/tmp", b"tmpfs", ctypes.c_ulong(flags), options), "/tmp")  # noqa: S108


def linked(links: list[tuple[str, str]]) -> None:
    """Tools that lie below the folder just hidden are found at their paths all the same."""
    mask = os.umask(0o022)
    for path, shown in links:
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120 - pathlib is slow to import
        os.symlink(shown, path)  # noqa: PTH211
    os.umask(mask)


def keep(mine: list[int]) -> None:
    """The run's own pipes as 0 to 4, and no other descriptor of ours."""
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
