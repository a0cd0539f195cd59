"""Output is told while it is written, and is the same as when it is told at the end."""

# ruff: noqa: E501 - a program on one line reads as one thing

from __future__ import annotations

import time

import pytest

from shared.sandbox import Call, Observation, Printed, Sandbox

pytestmark = pytest.mark.usefixtures("leaves_nothing")


def streamed(sandbox: Sandbox, program: str, *calls: Call) -> list[Observation | Printed]:
    with sandbox.run(program, calls, streamed=True) as run:
        return list(run)


def joined(items: list[Observation | Printed], call: str, stream: str) -> str:
    return "".join(i.text for i in items if isinstance(i, Printed) and (i.call, i.stream) == (call, stream))


def test_output_is_told_while_the_call_runs(sandbox: Sandbox) -> None:
    program = "import time\ndef f():\n    print('first')\n    time.sleep(1)\n    print('second')\n    return 1\n"
    with sandbox.run(program, [Call("a", "f")], streamed=True) as run:
        began = time.monotonic()
        assert next(run) == Printed("a", "stdout", "first\n")
        assert time.monotonic() - began < 0.9
        assert next(run) == Printed("a", "stdout", "second\n")
        assert time.monotonic() - began > 0.9
        last = next(run)
        assert isinstance(last, Observation) and (last.value, last.stdout) == (1, "first\nsecond\n")


def test_each_calls_output_comes_before_its_observation(sandbox: Sandbox) -> None:
    program = "import sys\nprint('loading')\ndef f(n):\n    print('out', n)\n    print('err', n, file=sys.stderr)\n    return n\n"
    items = streamed(sandbox, program, Call("a", "f", (1,)), Call("b", "f", (2,)))
    order = [item.call for item in items]
    assert order == sorted(order)
    for call, out in (("a", "loading\nout 1\n"), ("b", "out 2\n")):
        of_call = [item for item in items if item.call == call]
        assert [type(item) for item in of_call] == [Printed] * (len(of_call) - 1) + [Observation]
        last = of_call[-1]
        assert isinstance(last, Observation)
        assert joined(items, call, "stdout") == last.stdout == out
        assert joined(items, call, "stderr") == last.stderr


def test_a_character_in_two_halves_is_one(sandbox: Sandbox) -> None:
    program = "import os, time\ndef f():\n    for byte in '🎈ñ'.encode():\n        os.write(1, bytes([byte])); time.sleep(0.02)\n"
    items = streamed(sandbox, program, Call("a", "f"))
    assert joined(items, "a", "stdout") == "🎈ñ"
    assert all("\ufffd" not in item.text for item in items if isinstance(item, Printed))


def test_a_half_that_stays_alone_is_shown_as_broken(sandbox: Sandbox) -> None:
    program = "import os\ndef f():\n    os.write(1, b'a\\xf0\\x9f')\n"
    items = streamed(sandbox, program, Call("a", "f"), Call("b", "f"))
    assert joined(items, "a", "stdout") == joined(items, "b", "stdout") == "a\ufffd"


def test_a_flood_is_cut_at_the_same_bound(sandbox: Sandbox) -> None:
    items = streamed(sandbox, "def f():\n    while True: print('x' * 99)\n", Call("a", "f"), Call("b", "f"))
    first, second = (item for item in items if isinstance(item, Observation))
    # Where the flood is read before the answer that the program is loaded, it is the program that ended: for every call.
    assert (first.outcome, second.outcome) in {("output", "no_result"), ("output", "output")}
    assert joined(items, "a", "stdout") == first.stdout and len(first.stdout) <= 64 * 1024


def test_a_steady_trickle_does_not_keep_the_bounds_from_being_looked_at(sandbox: Sandbox) -> None:
    program = "import time\ndef f():\n    n = 0\n    while True:\n        print(n); open(str(n), 'w').close(); n += 1\n"
    last = streamed(sandbox, program, Call("a", "f"))[-1]
    assert isinstance(last, Observation) and last.outcome == "files"


def test_the_output_of_a_program_that_crashes_was_told(sandbox: Sandbox) -> None:
    items = streamed(sandbox, "print('here')\nimport os\nos.abort()\n", Call("a", ""))
    last = items[-1]
    assert joined(items, "a", "stdout") == "here\n"
    assert isinstance(last, Observation) and (last.outcome, last.stdout) == ("no_result", "here\n")
