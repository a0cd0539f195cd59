"""More that a hostile program tries: around limits, with descriptors and devices, against the run's own orders.

`HARMLESS` is the control of each: the same with what it needs and no more, which must work.
"""

# ruff: noqa: E501 - a program on one line reads as one thing

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shared.sandbox import Call, Sandbox
from tests.sandbox.conftest import attempt, observe

pytestmark = pytest.mark.usefixtures("leaves_nothing")

HEAD = "import ctypes, mmap, os, resource, signal, sys, threading, time\nlibc = ctypes.CDLL(None, use_errno=True)\n"

USES_UP = {
    # name: (hostile body, harmless body, outcomes that contain it)
    "a daemon by two forks": (
        "if os.fork() == 0:\n        os.setsid()\n        if os.fork() == 0: time.sleep(60)\n        os._exit(0)\n    return 'through'",
        "return 'through' if os.getpid() else 0",
        {"processes", "disallowed"},
    ),
    "vfork and clone past libc": (
        "return 'through' if max(libc.syscall(58), libc.syscall(56, 17, 0, 0, 0, 0), libc.syscall(435, 0, 0)) > 0 else 'refused'",
        "return 'through' if libc.syscall(39) > 0 else 'refused'",
        {"refused"},
    ),
    "a raised limit of processes": (
        "resource.setrlimit(resource.RLIMIT_NPROC, (4096, 4096))\n    return 'through'",
        "resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))\n    return 'through'",
        {"raised", "disallowed"},
    ),
    "a raised limit of memory": (
        "resource.setrlimit(resource.RLIMIT_AS, (-1, -1))\n    return 'through'",
        "resource.setrlimit(resource.RLIMIT_AS, (200 << 20, 200 << 20))\n    return 'through'",
        {"raised", "disallowed"},
    ),
    "a raised limit of cpu, ignoring its signal": (
        "signal.signal(signal.SIGXCPU, signal.SIG_IGN)\n    resource.setrlimit(resource.RLIMIT_CPU, (99, 99))\n    return 'through'",
        "signal.signal(signal.SIGXCPU, signal.SIG_IGN)\n    return 'through'",
        {"raised", "disallowed"},
    ),
    "mapped memory": (
        "room = mmap.mmap(-1, 1 << 30)\n    return 'through'",
        "room = mmap.mmap(-1, 32 << 20)\n    room[:] = bytes(32 << 20)\n    return 'through'",
        {"memory", "disallowed", "raised"},
    ),
    "memory grown by brk": (
        "top = libc.sbrk(0)\n    return 'through' if libc.sbrk(400 << 20) != -1 else 'refused'",
        "return 'through' if libc.sbrk(4 << 20) != -1 else 'refused'",
        {"refused"},
    ),
    "a number with a billion digits": (
        "return 'through' if 10 ** (10 ** 9) else 0",
        "return 'through' if 10 ** 1000 else 0",
        {"time", "memory"},
    ),
    "a sparse file of a terabyte": (
        "open('f', 'wb').truncate(1 << 40)\n    return 'through'",
        "open('f', 'wb').truncate(1 << 19)\n    return 'through'",
        {"files"},
    ),
    "a file filled through a map": (
        "f = open('f', 'wb+')\n    for n in range(64): os.pwrite(f.fileno(), b'x' * 65536, n * 65536)\n    return 'through'",
        "f = open('f', 'wb+')\n    for n in range(8): os.pwrite(f.fileno(), b'x' * 65536, n * 65536)\n    return 'through'",
        {"files"},
    ),
    "files without a name": (
        "kept = [os.open('.', os.O_TMPFILE | os.O_RDWR) for _ in range(40)]\n    for fd in kept: os.write(fd, b'x' * 900_000)\n    time.sleep(0.2)\n    return 'through'",
        "kept = [os.open('.', os.O_TMPFILE | os.O_RDWR) for _ in range(4)]\n    for fd in kept: os.write(fd, b'x' * 9_000)\n    return 'through'",
        {"files"},
    ),
    "folders instead of files": (
        "for n in range(2000): os.mkdir(str(n))\n    time.sleep(0.2)\n    return 'through'",
        "for n in range(20): os.mkdir(str(n))\n    return 'through'",
        {"files"},
    ),
    "links instead of files": (
        "for n in range(2000): os.symlink('nowhere', str(n))\n    time.sleep(0.2)\n    return 'through'",
        "for n in range(20): os.symlink('nowhere', str(n))\n    return 'through'",
        {"files"},
    ),
    "pipes without end": (
        "kept = [os.pipe() for _ in range(200)]\n    return 'through'",
        "kept = [os.pipe() for _ in range(10)]\n    return 'through'",
        {"files"},
    ),
    "copies of descriptors": (
        "kept = [os.dup(1) for _ in range(200)]\n    return 'through'",
        "kept = [os.dup(1) for _ in range(10)]\n    return 'through'",
        {"files"},
    ),
    "threads that start threads": (
        "def more():\n        while True: threading.Thread(target=more, daemon=True).start()\n    more()",
        "made = [threading.Thread(target=int) for _ in range(5)]\n    for t in made: t.start(); t.join()\n    return 'through'",
        {"processes", "memory", "time"},
    ),
    "recursion without Python's limit": (
        "sys.setrecursionlimit(10**9)\n    def down(): return down()\n    return down()",
        "sys.setrecursionlimit(3000)\n    def down(n): return down(n - 1) if n else 'through'\n    return down(2000)",
        {"no_result", "memory", "raised", "time"},
    ),
    "a program within the program that cannot be parsed": (
        "return eval('(' * 10**6 + ')' * 10**6)",
        "return eval('(' * 20 + repr('through') + ')' * 20)",
        {"raised", "memory", "no_result"},
    ),
    "a null pointer": ("return ctypes.string_at(0)", "return 'through' if ctypes.string_at(b'x') else 0", {"no_result"}),
    "an illegal instruction": (
        "os.kill(os.getpid(), signal.SIGILL)\n    time.sleep(1)",
        "os.kill(os.getpid(), 0)\n    return 'through'",
        {"no_result"},
    ),
    "timers without end": (
        "signal.setitimer(signal.ITIMER_REAL, 1e-6, 1e-6)\n    signal.signal(signal.SIGALRM, lambda *_: None)\n    while True: pass",
        "signal.signal(signal.SIGALRM, lambda *_: None)\n    signal.setitimer(signal.ITIMER_REAL, 1e-3)\n    time.sleep(0.01)\n    return 'through'",
        {"time", "no_result"},
    ),
    "memory that is locked": (
        "return 'through' if libc.mlockall(3) == 0 else 'refused'",
        "return 'through' if libc.munlockall() == 0 else 'refused'",
        {"refused"},
    ),
    "a stop that nobody ends": (
        "os.kill(os.getpid(), signal.SIGSTOP)\n    return 'through'",
        "os.kill(os.getpid(), signal.SIGCONT)\n    return 'through'",
        {"time"},
    ),
    "input that never ends": (
        "while True: sys.stdin.read()",
        "return 'through' if sys.stdin.read() == '' else 0",
        {"time"},
    ),
    "a pipe that is full": (
        "source, sink = os.pipe()\n    while True: os.write(sink, b'x' * 4096)",
        "source, sink = os.pipe()\n    os.write(sink, b'x' * 4096)\n    return 'through'",
        {"time"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("hostile", "harmless", "contained"), USES_UP.values(), ids=USES_UP.keys())
def test_it_is_contained_and_its_harmless_form_works(
    sandbox: Sandbox, hostile: str, harmless: str, contained: set[str]
) -> None:
    assert attempt(sandbox, f"{HEAD}def attack():\n    {harmless}\n").value == "through"
    seen = attempt(sandbox, f"{HEAD}def attack():\n    {hostile}\n")
    assert seen.value != "through"
    assert (seen.value if seen.outcome == "returned" else seen.outcome) in contained, seen


DEVICES = ["mem", "kmsg", "tty", "ptmx", "fuse", "kvm", "vda", "sda", "loop0", "shm", "net/tun"]


def test_this_machine_has_devices_to_keep_from_programs() -> None:
    """Those it lacks say nothing below."""
    assert sum(Path("/dev", device).exists() for device in DEVICES) >= 4


@pytest.mark.parametrize("device", DEVICES)
def test_no_device_of_the_machine_can_be_opened(sandbox: Sandbox, device: str) -> None:
    program = "import os\ndef attack(path):\n    os.open(path, os.O_RDONLY)\n    return 'through'\n"
    assert attempt(sandbox, program, "/dev/null").value == "through"
    assert attempt(sandbox, program, f"/dev/{device}").outcome in ("disallowed", "raised")


def test_only_the_runs_own_descriptors_are_inherited(sandbox: Sandbox, no_walls: Sandbox) -> None:
    """A descriptor of the host that is left open on purpose."""
    program = "import os\ndef attack():\n    found = []\n    for fd in range(3, 1024):\n        try: found.append(os.fstat(fd).st_ino)\n        except OSError: pass\n    return found\n"
    source, sink = os.pipe()
    try:
        for fd in (source, sink):
            os.set_inheritable(fd, True)
        seen = attempt(sandbox, program)
        assert isinstance(seen.value, list) and 1 <= len(seen.value) <= 3
        assert os.fstat(source).st_ino not in seen.value
    finally:
        os.close(source)
        os.close(sink)


def test_orders_stolen_from_the_pipe_do_not_answer_the_next_call(sandbox: Sandbox) -> None:
    """It reads what the harness would read next, for as long as it may: nothing is there until its own answer is."""
    program = (
        "import os, sys\n"
        "def attack(n):\n"
        "    frame = sys._getframe()\n"
        "    while 'nonce' not in frame.f_locals: frame = frame.f_back\n"
        "    control = frame.f_locals['self'].control\n"
        "    os.set_blocking(control.fileno(), False)\n"
        "    try: stolen = control.read()\n"
        "    finally: os.set_blocking(control.fileno(), True)\n"
        "    return stolen\n"
        "def secret(n):\n    return n\n"
    )
    first, second = observe(sandbox, program, Call("a", "attack", (1,)), Call("b", "secret", (77,)))
    assert first.outcome == "returned" and first.value in (None, {"$bytes": ""})
    assert (second.outcome, second.value) == ("returned", 77)


def test_a_program_that_reads_its_first_call_while_it_loads_answers_only_that(sandbox: Sandbox) -> None:
    """The first call is sent with the program: to read it early is to be called."""
    program = (
        "import marshal, os, sys\n"
        "frame = sys._getframe()\n"
        "while 'self' not in frame.f_locals: frame = frame.f_back\n"
        "harness = frame.f_locals['self']\n"
        "nonce, name, args, kwargs, stdin, files = marshal.load(harness.control)\n"
        "def f(n):\n    return n\n"
        'os.write(harness.fd, (\'{"nonce":"%s","outcome":"returned","value":14}\\n\' % nonce).encode())\n'
    )
    first, second = observe(sandbox, program, Call("a", "f", (1,)), Call("b", "f", (2,)))
    assert (first.outcome, second.outcome) == ("no_result", "no_result"), (
        "an answer before the program is loaded is none"
    )


def test_nothing_of_the_challenge_is_in_the_file_system(sandbox: Sandbox, no_walls: Sandbox) -> None:
    program = (
        "import os\n"
        "def attack(root, names):\n"
        "    return sorted({f for _, _, files in os.walk(root) for f in files if f in names})\n"
    )
    names = ["challenge.toml", "cases.toml", "reference.py", "conftest.py", "harness.py", "run.py"]
    root = os.getcwd()  # noqa: PTH109
    assert "run.py" in attempt(no_walls, program, f"{root}/shared/sandbox", names).value  # type: ignore[operator]
    assert attempt(sandbox, program, f"{root}/shared/sandbox", names).value == []
    assert attempt(sandbox, program, "/tmp", names).value == []  # noqa: S108


MAIN_CHEATS = {
    "leaves before it is done": "print(14, flush=True)\nimport os\nos._exit(0)\n",
    "closes everything": "print(14, flush=True)\nimport os\nos.closerange(0, 64)\n",
    "forges the report": 'import os\nfor fd in range(3, 64):\n    try: os.write(fd, b\'{"outcome":"returned","value":null}\\n\')\n    except OSError: pass\n',
    "forges and leaves": 'import os\nfor fd in range(3, 64):\n    try: os.write(fd, b\'{"outcome":"returned"}\\n\')\n    except OSError: pass\nos._exit(0)\n',
}


@pytest.mark.parametrize("program", MAIN_CHEATS.values(), ids=MAIN_CHEATS.keys())
def test_a_main_program_that_cheats_has_not_returned(sandbox: Sandbox, program: str) -> None:
    honest = observe(sandbox, "print(14)\n", Call("a", ""))[0]
    assert (honest.outcome, honest.stdout) == ("returned", "14\n")
    assert observe(sandbox, program, Call("a", ""))[0].outcome == "no_result"


def test_a_main_program_cannot_print_for_the_next_one(sandbox: Sandbox) -> None:
    """A thread left over by the first writes on: it ends with its program, or its output is what it is, its program's."""
    program = (
        "import sys, threading, time\n"
        "name = input()\n"
        "if name == 'cheat':\n"
        "    threading.Thread(target=lambda: (time.sleep(0.2), print('for the next')), daemon=False).start()\n"
        "else:\n"
        "    time.sleep(0.5)\n"
        "    print(name)\n"
    )
    first, second = observe(sandbox, program, Call("a", "", stdin="cheat"), Call("b", "", stdin="honest"))
    assert (first.stdout, second.stdout) == ("for the next\n", "honest\n")
