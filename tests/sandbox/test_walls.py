"""What a program may not reach. Each test first shows that without the wall it would be reached."""

# ruff: noqa: E501 - a program on one line reads as one thing

from __future__ import annotations

import errno
import os
import signal
import socket
from pathlib import Path

import pytest

from shared.sandbox import Call, Sandbox
from tests.sandbox.conftest import attempt, observe

READ = "def attack(path):\n    with open(path) as file:\n        return file.read()[:20]\n"
WRITE = "def attack(path):\n    with open(path, 'w') as file:\n        file.write('was here')\n    return 'written'\n"


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of the host that any uid may read and write."""
    folder = tmp_path_factory.mktemp("outside")
    for parent in (folder, *folder.parents[:-2]):
        parent.chmod(0o777)
    file = folder / "host.txt"
    file.write_text("a host's secret")
    file.chmod(0o666)
    return file


def test_a_host_file_cannot_be_read(sandbox: Sandbox, no_walls: Sandbox, outside: Path) -> None:
    assert attempt(no_walls, READ, str(outside)).value == "a host's secret"
    seen = attempt(sandbox, READ, str(outside))
    assert seen.outcome in ("disallowed", "raised") and seen.value is None
    assert seen.error is not None and seen.error.type in ("PermissionError", "FileNotFoundError")


@pytest.mark.parametrize("path", ["/etc/shadow", "/etc/passwd", "/proc/HOST/environ", "/proc/self/environ", __file__])
def test_well_known_host_files_cannot_be_read(sandbox: Sandbox, no_walls: Sandbox, path: str) -> None:
    path = path.replace("HOST", str(os.getpid()))
    assert attempt(no_walls, READ, path).outcome == "returned"
    assert attempt(sandbox, READ, path).outcome in ("disallowed", "raised")


def test_nothing_outside_can_be_written(sandbox: Sandbox, no_walls: Sandbox, outside: Path) -> None:
    assert attempt(no_walls, WRITE, str(outside)).value == "written"
    outside.write_text("untouched")
    assert attempt(sandbox, WRITE, str(outside)).outcome in ("disallowed", "raised")
    assert outside.read_text() == "untouched"


@pytest.mark.parametrize("path", ["/new", "/usr/lib/new", "/dev/new", os.__file__])
def test_system_folders_and_the_interpreter_are_read_only(sandbox: Sandbox, path: str) -> None:
    program = "def attack(path):\n    open(path, 'a').close()\n    return 'written'\n"
    assert attempt(sandbox, program, path).outcome in ("disallowed", "raised")


def test_its_own_folder_can_be_written_and_is_gone_with_the_run(sandbox: Sandbox) -> None:
    program = (
        "import os, tempfile\n"
        "def attack():\n"
        "    with tempfile.NamedTemporaryFile('w+') as file:\n"
        "        file.write('kept'); file.seek(0)\n"
        "        open('beside', 'w').write('x')\n"
        "        return [file.read(), os.listdir('.') != []]\n"
        "def look():\n    return os.listdir('.')\n"
    )
    assert attempt(sandbox, program).value == ["kept", True]
    assert observe(sandbox, program, Call("look", "look"))[0].value == []


def test_a_planted_link_leads_nowhere(sandbox: Sandbox, no_walls: Sandbox, outside: Path) -> None:
    program = (
        "import os\n"
        "def attack(path):\n"
        "    os.symlink(path, 'link'); os.symlink('/', 'root')\n"
        "    return open('link').read()\n"
    )
    assert attempt(no_walls, program, str(outside)).value == "a host's secret"
    assert attempt(sandbox, program, str(outside)).outcome in ("disallowed", "raised")
    assert outside.exists(), "clearing up must not follow the link"


def test_the_network_cannot_be_reached(sandbox: Sandbox, no_walls: Sandbox) -> None:
    program = (
        "import socket\n"
        "def attack(port):\n"
        "    with socket.create_connection(('127.0.0.1', port), 1):\n"
        "        return 'connected'\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert attempt(no_walls, program, port).value == "connected"
        assert attempt(sandbox, program, port).outcome == "disallowed"


FAMILIES = {
    "AF_INET": "STREAM", "AF_INET6": "STREAM", "AF_UNIX": "STREAM", "AF_NETLINK": "RAW", "AF_PACKET": "RAW",
    "AF_VSOCK": "STREAM", "AF_ALG": "SEQPACKET",
}  # fmt: skip
UNKNOWN = errno.EAFNOSUPPORT
"""What a kernel that was built without a family says; a wall says that it is forbidden."""


@pytest.mark.parametrize("family", FAMILIES)
def test_no_family_of_sockets_can_be_made(sandbox: Sandbox, no_walls: Sandbox, family: str) -> None:
    program = (
        "import socket\n"
        "def attack(family, kind):\n"
        "    try: socket.socket(getattr(socket, family), getattr(socket, 'SOCK_' + kind))\n"
        "    except OSError as error: return error.errno\n"
        "    return 'made'\n"
    )
    assert attempt(no_walls, program, family, FAMILIES[family]).value in ("made", UNKNOWN)
    assert attempt(sandbox, program, family, FAMILIES[family]).value in (errno.EPERM, errno.EACCES)


def test_asyncio_still_works(sandbox: Sandbox) -> None:
    program = (
        "import asyncio\n"
        "async def soon(n):\n    await asyncio.sleep(0)\n    return n\n"
        "def attack():\n    return asyncio.run(soon(7))\n"
    )
    assert attempt(sandbox, program).value == 7


def test_the_environment_is_empty(sandbox: Sandbox, no_walls: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOALS_SECRET", "token")
    program = "import os\ndef attack():\n    return sorted(os.environ)\n"
    seen = attempt(sandbox, program).value
    assert isinstance(seen, list) and set(seen) <= {"PWD", "LC_CTYPE"}
    assert "GOALS_SECRET" not in attempt(no_walls, program).value  # type: ignore[operator]


@pytest.mark.usefixtures("leaves_nothing")
def test_our_processes_cannot_be_signalled(sandbox: Sandbox) -> None:
    """Root's processes are safe from another uid by that alone; `test_layers` shows the scope by itself."""
    program = (
        "import os, signal\n"
        "def attack(pid):\n"
        "    done = []\n"
        "    for target in (pid, os.getppid(), -1, -os.getppid()):\n"
        "        try:\n"
        "            os.kill(target, signal.SIGTERM if target == -1 else 0)\n"
        "            done.append(target)\n"
        "        except OSError:\n"
        "            pass\n"
        "    return done\n"
    )
    caught: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: caught.append(number))
    control = observe(
        Sandbox(allow_none=True, mode="none"),
        program.replace("-1, -os.getppid()", ""),
        Call("a", "attack", (os.getpid(),)),
    )
    assert control[0].value == [os.getpid(), os.getpid()]
    seen = attempt(sandbox, program, os.getpid())
    assert seen.outcome == "no_result" or os.getpid() not in seen.value, "kill(-1) may hit itself, never us"  # type: ignore[operator]
    signal.signal(signal.SIGTERM, before)
    assert caught == []


FORBIDDEN = {
    "namespaces": "libc.unshare(0x10000000)",
    "ptrace": "libc.ptrace(0, 0, 0, 0)",
    "bpf": "libc.syscall(321, 0, 0, 0)",
    "keyctl": "libc.syscall(250, 0, -3, 0)",
    "io_uring": "libc.syscall(425, 1, 0)",
    "perf": "libc.syscall(298, 0, 0, -1, -1, 0)",
    "mount": "libc.mount(b'none', b'/tmp', b'tmpfs', 0, 0)",
    "chroot": "libc.chroot(b'/tmp')",
    "setuid root": "libc.setuid(0)",
    "shared memory": "libc.shmget(0, 4096, 0o1600)",
    "memfd": "libc.memfd_create(b'x', 0)",
    "new session": "libc.setsid()",
    "device": "libc.mknod(b'null', 0o20666, 0x103)",
    "raised limits": "libc.prlimit(0, 7, (ctypes.c_ulong * 2)(4096, 4096), None)",
    "another's limits": "libc.prlimit(1, 7, None, (ctypes.c_ulong * 2)())",
}

CONTROLS = {
    "mount": "[libc.unshare(0x20000), libc.mount(b'none', b'/', None, 0x44000, None), CALL][-1]",
    "new session": "os.waitpid(os.fork() or os._exit(libc.setsid() < 0), 0)[1]",
    "shared memory": "libc.shmctl(CALL, 0, None)",
    "raised limits": "libc.prlimit(0, 7, (ctypes.c_ulong * 2)(32, 32), None)",
}
"""What is called where there are no walls, if that has to be something else: of a mount nobody else may see anything,
who leads a session may make none, what is made must go again, and a container's root may lower a limit only."""
REFUSED = ([-1, errno.EPERM], [-1, errno.EACCES])


@pytest.mark.parametrize("name", FORBIDDEN)
def test_dangerous_system_calls_are_refused(sandbox: Sandbox, no_walls: Sandbox, name: str) -> None:
    """Without walls the kernel takes the call, or finds fault with its arguments, which is harmless."""

    def calls(call: str) -> str:
        return (
            "import ctypes, os\n"
            "libc = ctypes.CDLL(None, use_errno=True)\n"
            f"def attack():\n    ctypes.set_errno(0)\n    return [{call}, ctypes.get_errno()]\n"
        )

    call = FORBIDDEN[name]
    control = attempt(no_walls, calls(CONTROLS.get(name, "CALL").replace("CALL", call)))
    assert control.outcome == "returned" and control.value not in REFUSED
    seen = attempt(sandbox, calls(call))
    assert seen.outcome == "returned" and seen.value in REFUSED


def test_it_does_not_run_as_root(sandbox: Sandbox) -> None:
    program = "import os\ndef attack():\n    return [os.getuid(), os.geteuid(), os.getgid(), os.getgroups()]\n"
    uid, effective, gid, groups = attempt(sandbox, program).value  # type: ignore[misc]
    assert uid == effective and uid != 0 and gid != 0 and groups in ([], [65534])


def test_two_runs_do_not_see_each_other(sandbox: Sandbox) -> None:
    program = "import os\ndef write():\n    open('mine', 'w').write('x')\n    return os.listdir('.')\ndef look():\n    return os.listdir('.')\n"
    with sandbox.run(program, [Call("1", "write"), Call("2", "write")]) as first:
        assert next(first).value == ["mine"]
        assert observe(sandbox, program, Call("look", "look"))[0].value == []
        assert next(first).value == ["mine"]
