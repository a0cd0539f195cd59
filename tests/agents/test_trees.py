"""What is said of JavaScript, TypeScript and Go programs rests on going through them on paper: it comes to what the
sandbox gives, ends within its bounds, blames nothing that other cases speak against, and is not loaded for Python."""

from __future__ import annotations

import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.feedback.diagnosis import diagnose, trees
from functions.feedback.diagnosis.trees.seeing import agree
from functions.feedback.diagnosis.trees.walking.trace import Trace
from functions.feedback.failure import Failure, Raised, failures
from functions.feedback.wording import LIMIT, failing
from shared.judging.verdict import value_of
from shared.sandbox import Call, Sandbox
from tests.agents import golden_cases

ELSEWHERE = [folder for folder in golden_cases.FOLDERS if golden_cases.language(folder) != "python"]
HELD = [f for f in ELSEWHERE if f.name not in {"go-append-ignored", "go-nil-map"}]
"""Those that ran: the one is not compiled, of the other the message says enough."""

WALKED = tomllib.loads(Path(__file__).with_name("walked.toml").read_text("utf-8"))
IMPORTS = ("fmt", "sort", "strings", "unicode")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(limits=golden_cases.LIMITS) as made:
        yield made


def walked(code: str, language: str, arguments: Sequence[object]) -> object:
    case = trees.case(code, "f", Failure("c", True, "wrong", input="f()"), language)
    assert case is not None
    return Trace(case.seen.tree, case.seen.language).run(list(arguments))


def in_sandbox(sandbox: Sandbox, code: str, language: str, arguments: Sequence[object]) -> object:
    with sandbox.run(code, [Call("c", "f", tuple(arguments))], language=language) as run:
        (seen,) = run
    assert seen.outcome == "returned", seen
    return value_of(seen)


@pytest.mark.parametrize("program", WALKED["script"], ids=lambda program: program["name"])
@pytest.mark.parametrize("language", ["javascript", "typescript"])
def test_going_through_a_script_comes_to_what_the_sandbox_gives(
    sandbox: Sandbox, program: dict[str, Any], language: str
) -> None:
    code = f"function f(xs) {{\n{program['body']}}}\n"
    assert agree(walked(code, language, [program["xs"]]), in_sandbox(sandbox, code, language, [program["xs"]]))


@pytest.mark.parametrize("program", WALKED["go"], ids=lambda program: program["name"])
def test_going_through_a_go_program_comes_to_what_the_sandbox_gives(sandbox: Sandbox, program: dict[str, Any]) -> None:
    body = program["body"]
    used = "".join(f'import "{one}"\n' for one in IMPORTS if f"{one}." in body)
    code = f"package main\n\n{used}\nfunc f(xs []int) {program['gives']} {{\n{body}}}\n"
    assert agree(walked(code, "go", [[1, 2, 3]]), in_sandbox(sandbox, code, "go", [[1, 2, 3]]))


@pytest.mark.parametrize("folder", HELD, ids=lambda folder: folder.name)
def test_going_through_a_golden_case_comes_to_what_its_run_gave(folder: Path) -> None:
    entry = golden_cases.wanted(folder)["entry"]
    (failure,) = failures(golden_cases.report(folder), entry)
    case = trees.case(golden_cases.code(folder), entry, failure, golden_cases.language(folder))
    assert case is not None
    assert case.seen.agrees


ROPE = "function f(length, knots) {\n  const need = length + knots * 15 + 6;\n  return Math.ceil(need / 10) * 10;\n}\n"


def test_what_another_case_speaks_against_is_not_blamed() -> None:
    failure = Failure("c", True, "wrong", "failed", "f(75, 0)", "80", "90")
    assert diagnose(ROPE, "f", failure, "javascript").cause == "rounding"  # of this case alone it could be
    others = [
        Failure("d", True, "wrong", input=call, expected=expected)
        for call, expected in (("f(100, 2)", "140"), ("f(91, 3)", "150"))
    ]
    found = diagnose(ROPE, "f", failure, "javascript", others)
    assert (found.cause, found.line) == ("result-expression", 3)


def test_a_case_that_fails_too_must_be_explained_by_what_might_be_chance() -> None:
    code = "function f(n) {\n  if (n > 3) {\n    return 1;\n  }\n  return 2;\n}\n"
    failure = Failure("c", True, "wrong", "failed", "f(3)", "1", "2")
    assert diagnose(code, "f", failure, "javascript").cause == "boundary"
    other = Failure("d", True, "wrong", input="f(2)", expected="1")
    assert diagnose(code, "f", failure, "javascript", [other]).cause == "branch-not-held"


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("javascript", "function f(n) { while (true) { n += 1; } }"),
        ("javascript", "function f(n) { return f(n + 1); }"),
        ("javascript", "function f(n) { let s = 'x'; while (true) { s += s; } }"),
        ("javascript", "function f(n) { const a = [n]; for (const x of a) { a.push(x); } }"),
        ("javascript", "function f(n) { return 'x'.repeat(1e9).length + 10 ** 400; }"),
        ("javascript", "function f(n) { return 'x'.padStart(1e10).length + (1.5).toFixed(99); }"),
        ("javascript", "function f(n) { return [...Array.from({ length: 1e10 }, () => n)]; }"),
        ("typescript", "function f(n) { return new Array(1e9).fill(0).map((x) => x); }"),
        ("go", "package main\n\nfunc f(n int) int {\n\tfor {\n\t\tn++\n\t}\n}\n"),
        (
            "go",
            'package main\n\nimport "strings"\n\nfunc f(n int) int {\n\treturn len(strings.Repeat("x", 1<<40))\n}\n',
        ),
        ("go", 'package main\n\nimport "fmt"\n\nfunc f(n int) int {\n\treturn len(fmt.Sprintf("%999999999d", n))\n}\n'),
        ("go", "package main\n\nfunc f(n int) int {\n\treturn len(make([]int, 1<<40))\n}\n"),
        ("javascript", f"function f(n) {{ return {'+'.join(['n'] * 900)}; }}"),
        ("javascript", f"function f(n) {{ return {'(' * 900}n{')' * 900}; }}"),
    ],
)
def test_a_program_without_an_end_or_of_any_size_is_left_in_time(language: str, code: str) -> None:
    began = time.process_time()
    for kind in ("wrong", "raised", "time"):
        failure = Failure("c", True, kind, "", "f(3)", "4", "3", None, {}, Raised("RangeError", "stack", 1))  # type: ignore[arg-type]
        diagnose(code, "f", failure, language)
    assert time.process_time() - began < 2.0


TEXTS = {folder: golden_cases.code(folder) for folder in ELSEWHERE}


@settings(max_examples=150, deadline=None)
@given(
    folder=st.sampled_from(ELSEWHERE),
    cut=st.tuples(st.floats(0, 1), st.integers(0, 12)),
    put=st.sampled_from(["", ";", "{", "return ", "=> ", "[]", "let x = ", "()", "xs", ".length", "0"]),
    kind=st.sampled_from(["wrong", "wrong", "raised", "time", "limit"]),
    got=st.sampled_from(["undefined", "nan", "[1, undefined]", "3", '"a"', "{ a: 1 }", 'prints "x"', ""]),
    visible=st.booleans(),
)
def test_whatever_a_program_looks_like_it_gets_a_cause(
    folder: Path, cut: tuple[float, int], put: str, kind: str, got: str, visible: bool
) -> None:
    text = TEXTS[folder]
    at = int(cut[0] * len(text))
    code = text[:at] + put + text[at + cut[1] :]
    (golden,) = failures(golden_cases.report(folder), golden_cases.wanted(folder)["entry"])
    failure = Failure(
        "c",
        visible,
        kind,
        "memory",
        golden.input,
        golden.expected,
        got,
        None,
        {},
        Raised("TypeError", "stack", 2),  # type: ignore[arg-type]
    )
    found = diagnose(code, golden_cases.wanted(folder)["entry"], failure, golden_cases.language(folder), [golden])
    assert all(0 < len(way) <= LIMIT for way in failing("es", failure, found, 0))


def test_who_has_only_python_to_explain_does_not_load_the_parsers() -> None:
    program = (
        "import sys\n"
        "from functions.feedback.diagnosis import diagnose\n"
        "from functions.feedback.failure import Failure\n"
        "diagnose('def f(n):\\n    return n\\n', 'f', Failure('c', True, 'wrong', '', 'f(1)', '2', '1', 2))\n"
        "assert not [name for name in sys.modules if name.startswith('tree_sitter') or '.trees' in name]\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)
