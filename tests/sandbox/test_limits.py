"""What a program may use up, each bound with its own outcome. Each control stays just inside the bound."""

# ruff: noqa: E501 - a program on one line reads as one thing

from __future__ import annotations

import time

import pytest

from shared.sandbox import Call, Limits, Sandbox
from tests.sandbox.conftest import attempt, like, observe

pytestmark = pytest.mark.usefixtures("leaves_nothing")

FAST = Limits(cpu_seconds=1, wall_seconds=1.5)


def quick(sandbox: Sandbox) -> Sandbox:
    return like(sandbox, FAST)


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "import time; time.sleep(60)",
        "import signal\n    for s in (1, 2, 15, 24): signal.signal(s, signal.SIG_IGN)\n    while True: pass",
        "sum(range(10**12))",
        "import re; re.match(r'(a+)+b', 'a' * 60)",
        "import threading; threading.Thread(target=lambda: [0 for _ in iter(int, 1)]).start(); threading.Event().wait()",
    ],
    ids=["loop", "sleep", "ignored signals", "in C", "regular expression", "threads"],
)
def test_endless_programs_end_in_time(sandbox: Sandbox, body: str) -> None:
    began = time.monotonic()
    seen = attempt(quick(sandbox), f"def attack():\n    {body}\n")
    assert seen.outcome == "time"
    assert time.monotonic() - began < FAST.wall_seconds + 2.5


def test_a_short_loop_is_in_time(sandbox: Sandbox) -> None:
    seen = attempt(quick(sandbox), "def attack():\n    return sum(range(10**6))\n")
    assert (seen.outcome, seen.value) == ("returned", 499999500000)


def test_calls_after_the_time_is_used_up_are_not_made(sandbox: Sandbox) -> None:
    program = "def f(n):\n    while n: pass\n    return n\n"
    seen = observe(quick(sandbox), program, Call("a", "f", (0,)), Call("b", "f", (1,)), Call("c", "f", (0,)))
    assert [s.outcome for s in seen] == ["returned", "time", "no_result"]
    assert seen[2].error is not None and seen[2].error.type == "NotRun"


@pytest.mark.parametrize("body", ["return len(bytearray({}))", "return len([0] * ({} // 8))"])
def test_memory_is_bounded(sandbox: Sandbox, body: str) -> None:
    fits, bursts = f"def attack():\n    {body.format(64 << 20)}\n", f"def attack():\n    {body.format(512 << 20)}\n"
    assert attempt(sandbox, fits).outcome == "returned"
    assert attempt(sandbox, bursts).outcome == "memory"


def test_memory_growing_in_a_loop_is_bounded(sandbox: Sandbox) -> None:
    seen = attempt(sandbox, "def attack():\n    kept = []\n    while True:\n        kept.append('x' * 10**6)\n")
    assert seen.outcome == "memory"


def test_a_fork_bomb_makes_no_process(sandbox: Sandbox, no_walls: Sandbox) -> None:
    one = "import os\ndef attack():\n    pid = os.fork()\n    if pid == 0: os._exit(0)\n    os.waitpid(pid, 0)\n    return 'forked'\n"
    assert attempt(no_walls, one).value == "forked"
    assert attempt(sandbox, one).outcome == "processes"
    bomb = "import os\ndef attack():\n    n = 0\n    while n < 10**5:\n        try:\n            n += 1; os.fork()\n        except OSError: pass\n    return n\n"
    assert attempt(sandbox, bomb).value == 10**5


def test_a_program_cannot_be_started(sandbox: Sandbox, no_walls: Sandbox) -> None:
    program = "import subprocess, sys\ndef attack():\n    return subprocess.run(['/bin/true'], check=True).returncode\n"
    assert attempt(no_walls, program).value == 0
    assert attempt(sandbox, program).outcome == "processes"


def test_threads_are_bounded(sandbox: Sandbox) -> None:
    program = (
        "import threading\n"
        "def attack(n):\n"
        "    stop = threading.Event()\n"
        "    made = [threading.Thread(target=stop.wait, daemon=True) for _ in range(n)]\n"
        "    for thread in made: thread.start()\n"
        "    stop.set()\n"
        "    return len(made)\n"
    )
    assert attempt(sandbox, program, 20).value == 20
    assert attempt(sandbox, program, 500).outcome == "processes"


def test_output_is_bounded(sandbox: Sandbox) -> None:
    fits = attempt(sandbox, "def attack():\n    print('x' * 60_000)\n    return 1\n")
    assert (fits.outcome, len(fits.stdout)) == ("returned", 60_001)
    for flood in (
        "print('x' * 1000)",
        "import sys; sys.stderr.write('x' * 1000)",
        "import os; os.write(1, b'x' * 1000)",
    ):
        seen = attempt(sandbox, f"def attack():\n    while True:\n        {flood}\n")
        assert seen.outcome == "output"
        assert len(seen.stdout) + len(seen.stderr) <= 64 * 1024


def test_a_returned_value_is_bounded(sandbox: Sandbox) -> None:
    assert attempt(sandbox, "def attack():\n    return list(range(4000))\n").outcome == "returned"
    for huge in ("list(range(10**6))", "'x' * 10**7", "1 << 10**7", "{n: n for n in range(10**5)}", "[[]] * 10**6"):
        assert attempt(sandbox, f"def attack():\n    return {huge}\n").outcome == "output"


def test_a_file_is_bounded(sandbox: Sandbox) -> None:
    program = "def attack(n):\n    with open('f', 'wb') as file:\n        file.write(b'x' * n)\n    return n\n"
    assert attempt(sandbox, program, 900_000).value == 900_000
    assert attempt(sandbox, program, 3_000_000).outcome == "files"


def test_the_folder_is_bounded(sandbox: Sandbox) -> None:
    program = "def attack():\n    n = 0\n    while True:\n        with open(str(n), 'wb') as file:\n            file.write(b'x' * 10**6)\n        n += 1\n"
    assert attempt(sandbox, program).outcome == "files"


def test_the_number_of_files_is_bounded(sandbox: Sandbox) -> None:
    fits = "def attack():\n    for n in range(100):\n        open(str(n), 'w').close()\n    return n\n"
    assert attempt(sandbox, fits).value == 99
    endless = "def attack():\n    n = 0\n    while True:\n        open(str(n), 'w').close()\n        n += 1\n"
    assert attempt(sandbox, endless).outcome == "files"


def test_open_files_are_bounded(sandbox: Sandbox) -> None:
    program = "def attack(n):\n    return len([open('/dev/null') for _ in range(n)])\n"
    assert attempt(sandbox, program, 40).value == 40
    assert attempt(sandbox, program, 100).outcome == "files"


def test_endless_recursion_is_an_exception_of_the_learner(sandbox: Sandbox) -> None:
    seen = attempt(sandbox, "def attack(n=0):\n    return attack(n + 1)\n")
    assert seen.outcome == "raised" and seen.error is not None and seen.error.type == "RecursionError"
    deep = attempt(sandbox, "def attack(n=500):\n    return attack(n - 1) if n else 'bottom'\n")
    assert deep.value == "bottom"


def test_a_deep_folder_and_one_without_permissions_are_cleared_away(sandbox: Sandbox) -> None:
    program = (
        "import os\n"
        "def attack():\n"
        "    os.mkdir('shut', 0)\n"
        "    for _ in range(300):\n        os.mkdir('d'); os.chdir('d')\n"
        "    return 'made'\n"
    )
    assert attempt(sandbox, program).value == "made"
