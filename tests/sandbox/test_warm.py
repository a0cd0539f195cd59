"""Runs forked from one warm process share nothing: not what came before, not what runs beside, not the process itself."""

# ruff: noqa: E501 - a program on one line reads as one thing

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import TypeVar

import pytest

from shared.errors import SandboxUnavailable
from shared.sandbox import Call, Limits, Sandbox
from shared.sandbox import warm as warm_module
from shared.sandbox.resident import tree
from tests.sandbox.conftest import attempt, observe, processes

T = TypeVar("T")

pytestmark = pytest.mark.usefixtures("leaves_nothing")

SLEEP = "import time\ndef f(n):\n    time.sleep(n)\n    return n\n"

TRACES = {
    "a file": ("open('left', 'w').write('x')", "os.listdir('.') != []"),
    "an environment variable": ("os.environ['LEFT'] = 'x'", "'LEFT' in os.environ"),
    "a patched builtin": ("builtins.len = lambda x: 99", "len([]) == 99"),
    "a patched module": ("os.getpid = lambda: 99; sys.left = 1", "os.getpid() == 99 or hasattr(sys, 'left')"),
    "an imported module": ("sys.modules['left'] = sys", "'left' in sys.modules"),
    "a path": ("sys.path.insert(0, '/tmp')", "'/tmp' in sys.path"),
    "a thread": ("threading.Thread(target=threading.Event().wait, daemon=True).start()", "threading.active_count() > 1"),
    "a signal handler": ("signal.signal(10, signal.SIG_IGN)", "signal.getsignal(10) == signal.SIG_IGN"),
    "an open descriptor": ("[os.open('/dev/null', 0) for _ in range(9)]", "len([n for n in range(64) if opened(n)]) > 6"),
    "a trace function": ("sys.settrace(lambda *a: None)", "sys.gettrace() is not None"),
    "another folder": ("os.mkdir('deep'); os.chdir('deep')", "os.getcwd().endswith('deep')"),
    "a mask": ("os.umask(0o777)", "os.umask(0) == 0o777"),
    "a limit": ("resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))", "resource.getrlimit(resource.RLIMIT_NOFILE) == (20, 20)"),
}  # fmt: skip


@pytest.mark.parametrize(("leave", "look"), TRACES.values(), ids=TRACES.keys())
def test_a_run_sees_nothing_of_the_one_before(warm: Sandbox, leave: str, look: str) -> None:
    program = (
        "import builtins, os, resource, signal, sys, threading\n"
        "def opened(n):\n    try: os.fstat(n)\n    except OSError: return False\n    return True\n"
        f"def leave():\n    {leave}\n    return bool({look})\n"
        f"def look():\n    return bool({look})\n"
    )
    assert observe(warm, program, Call("leave", "leave"))[0].value is True, "in its own run it is seen"
    assert observe(warm, program, Call("look", "look"))[0].value is False


def test_runs_side_by_side_have_files_of_their_own(warm: Sandbox) -> None:
    program = "import os\ndef write(name):\n    open(name, 'w').close()\n    return os.listdir('.')\n"
    with warm.run(program, [Call(str(n), "write", (f"a{n}",)) for n in range(2)]) as one:
        assert next(one).value == ["a0"]
        with warm.run(program, [Call("b", "write", ("b",))]) as two:
            assert next(two).value == ["b"]
            assert sorted(next(one).value) == ["a0", "a1"]  # type: ignore[arg-type, type-var]


def test_a_run_cannot_signal_the_one_beside_it_nor_those_above(warm: Sandbox) -> None:
    """Every number of a process, and every group; the run beside goes on and the zygote lives."""
    program = (
        "import os, signal\n"
        "def attack():\n"
        "    signal.signal(15, signal.SIG_IGN)\n"
        "    hit = []\n"
        "    for pid in [-1, *range(1, 40_000)]:\n"
        "        if pid == os.getpid(): continue\n"
        "        try: os.kill(pid, 15)\n"
        "        except OSError: continue\n"
        "        hit.append(pid)\n"
        "    return [pid for pid in hit if pid not in (-1, 1)]\n"
    )
    with warm.run(SLEEP, [Call("a", "f", (0,)), Call("b", "f", (1.5,))]) as beside:
        assert next(beside).value == 0
        seen = observe(warm, program, Call("attack", "attack"))[0]
        assert (seen.outcome, seen.value) == ("returned", [])
        last = next(beside)
        assert (last.value, last.warm) == (1.5, True)
    assert observe(warm, SLEEP, Call("again", "f", (0,)))[0].warm


def test_one_killing_signal_to_everybody_hits_only_oneself(warm: Sandbox) -> None:
    with warm.run(SLEEP, [Call("a", "f", (0,)), Call("b", "f", (0.5,))]) as beside:
        next(beside)
        program = "import os\ndef attack():\n    os.kill(-1, 9)\n    os.kill(os.getppid(), 9)\n    return 'alive'\n"
        assert attempt(warm, program).outcome in ("no_result", "returned", "disallowed", "memory", "raised")
        assert next(beside).value == 0.5


def test_a_run_has_the_descriptors_it_needs_and_no_other(warm: Sandbox) -> None:
    """Pipes, /dev/null and perhaps the standard library's folder: no socket, by which the zygote could be spoken to."""
    program = (
        "import os, stat\n"
        "def attack():\n"
        "    kinds = {}\n"
        "    for fd in range(4096):\n"
        "        try: mode = os.fstat(fd).st_mode\n"
        "        except OSError: continue\n"
        "        kinds[str(fd)] = 'pipe' if stat.S_ISFIFO(mode) else 'device' if stat.S_ISCHR(mode) else 'folder' if stat.S_ISDIR(mode) and mode & 0o22 == 0 else oct(mode)\n"
        "    return kinds\n"
    )
    kinds = attempt(warm, program).value
    assert isinstance(kinds, dict) and set(kinds.values()) <= {"pipe", "device", "folder"}, kinds
    assert len(kinds) <= 6, kinds


def test_the_process_above_cannot_be_traced_or_read(warm: Sandbox) -> None:
    program = (
        "import ctypes, os\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "def attack():\n"
        "    done = []\n"
        "    for pid in (1, os.getppid()):\n"
        "        done.append(libc.ptrace(16, pid, 0, 0))\n"  # PTRACE_ATTACH
        "        done.append(libc.process_vm_readv(pid, None, 0, None, 0, 0))\n"
        "        done.append(libc.syscall(438, os.pidfd_open(pid), 0, 0) if pid else -1)\n"
        "    return done\n"
        "def read():\n    return open(f'/proc/{os.getppid()}/mem', 'rb').read(1) and 'read'\n"
    )
    attacked, reading = observe(warm, program, Call("a", "attack"), Call("b", "read"))
    assert attacked.outcome in ("disallowed", "raised") or set(attacked.value) == {-1}  # type: ignore[arg-type]
    assert reading.outcome in ("disallowed", "raised")


def test_nothing_of_another_run_is_in_memory(warm: Sandbox) -> None:
    """The zygote never reads an order, so what it hands on by fork cannot hold one."""
    program = (
        "import gc\n"
        "def attack(n):\n"
        "    text = ' '.join(repr(o) for o in gc.get_objects() if isinstance(o, (dict, list, tuple)))\n"
        "    return [str(int('707172736') + 1) in text, str(int('808182837') + 1) in text]\n"
    )
    with warm.run(program, [Call("x", "attack", (707172737,))]) as first:
        assert next(first).value == [True, False], "its own argument is found"
        assert observe(warm, program, Call("y", "attack", (808182838,)))[0].value == [False, True]


def test_a_result_forged_for_every_descriptor_reaches_no_other_run(warm: Sandbox) -> None:
    forge = (
        "import os\n"
        "def attack():\n"
        '    line = b\'{"outcome":"returned","value":14}\\n\'\n'
        "    for fd in range(3, 4096):\n"
        "        try: os.write(fd, line)\n"
        "        except OSError: pass\n"
        "    return 1\n"
    )
    with warm.run(SLEEP, [Call("a", "f", (0,)), Call("b", "f", (0.5,))]) as beside:
        assert next(beside).value == 0
        assert attempt(warm, forge).outcome == "no_result"
        assert next(beside).value == 0.5


def test_a_killed_zygote_is_the_machines_fault_and_is_replaced(warm: Sandbox) -> None:
    with warm.run(SLEEP, [Call("a", "f", (0,)), Call("b", "f", (3,))]) as run:
        assert next(run).value == 0
        zygote = warm._warm._zygote  # type: ignore[union-attr]
        assert zygote is not None
        os.kill(zygote.pid, signal.SIGKILL)
        began = time.monotonic()
        with pytest.raises(SandboxUnavailable, match="middle of a run"):
            next(run)
        assert time.monotonic() - began < 2
    again = observe(warm, SLEEP, Call("a", "f", (0,)))[0]
    assert (again.value, again.warm) == (0, True)
    assert warm._warm._zygote is not zygote  # type: ignore[union-attr]


def test_a_zygote_is_retired_after_its_runs(warm: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm_module, "RUNS", 2)
    seen = []
    for _ in range(7):
        assert observe(warm, SLEEP, Call("a", "f", (0,)))[0].warm
        seen.append(warm._warm._zygote.pid)  # type: ignore[union-attr]
    assert len(set(seen)) >= 3


def test_many_runs_at_once_have_each_their_own_answer(warm: Sandbox) -> None:
    program = "import time\ndef f(n):\n    time.sleep(0.05)\n    return n * n\n"
    answers: dict[int, object] = {}

    def one(n: int) -> None:
        answers[n] = observe(warm, program, Call("a", "f", (n,)))[0].value

    threads = [threading.Thread(target=one, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {n: n * n for n in range(12)}


def test_closing_ends_the_zygote(warm: Sandbox) -> None:
    observe(warm, SLEEP, Call("a", "f", (0,)))
    pid = warm._warm._zygote.pid  # type: ignore[union-attr]
    assert pid in processes()
    warm.close()
    assert pid not in processes()


def test_a_forgotten_sandbox_ends_its_zygote() -> None:
    before = processes()
    made = Sandbox()
    observe(made, SLEEP, Call("a", "f", (0,)))
    assert processes() - before
    del made
    assert not processes() - before


def test_where_no_zygote_can_be_had_runs_start_cold(monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = Sandbox()

    def cannot() -> None:
        raise SandboxUnavailable("no namespaces today")

    monkeypatch.setattr(sandbox._warm, "_start", cannot)
    with sandbox.run(SLEEP, [Call("a", "f", (0,))]) as run:
        seen = list(run)
    assert [(one.value, one.warm) for one in seen] == [(0, False)]


def beneath_the_zygote(sandbox: Sandbox) -> list[int]:
    return tree(sandbox._warm._zygote.pid)  # type: ignore[union-attr]


def test_processes_wait_for_runs_and_each_takes_one(warm: Sandbox) -> None:
    observe(warm, SLEEP, Call("a", "f", (0,)))
    idle = 7 if warm.capability.mode == "bubblewrap" else 3  # bubblewrap's two, the zygote, two spares (of two)
    for _ in range(4):
        waiting = set(eventually(lambda: beneath_the_zygote(warm), lambda now: len(now) >= idle))
        with warm.run(SLEEP, [Call("a", "f", (0,)), Call("b", "f", (0,))]) as run:
            next(run)
            before = waiting & set(beneath_the_zygote(warm))
            assert before, "it was there before the run was asked for"
        assert before - set(beneath_the_zygote(warm)), "and is gone with it: no other run gets it"


def test_a_spare_that_has_ended_is_not_missed(warm: Sandbox) -> None:
    observe(warm, SLEEP, Call("a", "f", (0,)))
    root = warm._warm._zygote.pid  # type: ignore[union-attr]
    waiting = eventually(lambda: beneath_the_zygote(warm), lambda now: len(now) > 2)
    zygote = waiting[1] if warm.capability.mode == "bubblewrap" else root
    for pid in waiting:
        if pid not in (root, zygote):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    time.sleep(0.1)
    for n in range(3):
        one = observe(warm, SLEEP, Call("a", "f", (0,)))[0]
        assert (one.value, one.warm) == (0, True), n


def test_limits_of_a_run_hold_whatever_its_process_was_made_for(warm: Sandbox) -> None:
    small = Sandbox(mode=warm.capability.mode, limits=Limits(temp_bytes=1 << 20, temp_inodes=20))  # type: ignore[arg-type]
    program = "import time\ndef f(n):\n    for i in range(n): open(str(i), 'wb').write(b'x' * 100_000)\n    time.sleep(0.2)\n    return n\ndef g(n):\n    for i in range(n): open(str(i), 'w').close()\n    time.sleep(0.2)\n    return n\n"
    with small:
        assert observe(small, program, Call("a", "f", (5,)))[0].value == 5
        assert observe(small, program, Call("a", "f", (15,)))[0].outcome == "files"
        assert observe(small, program, Call("a", "g", (15,)))[0].value == 15
        assert observe(small, program, Call("a", "g", (40,)))[0].outcome == "files"


def eventually(look: Callable[[], T], enough: Callable[[T], bool]) -> T:
    deadline = time.monotonic() + 3
    while not enough(found := look()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert enough(found), found
    return found
