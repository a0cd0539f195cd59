"""What a call brings besides arguments: input, files, or the whole program as its main program."""

# ruff: noqa: E501 - a program on one line reads as one thing

from __future__ import annotations

import pytest

from shared.errors import InvalidInput
from shared.sandbox import Call, Sandbox
from shared.sandbox.contract import FILES, FILES_BYTES, STDIN_BYTES
from tests.sandbox.conftest import observe

pytestmark = pytest.mark.usefixtures("leaves_nothing")

READ_ALL = "import sys\ndef f():\n    return sys.stdin.read()\n"
LOOK = "import os\ndef f(name='in.txt'):\n    with open(name) as file:\n        return file.read()\ndef names():\n    return sorted(os.listdir('.'))\n"


def test_each_call_has_its_own_input(sandbox: Sandbox) -> None:
    seen = observe(
        sandbox,
        READ_ALL,
        Call("a", "f", stdin="uno\ndos"),
        Call("b", "f"),
        Call("c", "f", stdin="ñ 🎈"),
        Call("d", "f"),
    )
    assert [one.value for one in seen] == ["uno\ndos", "", "ñ 🎈", ""]


def test_input_is_read_line_by_line_and_ends(sandbox: Sandbox) -> None:
    program = "def f():\n    read = []\n    while True:\n        try: read.append(input('? '))\n        except EOFError: return read\n"
    one = observe(sandbox, program, Call("a", "f", stdin="3\n4\n"))[0]
    assert (one.value, one.stdout) == (["3", "4"], "? ? ? ")


def test_the_longest_input_arrives_whole(sandbox: Sandbox) -> None:
    program = "import sys\ndef f():\n    return len(sys.stdin.read())\n"
    assert observe(sandbox, program, Call("a", "f", stdin="x" * STDIN_BYTES))[0].value == STDIN_BYTES


def test_each_call_has_its_own_files(sandbox: Sandbox) -> None:
    seen = observe(
        sandbox,
        LOOK,
        Call("a", "f", files={"in.txt": "uno\nñ"}),
        Call("b", "f", files={"in.txt": "dos"}),
        Call("c", "names", files={"b.csv": "1,2\n", "a.csv": ""}),
        Call("d", "names"),
    )
    assert [one.value for one in seen] == ["uno\nñ", "dos", ["a.csv", "b.csv"], []]


PLANTED = {
    "a link to a file outside": "os.symlink('/etc/passwd', 'in.txt')",
    "a link to a device": "os.symlink('/dev/zero', 'in.txt')",
    "a link to nothing": "os.symlink('nowhere', 'in.txt')",
    "a link to itself": "os.symlink('in.txt', 'in.txt')",
    "a pipe that nobody reads": "os.mkfifo('in.txt')",
    "a folder": "os.mkdir('in.txt'); open('in.txt/x', 'w').close()",
    "a folder that cannot be looked into": "os.mkdir('in.txt', 0o300); os.mkdir('in.txt/x', 0)",
    "a file without rights": "os.close(os.open('in.txt', os.O_CREAT, 0))",
    "a second name of another file": "open('other', 'w').close(); os.link('other', 'in.txt')",
    "a file held open": "globals().update(kept=open('in.txt', 'w'))",
    "another current folder": "os.mkdir('deep'); os.chdir('deep')",
    "no current folder": "os.mkdir('deep'); os.chdir('deep'); os.rmdir('/'.join([os.getcwd()]))",
}


@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED.keys())
def test_a_file_is_fresh_whatever_an_earlier_call_put_in_its_place(sandbox: Sandbox, plant: str) -> None:
    program = LOOK + f"def plant():\n    {plant}\n    return 'planted'\n"
    planted, reading = observe(sandbox, program, Call("a", "plant"), Call("b", "f", files={"in.txt": "fresh"}))
    if planted.outcome != "returned":  # the wall already refuses it: nothing is planted
        assert planted.outcome in ("disallowed", "files"), planted
    assert (reading.outcome, reading.value) == ("returned", "fresh"), reading


def test_a_folder_filled_by_an_earlier_call_is_that_programs_fault(sandbox: Sandbox) -> None:
    program = (
        "import time\n"
        + LOOK
        + "def fill():\n    for n in range(20):\n        try: open(str(n), 'wb').write(b'x' * 10**6)\n        except OSError: break\n    time.sleep(0.2)\n    return n\n"
    )
    filled, reading = observe(sandbox, program, Call("a", "fill"), Call("b", "f", files={"in.txt": "x" * 200_000}))
    assert "files" in (filled.outcome, reading.outcome)  # Landlock's watch ends the call that did it


@pytest.mark.parametrize(
    "name", ["../x", "/etc/x", "a/b", "..", ".", "", ".hidden", "-rf", "a\0b", "a\nb", "x" * 65, "ñ", "a\\b", "~", "a b", "\ud800"]
)  # fmt: skip
def test_a_name_that_leaves_the_folder_is_refused_outside(sandbox: Sandbox, name: str) -> None:
    with pytest.raises(InvalidInput):
        sandbox.run(LOOK, [Call("a", "f", files={name: "x"})])


@pytest.mark.parametrize(
    "call",
    [
        Call("a", "f", stdin="x" * (STDIN_BYTES + 1)),
        Call("a", "f", stdin="ñ" * (STDIN_BYTES // 2 + 1)),
        Call("a", "f", stdin="\udc80"),
        Call("a", "f", files={f"f{n}": "" for n in range(FILES + 1)}),
        Call("a", "f", files={"a": "x" * FILES_BYTES}),
        Call("a", "f", files={"a": "\udc80"}),
    ],
    ids=["long", "long in bytes", "no text", "many files", "large files", "no text in a file"],
)
def test_too_much_is_refused_outside(sandbox: Sandbox, call: Call) -> None:
    with pytest.raises(InvalidInput):
        sandbox.run(LOOK, [call])


MAIN = (
    "import sys\nname = input()\nprint('hello', name)\nif __name__ == '__main__':\n    print('main', len(sys.argv))\n"
)


def test_a_main_program_answers_by_what_it_prints(sandbox: Sandbox) -> None:
    seen = observe(sandbox, MAIN, Call("a", "", stdin="Ada"), Call("b", "", stdin="Bob"))
    assert [(one.outcome, one.value, one.stdout) for one in seen] == [
        ("returned", None, "hello Ada\nmain 1\n"),
        ("returned", None, "hello Bob\nmain 1\n"),
    ]


def test_each_main_program_has_a_fresh_namespace(sandbox: Sandbox) -> None:
    program = "print('left' in globals())\nleft = 1\nimport __main__\nprint(__main__.left)\n"
    assert [one.stdout for one in observe(sandbox, program, Call("a", ""), Call("b", ""))] == ["False\n1\n"] * 2


def test_a_program_loaded_for_its_functions_is_also_run_when_asked(sandbox: Sandbox) -> None:
    program = "print(__name__)\ndef f():\n    return 1\n"
    seen = observe(sandbox, program, Call("a", "f"), Call("b", ""))
    assert [(one.value, one.stdout) for one in seen] == [(1, "solution\n"), (None, "__main__\n")]


def test_how_a_main_program_ends(sandbox: Sandbox) -> None:
    for end in ("sys.exit()", "sys.exit(0)", "raise SystemExit", "pass"):
        assert observe(sandbox, f"import sys\n{end}\n", Call("a", ""))[0].outcome == "returned"
    for end, name in (("sys.exit(3)", "SystemExit"), ("sys.exit('no')", "SystemExit"), ("1 / 0", "ZeroDivisionError")):
        one = observe(sandbox, f"import sys\n{end}\n", Call("a", ""))[0]
        assert one.outcome == "raised" and one.error is not None and (one.error.type, one.line) == (name, 2)


def test_a_main_program_waits_for_its_threads_and_then_does_what_it_registered(sandbox: Sandbox) -> None:
    program = (
        "import atexit, threading, time\n"
        "atexit.register(print, 'last')\n"
        "print('first')\n"
        "threading.Thread(target=lambda: (time.sleep(0.1), print('thread'))).start()\n"
    )
    assert observe(sandbox, program, Call("a", ""))[0].stdout == "first\nthread\nlast\n"


def test_a_main_program_that_cannot_be_compiled(sandbox: Sandbox) -> None:
    seen = observe(sandbox, "print(1\n", Call("a", ""), Call("b", ""))
    assert [(one.outcome, one.line, one.stdout) for one in seen] == [("syntax_error", 1, "")] * 2


def test_a_main_program_that_leaves_early_gives_the_next_a_process_of_its_own(sandbox: Sandbox) -> None:
    program = "import os\nn = input()\nprint(n, flush=True)\nif n == '1': os._exit(0)\n"
    seen = observe(sandbox, program, *(Call(n, "", stdin=n) for n in "121"))
    assert [(one.outcome, one.stdout) for one in seen] == [
        ("no_result", "1\n"),
        ("returned", "2\n"),
        ("no_result", "1\n"),
    ]


def test_files_come_with_a_main_program_too(sandbox: Sandbox) -> None:
    program = "for line in open('in.txt'):\n    print(line.strip())\n"
    assert observe(sandbox, program, Call("a", "", files={"in.txt": "1\n2\n"}))[0].stdout == "1\n2\n"
