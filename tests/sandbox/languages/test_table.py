"""The table of languages: who is refused and what it says, what a compiler may use, and each bound of memory alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.errors import InvalidInput, SandboxUnavailable
from shared.sandbox import Call, Limits, Mode, Observation, Sandbox
from shared.sandbox import bubblewrap as bubblewrap_mode
from shared.sandbox import landlock as landlock_mode
from shared.sandbox.languages import LANGUAGES, golang, javascript, languages_here
from shared.sandbox.languages.language import Source
from shared.sandbox.start import harness_setup

MODES: tuple[Mode, ...] = ("bubblewrap", "landlock")


def told(sandbox: Sandbox, language: str, program: str, *calls: Call) -> list[Observation]:
    with sandbox.run(program, calls, language=language) as run:
        return list(run)


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    found = (javascript.typescript, golang.go)
    monkeypatch.setattr(javascript, "esbuild_path", lambda: Path("/nowhere/esbuild"))
    monkeypatch.setattr(golang, "library", lambda: Path("/nowhere/library"))
    for find in found:
        find.cache_clear()
    yield
    for find in found:
        find.cache_clear()


@pytest.mark.usefixtures("nothing_installed")
def test_a_language_that_is_not_installed_is_refused_with_what_to_do_and_python_runs() -> None:
    sandbox = Sandbox(warm=False)
    for language in ("typescript", "go"):
        with pytest.raises(SandboxUnavailable) as refusal:
            sandbox.run("", [Call("a", "f")], language=language)
        assert "make languages" in (refusal.value.hint or "")
        assert "make languages" in languages_here()[language]
    assert told(sandbox, "python", "def f():\n    return 1\n", Call("a", "f"))[0].value == 1
    assert languages_here()["python"] == ""


def test_every_language_is_installed_where_these_tests_run() -> None:
    assert languages_here() == dict.fromkeys(("python", *LANGUAGES), "")


def test_an_unknown_language_is_the_callers_mistake() -> None:
    with pytest.raises(InvalidInput, match="cobol"):
        Sandbox(warm=False).run("", [Call("a", "f")], language="cobol")


@pytest.mark.parametrize("language", LANGUAGES)
def test_keyword_arguments_are_pythons_alone(language: str) -> None:
    with pytest.raises(InvalidInput, match="keyword arguments"):
        Sandbox(warm=False).run("", [Call("a", "f", (), {"n": 1})], language=language)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.usefixtures("leaves_nothing")
def test_compiling_is_bounded_and_is_not_the_runs_time(mode: Mode) -> None:
    many = "package main\n\n" + "".join(
        f"func f{n}(a []int) int {{ return a[{n}] + a[{n + 1}] * len(a) }}\n" for n in range(30_000)
    )
    seen = told(Sandbox(mode=mode, warm=False, limits=Limits(compile_seconds=1)), "go", many, Call("a", "f1", ([1],)))
    assert seen[0].outcome == "compile_error"
    assert seen[0].error is not None and seen[0].error.type == "CompileTime"
    little = Limits(wall_seconds=0.2)  # less than compiling takes
    few = "package main\n\nfunc f() int { return 1 }\n"
    assert told(Sandbox(mode=mode, warm=False, limits=little), "go", few, Call("a", "f"))[0].outcome == "returned"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("leaves_nothing")
def test_a_cancelled_run_is_ended_at_once_and_leaves_nothing(mode: Mode, language: str) -> None:
    program = {
        "javascript": "function f() { for (;;) {} }\n",
        "typescript": "export function f(): never { for (;;) {} }\n",
        "go": "package main\n\nfunc f() {\n\tfor {\n\t}\n}\n",
    }[language]
    sandbox = Sandbox(mode=mode, warm=False, limits=Limits(cpu_seconds=20, wall_seconds=20))
    with sandbox.run(program, [Call("a", "f")], language=language) as run:
        threading.Timer(1.0, run.cancel).start()
        began = time.monotonic()
        assert list(run) == []
    assert time.monotonic() - began < 5


TAKE = """
async function take(n) {
  const kept = new Uint8Array(n * 2 ** 20).fill(1)
  await new Promise((go) => setTimeout(go, 300))
  return kept.length / 2 ** 20
}
"""


def taken(mib: int, monkeypatch: pytest.MonkeyPatch, *, kernel: bool, watch: bool) -> str:
    sandbox = Sandbox(mode="bubblewrap", warm=False)
    with monkeypatch.context() as patch:
        if not kernel:
            unbounded = replace(LANGUAGES["javascript"], reserved_bytes=8 << 30, address_bytes=16 << 30)
            patch.setitem(LANGUAGES, "javascript", unbounded)
        if not watch:
            patch.setattr(bubblewrap_mode, "memory_of_all", lambda *_: 0)
        return told(sandbox, "javascript", TAKE, Call("a", "take", (mib,)))[0].outcome


def test_each_bound_of_memory_holds_alone_and_without_both_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert taken(64, monkeypatch, kernel=True, watch=True) == "returned"
    assert taken(600, monkeypatch, kernel=True, watch=False) == "memory"
    assert taken(600, monkeypatch, kernel=False, watch=True) == "memory"
    assert taken(600, monkeypatch, kernel=False, watch=False) == "returned"


def test_memory_shared_between_nobody_is_bounded_by_the_kernel_too(monkeypatch: pytest.MonkeyPatch) -> None:
    program = (
        'package main\n\nimport "syscall"\n\nfunc take(n int) (int, error) {\n'
        "\tkept, err := syscall.Mmap(-1, 0, n<<20, syscall.PROT_READ|syscall.PROT_WRITE,"
        " syscall.MAP_SHARED|syscall.MAP_ANON)\n"
        "\tfor i := 0; i < len(kept); i += 4096 {\n\t\tkept[i] = 1\n\t}\n\treturn len(kept) >> 20, err\n}\n"
    )
    monkeypatch.setattr(bubblewrap_mode, "memory_of_all", lambda *_: 0)
    sandbox = Sandbox(mode="bubblewrap", warm=False)
    fits, bursts = told(sandbox, "go", program, Call("a", "take", (64,)), Call("b", "take", (600,)))
    assert (fits.outcome, fits.value, bursts.outcome) == ("returned", 64, "memory")


def test_threads_are_counted_where_no_uid_of_its_own_bounds_them(monkeypatch: pytest.MonkeyPatch) -> None:
    program = (
        'package main\n\nimport (\n\t"runtime"\n\t"time"\n)\n\n'
        "func hold(n int) int {\n\tfor range n {\n\t\tgo func() {\n"
        "\t\t\truntime.LockOSThread()\n\t\t\ttime.Sleep(time.Second)\n\t\t\tfor {\n\t\t\t}\n\t\t}()\n\t}\n"
        "\ttime.Sleep(500 * time.Millisecond)\n\treturn n\n}\n"
    )

    def without_own_uid(*args: Any, **more: Any) -> dict[str, object]:
        return harness_setup(*args, **{**more, "own_uid": False})

    monkeypatch.setattr(landlock_mode, "harness_setup", without_own_uid)
    sandbox = Sandbox(mode="landlock", warm=False)
    few, many = told(sandbox, "go", program, Call("a", "hold", (5,)), Call("b", "hold", (100,)))
    assert (few.value, many.outcome) == (5, "processes")


def test_a_program_gets_its_compilers_neither_filter_nor_limits() -> None:
    source = Source(LANGUAGES["go"], "package main\n", ("f",))
    common = {"rlimits": [("RLIMIT_CPU", 2, 3), ("RLIMIT_AS", 1, 1), ("RLIMIT_NOFILE", 64, 64)], "nonce": "n"}
    setup = source.setup(common, Limits(), 2)
    assert setup["rlimits"] == [("RLIMIT_NOFILE", 64, 64)]
    assert ("RLIMIT_FSIZE", Limits().file_bytes, Limits().file_bytes) in setup["run_rlimits"]  # type: ignore[operator]
    assert setup["seccomp_run"]
    assert source.setup(common, Limits(), 2, walls=False)["seccomp_run"] == b""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_languages_suffixes_are_its_own(language: str) -> None:
    others = [suffix for name, entry in LANGUAGES.items() if name != language for suffix in entry.suffixes]
    assert LANGUAGES[language].suffixes and not set(LANGUAGES[language].suffixes) & {*others, ".py"}
