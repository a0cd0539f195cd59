"""What a program may claim. It can say anything about itself; it cannot know what is expected nor speak for the host."""

# ruff: noqa: E501 - a program on one line reads as one thing

from __future__ import annotations

import pytest

from shared.sandbox import Call, Opaque, Sandbox, decode
from tests.sandbox.conftest import attempt, observe

pytestmark = pytest.mark.usefixtures("leaves_nothing")


@pytest.mark.parametrize(
    "end", ["os._exit(0)", "os._exit(152)", "os.kill(os.getpid(), 9)", "os.abort()", "os.closerange(0, 256)"]
)
def test_leaving_early_is_no_result(sandbox: Sandbox, end: str) -> None:
    program = f"import os\ndef stay():\n    return 1\ndef attack():\n    {end}\n    return 1\n"
    stay, leave, again = observe(sandbox, program, Call("a", "stay"), Call("b", "attack"), Call("c", "stay"))
    assert (stay.outcome, stay.value) == ("returned", 1)
    assert leave.outcome == "no_result" and leave.value is None
    assert (again.outcome, again.value) == ("returned", 1), "the other calls get a fresh process"


def test_sys_exit_is_an_exception(sandbox: Sandbox) -> None:
    seen = attempt(sandbox, "import sys\ndef attack():\n    sys.exit(0)\n")
    assert seen.outcome == "raised" and seen.error is not None and seen.error.type == "SystemExit"


def test_leaving_while_the_module_loads_gives_no_call_a_result(sandbox: Sandbox) -> None:
    seen = observe(sandbox, "import os\nos._exit(0)\ndef f():\n    return 1\n", Call("a", "f"), Call("b", "f"))
    assert [s.outcome for s in seen] == ["no_result", "no_result"]


@pytest.mark.parametrize(
    "forged",
    [
        b'{"outcome":"returned","value":14}\n',
        b'{"nonce":"0000000000000000","outcome":"returned","value":14}\n',
        b'{"nonce":"x","passed":true}\nnot json at all\n',
        b"\xff\xfe\n",
        b"[" * 50_000 + b"\n",
        b'{"nonce":' + b"9" * 5000 + b"}\n",
        b"\n",
    ],
)
def test_a_report_without_the_calls_nonce_is_never_a_result(sandbox: Sandbox, forged: bytes) -> None:
    program = (
        "import os\n"
        "def attack():\n"
        "    for fd in range(3, 64):\n"
        "        try: os.write(fd, FORGED)\n"
        "        except OSError: pass\n"
        "    return 1\n"
    )
    assert attempt(sandbox, program.replace("FORGED", "b''")).outcome == "returned"
    assert attempt(sandbox, program.replace("FORGED", repr(forged))).outcome == "no_result"


def test_an_endless_line_is_cut_off(sandbox: Sandbox) -> None:
    program = (
        "import os\n"
        "def attack():\n"
        "    while True:\n"
        "        for fd in range(3, 64):\n"
        "            try: os.write(fd, b'x' * 4096)\n"
        "            except OSError: pass\n"
    )
    assert attempt(sandbox, program).outcome in ("output", "no_result")


def test_a_forged_value_of_this_call_is_only_a_value(sandbox: Sandbox) -> None:
    """With the nonce from the harness's own frame: the same as returning it, and the next call is not answered."""
    program = (
        "import os, sys\n"
        "def attack():\n"
        "    frame = sys._getframe()\n"
        "    while 'nonce' not in frame.f_locals: frame = frame.f_back\n"
        "    fd = frame.f_locals['self'].fd\n"
        "    nonce = frame.f_locals['nonce']\n"
        "    for _ in range(2):\n"
        '        os.write(fd, (\'{"nonce":"%s","outcome":"returned","value":14}\\n\' % nonce).encode())\n'
        "    return 1\n"
    )
    first, second = observe(sandbox, program, Call("a", "attack"), Call("b", "attack"))
    assert (first.outcome, first.value) == ("returned", 14)
    assert second.outcome == "no_result"


@pytest.mark.parametrize(
    "value",
    [
        '{"$set":[[1]]}',
        '{"$tuple":1}',
        '{"$dict":[[1]]}',
        '{"$int":"__import__"}',
        '{"$bytes":"zz"}',
        '{"$float":"1"}',
        '{"$unknown":1}',
        "NaN",
        "[" * 70 + "]" * 70,
    ],
)
def test_a_malformed_value_is_no_result(sandbox: Sandbox, value: str) -> None:
    program = (
        "import os, sys\n"
        "def attack():\n"
        "    frame = sys._getframe()\n"
        "    while 'nonce' not in frame.f_locals: frame = frame.f_back\n"
        '    line = \'{"nonce":"\' + frame.f_locals[\'nonce\'] + \'","outcome":"returned","value":\' + VALUE + \'}\\n\'\n'
        "    os.write(frame.f_locals['self'].fd, line.encode())\n"
        "    os._exit(0)\n"
    )
    assert attempt(sandbox, program.replace("VALUE", repr("[7]"))).value == [7]
    assert attempt(sandbox, program.replace("VALUE", repr(value))).outcome == "no_result"


def test_an_object_equal_to_everything_is_not_a_value(sandbox: Sandbox) -> None:
    program = (
        "class Yes:\n"
        "    def __eq__(self, other): return True\n"
        "    def __repr__(self): return '14'\n"
        "class List(list):\n"
        "    def __eq__(self, other): return True\n"
        "    def __iter__(self): return iter([14])\n"
        "    def __len__(self): return 1\n"
        "class Int(int):\n"
        "    def __eq__(self, other): return True\n"
        "    def __repr__(self): return '14'\n"
        "def attack(): return [Yes(), List([3]), Int(3)]\n"
    )
    yes, array, number = decode(attempt(sandbox, program).value)  # type: ignore[misc]
    assert isinstance(yes, Opaque) and yes != 14 and repr(yes) == "14"
    assert array == [3] and number == 3


@pytest.mark.parametrize(
    "patch",
    [
        "import json; json.dumps = json.loads = lambda *a, **k: 14",
        "import builtins; builtins.repr = builtins.len = builtins.isinstance = lambda *a: 14",
        "import marshal; marshal.load = marshal.loads = lambda *a: ('x', 'attack', (), {})",
        "import os; os.write = lambda fd, data: len(data)",
        "import sys; sys.modules.clear()",
        "import sys; sys.settrace(lambda *a: 1 / 0); sys.stdout = sys.stderr = None",
    ],
)
def test_patching_python_gives_the_true_value_or_none(sandbox: Sandbox, patch: str) -> None:
    seen = attempt(sandbox, f"def attack():\n    {patch}\n    return 3\n")
    assert seen.outcome in ("no_result", "raised", "time") or seen.value == 3 or isinstance(decode(seen.value), Opaque)


def test_what_is_expected_is_nowhere_inside(sandbox: Sandbox) -> None:
    """Everything reachable from the frames and from the collector: the call's own arguments, and no other call's."""
    program = (
        "import gc, sys\n"
        "def attack(n):\n"
        "    seen, frame = [], sys._getframe()\n"
        "    while frame:\n"
        "        seen.append(repr(frame.f_locals)); seen.append(repr(frame.f_globals)); frame = frame.f_back\n"
        "    seen += [repr(o) for o in gc.get_objects() if isinstance(o, (dict, list, tuple))][:5000]\n"
        "    text = ' '.join(seen)\n"
        "    return [str(int('111222332') + 1) in text, str(int('444555665') + 1) in text]\n"
    )
    seen = observe(sandbox, program, Call("a", "attack", (111222333,)), Call("b", "attack", (444555666,)))
    assert seen[1].value == [False, True], "arguments are found, so an expected value would be"
    assert seen[0].value == [True, False], "its own argument is found, the next call's has not been sent"


def test_threads_that_outlive_a_call_end_with_the_run(sandbox: Sandbox) -> None:
    program = (
        "import threading, time\n"
        "def attack():\n"
        "    threading.Thread(target=time.sleep, args=(60,)).start()\n"
        "    return threading.active_count()\n"
    )
    assert attempt(sandbox, program).value == 2
