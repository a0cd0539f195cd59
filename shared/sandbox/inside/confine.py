"""The Landlock mode's launcher: forks, locks the child in, and outlives it to leave nothing behind.

It stays outside the sandbox (another uid where we are root; out of reach by Landlock's scopes where we are not). It
ends the child's whole process group when the host closes `lifetime` or dies, when the temporary folder is over its
bounds or there are too many threads, and reaps every orphan. The child cannot leave the group (seccomp).

Sources: linux/landlock.h (ABI 6), Documentation/userspace-api/landlock.rst; prctl(2); seccomp(2).
"""

# ruff: noqa: S302, SIM105 - marshal comes from the host only; contextlib costs a millisecond of every run

from __future__ import annotations

import ctypes
import marshal
import os
import select
import struct
import sys

TYPE_CHECKING = False  # as in typing, whose import costs as much as starting Python
if TYPE_CHECKING:
    from typing import Any, BinaryIO

CREATE, ADD_RULE, RESTRICT = 444, 445, 446  # the same numbers on every architecture
ALL_FS = (1 << 16) - 1  # every right of ABI 5 and 6: handled, so refused unless a rule gives it
READ_FILE, READ_DIR, EXECUTE, WRITE_FILE = 1 << 2, 1 << 3, 1 << 0, 1 << 1
MAKE_DEVICES = 1 << 6 | 1 << 9 | 1 << 11  # character, socket, block
REFER, IOCTL = 1 << 13, 1 << 15
ALL_TCP, ALL_SCOPES = 0b11, 0b11  # bind, connect; abstract sockets, signals
SET_PDEATHSIG, SET_NO_NEW_PRIVS, SET_SECCOMP, SET_SUBREAPER = 1, 38, 22, 36
SIGKILL = 9  # the signal module imports enum: 3 ms
TICK = 0.05
FILES, PROCESSES = 200, 201  # exit codes: why the launcher ended the child

libc = ctypes.CDLL(None, use_errno=True)


def checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def syscall(number: int, *args: Any) -> int:
    return checked(libc.syscall(ctypes.c_long(number), *args), f"syscall {number}")


def prctl(option: int, argument: int) -> None:
    checked(libc.prctl(option, ctypes.c_ulong(argument), *[ctypes.c_ulong(0)] * 3), f"prctl {option}")


def landlock(readable: list[int], files: list[int], writable: int, *, executable: bool) -> None:
    """From here on: read beneath `readable`, write `files` (devices), all but devices beneath `writable`, and run what
    is there only if `executable` (what a compiler makes). No TCP."""
    attributes = struct.pack("=QQQ", ALL_FS, ALL_TCP, ALL_SCOPES)
    ruleset = syscall(CREATE, attributes, ctypes.c_size_t(len(attributes)), 0)
    grants = [(fd, READ_FILE | READ_DIR | EXECUTE) for fd in readable]
    grants += [(fd, READ_FILE | WRITE_FILE) for fd in files]
    grants += [(writable, ALL_FS & ~(MAKE_DEVICES | REFER | IOCTL | (0 if executable else EXECUTE)))]
    for fd, rights in grants:
        if not os.path.isdir(f"/proc/self/fd/{fd}"):  # noqa: PTH112 - pathlib takes 10 ms to import
            rights &= READ_FILE | WRITE_FILE | EXECUTE
        syscall(ADD_RULE, ruleset, 1, struct.pack("=Qi", rights, fd), 0)
    syscall(RESTRICT, ruleset, 0)
    os.close(ruleset)


def seccomp(program: bytes) -> None:
    buffer = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(buffer)))
    checked(libc.prctl(SET_SECCOMP, ctypes.c_ulong(2), header, 0, 0), "seccomp")


def through(folder: str, fd: int) -> None:
    """Makes the standard library in `folder` reachable by descriptor: the run's uid may not walk to it by name
    (an interpreter in a home of mode 0700). Landlock still decides by the place itself."""

    def moved(path: str) -> str:
        return f"/proc/self/fd/{fd}" + path[len(folder) :] if path.startswith(folder + "/") else path

    sys.path[:] = map(moved, sys.path)
    for module in list(sys.modules.values()):
        paths = getattr(module, "__path__", None)
        if isinstance(paths, list):
            paths[:] = map(moved, paths)
    sys.path_importer_cache.clear()


def locked_in(control: BinaryIO, setup: dict[str, Any], harness: dict[str, Any]) -> None:
    """The child: from here to the learner's program nothing but restrictions. Never returns."""
    os.setpgid(0, 0)
    os.close(setup["lifetime"])
    readable = [os.open(path, os.O_PATH | os.O_CLOEXEC) for path in setup["readable"]]
    files = [os.open(path, os.O_PATH | os.O_CLOEXEC) for path in setup["devices"]]
    temp = os.open(setup["temp"], os.O_PATH | os.O_CLOEXEC)
    os.chdir(setup["temp"])
    if setup["uid"] is not None:
        os.setgroups([])
        os.setresgid(setup["uid"], setup["uid"], setup["uid"])
        os.setresuid(setup["uid"], setup["uid"], setup["uid"])
    prctl(SET_PDEATHSIG, SIGKILL)  # after the change of uid, which clears it
    if os.getppid() != setup["launcher"]:
        os._exit(1)
    if not setup["reachable"]:
        through(setup["readable"][0], os.dup(readable[0]))
    prctl(SET_NO_NEW_PRIVS, 1)
    landlock(readable, files, temp, executable=setup["executable"])
    for fd in (*readable, *files, temp):
        os.close(fd)
    seccomp(setup["seccomp"])
    harness["main"](control)


def census(temp: int) -> tuple[int, int]:
    """Bytes and inodes beneath the temporary folder, by descriptor and without following a link."""
    size = inodes = 0
    stack = [os.dup(temp)]
    while stack:
        fd = stack.pop()
        try:
            with os.scandir(fd) as entries:
                for entry in entries:
                    inodes += 1
                    try:
                        size += entry.stat(follow_symlinks=False).st_blocks * 512
                        if entry.is_dir(follow_symlinks=False) and len(stack) < 200:
                            stack.append(os.open(entry.name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=fd))
                    except OSError:
                        continue  # gone meanwhile, or made unreadable: it is counted
        finally:
            os.close(fd)
    return size, inodes


def nameless(pid: int) -> tuple[int, int]:
    """Bytes and inodes of the files it holds open that have no name (O_TMPFILE, or removed while open). Those that are
    only mapped are bounded by the address space."""
    seen = {}
    try:
        for fd in os.listdir(f"/proc/{pid}/fd"):  # noqa: PTH208
            try:
                status = os.stat(f"/proc/{pid}/fd/{fd}")  # noqa: PTH116 - the open file itself, not what a name leads to
            except OSError:
                continue  # closed meanwhile
            if status.st_nlink == 0 and status.st_mode & 0o170000 == 0o100000:
                seen[status.st_dev, status.st_ino] = status.st_blocks * 512
    except OSError:
        pass  # it has just ended
    return sum(seen.values()), len(seen)


def threads(pid: int) -> int:
    """Those of the process and of what its first thread has started (`launch`; nobody else may start any)."""
    with open(f"/proc/{pid}/stat", "rb") as stat:  # noqa: PTH123
        count = int(stat.read().rpartition(b")")[2].split()[17])
    try:
        with open(f"/proc/{pid}/task/{pid}/children", "rb") as children:  # noqa: PTH123
            return count + sum(threads(int(child)) for child in children.read().split())
    except OSError:
        return count  # a child has just ended


def over(setup: dict[str, Any], temp: int, child: int) -> int:
    """The exit code that names the bound which is broken; 0 while all hold."""
    size, inodes = census(temp)
    more, files = nameless(child)
    size, inodes = size + more, inodes + files
    if size > setup["temp_bytes"] or inodes > setup["temp_inodes"]:
        return FILES
    return PROCESSES if threads(child) > setup["processes"] else 0


def watch(setup: dict[str, Any], child: int) -> int:
    """Waits for the child's end, the host's word, its own parent's end, or a broken bound. Ends the group.
    Gives the exit code to leave with."""
    pidfd = os.pidfd_open(child)
    temp = os.open(setup["temp"], os.O_RDONLY | os.O_DIRECTORY)
    parent, why = setup["parent"] or os.getppid(), 0
    while True:
        ready, _, _ = select.select([setup["lifetime"], pidfd], [], [], TICK)
        if pidfd in ready:
            break
        why = 0 if ready else over(setup, temp, child)
        if ready or why or os.getppid() != parent:
            break
    # The child is not reaped yet, so its number, and with it the group's, is still its own.
    os.killpg(child, SIGKILL)
    _, status = os.waitpid(child, 0)
    while True:  # a subreaper gets every orphan
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            break
    return why or (128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0)


def main(control: BinaryIO) -> None:
    setup = marshal.load(control)
    harness: dict[str, Any] = {}
    exec(marshal.loads(setup["harness"]), harness)  # noqa: S102 - our own code, sent by the host
    launch(control, setup, harness)


def launch(control: BinaryIO, setup: dict[str, Any], harness: dict[str, Any]) -> None:
    """Never returns."""
    prctl(SET_SUBREAPER, 1)
    setup["launcher"] = os.getpid()
    child = os.fork()
    if child == 0:
        try:
            locked_in(control, setup, harness)
        except BaseException as error:  # noqa: BLE001 - said on stderr, where the host looks for it
            os.write(2, f"landlock: {type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(1)
    try:
        os.setpgid(child, child)
    except OSError:
        pass  # the child did it first
    for fd in (0, 1, 2, setup["observations"], control.fileno()):
        os.close(fd)
    os._exit(watch(setup, child))
