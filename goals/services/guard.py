"""Runs one server as its child and ends it when its owner is gone. Started as `python -I -S guard.py JSON`.

Standard library only, one thread, about 10 MB. The owner may be killed by SIGKILL at any moment: the guard sees it
through a pidfd (pidfd_open(2); by polling where there is none) and stops the server in the server's own way, then by
SIGKILL. The guard may be killed as well: then the kernel signals the server (PR_SET_PDEATHSIG, prctl(2)). The record
file tells other processes what runs; it is written before anybody waits for the server and removed at the end.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import TypedDict, cast

PR_SET_PDEATHSIG = 1


class Order(TypedDict):
    """What the guard is told. `owner`: pid and start time; `grace`: seconds between `stop_signal` and SIGKILL."""

    command: list[str]
    environment: dict[str, str]
    folder: str
    record: str
    log: str
    port: int
    owner: tuple[int, str]
    stop_signal: int
    grace: float


def start_time(pid: int) -> str | None:
    """When process `pid` started, as an opaque text; None when there is no such process (a zombie counts as none).

    A pid alone is reused; with its start time it is not. Linux: field 22 of /proc/<pid>/stat (proc(5)), clock ticks
    since boot, with the boot's id, because ticks repeat after a reboot. Elsewhere `ps -o lstart=`, whole seconds.
    """
    if Path("/proc/self/stat").exists():
        try:
            after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        if after_name[0] in "ZX":
            return None
        return f"{after_name[19]}@{Path('/proc/sys/kernel/random/boot_id').read_text().strip()}"
    with os.popen(f"ps -o lstart= -p {int(pid)}") as asked:  # noqa: S605  a number
        return asked.read().strip() or None


def is_running(pid: int, started: str) -> bool:
    """Whether the very process that had `pid` and `started` still runs."""
    return start_time(pid) == started


def launch(order: Order) -> int:
    """Forks and executes the server; gives its pid."""
    guard = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, order["stop_signal"], 0, 0, 0)
        if os.getppid() != guard:
            os._exit(70)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.chdir(order["folder"])
        os.execvpe(order["command"][0], order["command"], order["environment"])  # noqa: S606
    except OSError as error:
        os.write(2, f"cannot run {order['command'][0]}: {error}\n".encode())
    finally:
        os._exit(71)  # a child that could not become the server must never go on as a second guard


def write_record(order: Order, server: int) -> None:
    record = {
        "guard": (os.getpid(), start_time(os.getpid()) or ""),
        "server": (server, start_time(server) or ""),
        "owner": order["owner"],
        "port": order["port"],
        "stop_signal": order["stop_signal"],
    }
    fresh = Path(order["record"] + ".new")
    fresh.write_text(json.dumps(record))
    fresh.replace(order["record"])


def handle_of(pid: int) -> int | None:
    """A descriptor that becomes readable when `pid` ends; None where the system has no such thing."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


def wait_for_end(order: Order, server: int, wakeup: int) -> int | None:
    """Waits until the server ends by itself (gives its wait status), or until it should be ended (gives None)."""
    owner, owner_started = order["owner"]
    poll = select.poll()
    poll.register(wakeup, select.POLLIN)
    handles = [handle_of(owner), handle_of(server)]
    for handle in handles:
        if handle is not None:
            poll.register(handle, select.POLLIN)
    every_ms = None if None not in handles else 250
    while True:
        done, status = os.waitpid(server, os.WNOHANG)
        if done:
            return status
        if not is_running(owner, owner_started):
            return None
        if any(fd == wakeup for fd, _ in poll.poll(every_ms)):
            return None


def end(order: Order, server: int) -> int:
    """Asks the server to stop, insists after `grace` seconds; gives its wait status."""
    os.kill(server, order["stop_signal"])
    deadline = time.monotonic() + order["grace"]
    while time.monotonic() < deadline:
        done, status = os.waitpid(server, os.WNOHANG)
        if done:
            return status
        time.sleep(0.01)
    os.kill(server, signal.SIGKILL)
    return os.waitpid(server, 0)[1]


def main(order: Order) -> int:
    receiver, sender = os.pipe()
    os.set_blocking(sender, False)
    signal.set_wakeup_fd(sender, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    server = launch(order)
    write_record(order, server)
    status = wait_for_end(order, server, receiver)
    if status is None:
        status = end(order, server)
    with contextlib.suppress(FileNotFoundError):
        Path(order["record"]).unlink()
    return os.waitstatus_to_exitcode(status) & 0xFF


if __name__ == "__main__":
    sys.exit(main(cast(Order, json.loads(sys.argv[1]))))
