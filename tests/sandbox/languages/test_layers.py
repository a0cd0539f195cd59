"""What stands around a program that is not Python's counts, layer by layer: with one alone removed the same program
gets through. What a launcher shares with every run is in `tests/sandbox/test_layers.py`."""

# ruff: noqa: E501 - a program on one line reads as one thing

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from shared.sandbox import Call, Limits, Mode, Sandbox, seccomp, start
from shared.sandbox.languages.language import Source

table = import_module("shared.sandbox.languages.language")
"""By name: the package has a function that is called as its module is."""

LIMITS = Limits(cpu_seconds=4, wall_seconds=20)

STARTS = {
    "javascript": "function attack() { const { error } = require('node:child_process').spawnSync('/nothing'); return error.code === 'ENOENT' ? 'through' : error.code }",
    "go": 'package main\n\nimport "syscall"\n\nfunc attack() string {\n\tpid, _, err := syscall.RawSyscall6(syscall.SYS_CLONE, uintptr(syscall.SIGCHLD), 0, 0, 0, 0, 0)\n\tif err != 0 {\n\t\treturn err.Error()\n\t}\n\tif pid == 0 {\n\t\tsyscall.RawSyscall(syscall.SYS_EXIT, 0, 0, 0)\n\t}\n\tvar status syscall.WaitStatus\n\tsyscall.Wait4(int(pid), &status, 0, nil)\n\treturn "through"\n}\n',
}
"""A process of its own. The filter of the launcher, which starts compilers, allows that."""

WRITES = {
    "javascript": "function attack() { require('node:fs').writeFileSync('f', Buffer.alloc(3_000_000)); return 'through' }",
    "go": 'package main\n\nimport "os"\n\nfunc attack() (string, error) { return "through", os.WriteFile("f", make([]byte, 3_000_000), 0o600) }\n',
}

READS = {
    "javascript": "function attack() { const found = []; for (let fd = 3; fd < 4096; fd++) try { require('node:fs').fstatSync(fd); found.push(fd) } catch {} return found.length }",
    "go": 'package main\n\nimport "syscall"\n\nfunc attack() int {\n\tfound := 0\n\tvar stat syscall.Stat_t\n\tfor fd := 3; fd < 4096; fd++ {\n\t\tif syscall.Fstat(fd, &stat) == nil {\n\t\t\tfound++\n\t\t}\n\t}\n\treturn found\n}\n',
}
"""How many descriptors it has."""


@pytest.fixture(
    params=[(mode, warm) for mode in ("bubblewrap", "landlock") for warm in (False, True)],
    ids=lambda p: f"{p[0]}-{'warm' if p[1] else 'cold'}",
)
def form(request: pytest.FixtureRequest) -> tuple[Mode, bool]:
    mode: tuple[Mode, bool] = request.param
    return mode


def run(form: tuple[Mode, bool], language: str, program: str) -> object:
    mode, warm = form
    with (
        Sandbox(mode=mode, warm=warm, limits=LIMITS) as sandbox,
        sandbox.run(program, [Call("attack", "attack")], language=language) as going,
    ):
        (seen,) = going
    return seen.value if seen.outcome == "returned" else seen.outcome


def without(patch: pytest.MonkeyPatch, **parts: Any) -> None:
    """The launcher's setup with something otherwise."""
    setup = Source.setup

    def changed(self: Source, *args: Any, **rest: Any) -> dict[str, object]:
        return {**setup(self, *args, **rest), **parts}

    patch.setattr(Source, "setup", changed)


@pytest.mark.parametrize("language", STARTS)
def test_the_filter_of_the_program(form: tuple[Mode, bool], language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(form, language, STARTS[language]) != "through"
    without(monkeypatch, seccomp_run=seccomp._op(seccomp.RETURN, seccomp.ALLOW))
    assert run(form, language, STARTS[language]) == "through"


@pytest.mark.parametrize("language", WRITES)
def test_the_limits_of_the_program(form: tuple[Mode, bool], language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of them: they are set in one place. The launcher's own, which are wider, are out of the way in both."""
    limits = start.rlimits
    monkeypatch.setattr(start, "rlimits", lambda *a, **k: [one for one in limits(*a, **k) if one[0] != "RLIMIT_FSIZE"])
    assert run(form, language, WRITES[language]) != "through"
    both = table._both
    monkeypatch.setattr(table, "_both", lambda name, value: both(name, 10**9 if name == "RLIMIT_FSIZE" else value))
    assert run(form, language, WRITES[language]) == "through"


@pytest.mark.parametrize("language", READS)
def test_only_its_own_descriptors_are_left_to_the_program(
    form: tuple[Mode, bool], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = run(form, language, READS[language])
    assert isinstance(few, int)
    code_of = table.code_of

    def leaky(name: str) -> bytes:
        if name != "launch":
            return code_of(name)
        ours = start.Path(start.__file__).parent / "inside" / "launch.py"
        closes = "        os.closerange(max(top, 2) + 1, 4096)\n"
        opens = "        [os.set_inheritable(os.dup(2), True) for _ in range(5)]\n"
        source = ours.read_text("utf-8")
        assert closes in source
        return start.marshal.dumps(compile(source.replace(closes, opens), "<launch>", "exec", dont_inherit=True))

    monkeypatch.setattr(table, "code_of", leaky)
    seen = run(form, language, READS[language])
    assert isinstance(seen, int) and seen > few
