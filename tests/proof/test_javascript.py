"""JavaScript and TypeScript are read without being executed, and proven by the same bar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.curriculum import Challenge, load
from shared.errors import Unavailable
from shared.proof.javascript import node
from shared.proof.prove import prove
from shared.proof.report import report
from shared.proof.sources import Source, read
from shared.proof.strengthen import added, strengthen
from shared.proof.trial import Trials
from shared.sandbox import Call, Sandbox

BANK = load().challenges
CALM, PARCELS = BANK["quiet-days"], BANK["parcel-weights"]
Break = Callable[[Challenge], Challenge]


def source(text: str, language: str = "javascript") -> Source:
    return read((text,), language)[0]


def test_mutants_are_whole_programs_one_slip_each_with_names_that_stay() -> None:
    mutants = source(CALM.reference).mutants()
    assert len({m.id for m in mutants}) == len(mutants) >= 8
    assert mutants == source(CALM.reference).mutants()
    assert {m.operator for m in mutants} >= {"EqualityOperator", "Number", "MethodExpression", "BlockStatement"}
    told = {m.words["en"] for m in mutants}
    assert "`wind > limit` becomes `wind >= limit`" in told
    assert all(source(m.source).broken is None for m in mutants)


def test_the_words_of_an_error_are_left_alone_and_types_stay() -> None:
    changed = source(PARCELS.reference, "typescript").mutants()
    assert all("too heavy" in m.source or m.operator == "BlockStatement" for m in changed)
    assert all("limit: number" in m.source for m in changed)


def test_a_mutant_that_never_ends_throws_instead(sandbox: Sandbox) -> None:
    text = "function f(n) {\n  let i = 0;\n  while (i < n) {\n    i++;\n  }\n  return i;\n}\n"
    backwards = next(m for m in source(text).mutants() if m.operator == "UpdateOperator")
    (seen,) = Trials(sandbox, "javascript").observed(backwards.source, [Call("one", "f", (3,))])
    assert seen.outcome == "raised"
    assert seen.ms < 900


def test_constants_functions_and_telling_lines_are_found() -> None:
    one = source("const rate = 2.5;\nexport const f = (a, b) => a + rate;\nfunction g() { return 'tea'; } // 7\n")
    assert one.constants() == ((2.5,), ("tea",))
    assert [(f.name, f.parameters) for f in one.functions] == [("f", 2), ("g", 0)]
    assert one.functions[1].tokens() == ["function", "n", "(", ")", "{", "return", "''", "}"]
    assert one.telling() == ["constrate=2.5", "exportconstf=(a,b)=>a+rate"]


@pytest.mark.parametrize(
    "text",
    ["function (", "let a = 1; let a = 2;", "x = " + "(" * 9_000 + "1" + ")" * 9_000, "//" + "x" * 70_000, "f(\0"],
)
def test_what_is_no_program_is_broken_and_ends_nobody(text: str) -> None:
    assert source(text).broken
    assert source("let a = 1;").broken is None


def test_nothing_that_is_read_is_executed() -> None:
    text = "process.exit(3);\nwhile (true) {}\nthrow new Error('no');\n"
    assert source(text).broken is None


def test_without_the_reader_s_packages_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(node, "ROOM", tmp_path)
    with pytest.raises(Unavailable) as caught:
        node.analysed(["1"], "javascript")
    assert "shared.proof.javascript.install" in (caught.value.hint or "")


def reference(old: str, new: str) -> Break:
    def broken(challenge: Challenge) -> Challenge:
        assert old in challenge.reference
        return replace(challenge, reference=challenge.reference.replace(old, new))

    return broken


def only(*ids: str) -> Break:
    return lambda challenge: replace(challenge, cases=tuple(c for c in challenge.cases if c.id in ids))


def hint(number: int, code: str) -> Break:
    def broken(challenge: Challenge) -> Challenge:
        rungs = list(challenge.hints["en"])
        rungs[number - 1] = f"So:\n\n```js\n{code}```\n"
        return replace(challenge, hints={**challenge.hints, "en": tuple(rungs)})

    return broken


def statement(old: str, new: str) -> Break:
    return lambda challenge: replace(
        challenge, statement={**challenge.statement, "en": challenge.statement["en"].replace(old, new)}
    )


OWN_NAMES = CALM.reference.replace("longest", "best").replace("present", "now").replace("winds", "list")
OTHER_BUILD = """function calm(list, most) {
  const text = list.map((x) => (x > most ? " " : "#")).join("");
  return text.split(" ").reduce((best, run) => (run.length > best ? run.length : best), 0);
}
"""

BROKEN: dict[str, tuple[Break, str]] = {
    "a wrong reference": (reference("wind > limit", "wind >= limit"), "reference_fails"),
    "a starter that passes": (lambda c: replace(c, starter=c.reference), "starter_passes"),
    "weak cases": (only("in-the-middle", "at-the-end", "never", "two-of-one-length"), "weak_cases"),
    "a lying example": (statement("// → 2", "// → 3"), "lying_example"),
    "an example that throws": (statement("longestCalm([11, 50], 10)", "longestCalm(null, 10)"), "lying_example"),
    "a hint with the solution": (hint(4, OWN_NAMES), "hint_gives_solution"),
    "a hint with another solution": (hint(4, OTHER_BUILD), "hint_gives_solution"),
    "a line of the reference": (hint(3, "longest = Math.max(longest, present);\n"), "hint_gives_solution"),
    "a lying hint": (hint(5, "1 + 1; // → 3\n"), "lying_example"),
    "a reference that throws dice": (
        reference("  let longest = 0;", "  if (Math.random() < 0.5) return 0;\n  let longest = 0;"),
        "reference_unstable",
    ),
    "a reference that is no program": (reference("function longestCalm(", "function ("), "does_not_compile"),
    "a starter that is no program": (lambda c: replace(c, starter="function ("), "starter_broken"),
    "no example": (statement("// →", "//"), "no_example"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_challenge_is_refused_with_its_reason(what: str, sandbox: Sandbox) -> None:
    breaking, code = BROKEN[what]
    proof = prove(breaking(CALM), sandbox, seed=1)
    assert code in proof.codes, [str(reason) for reason in proof.reasons]
    assert set(proof.codes) <= {code, "lying_example"}
    for reason in proof.reasons:
        assert all(reason.words[language] and "{" not in reason.code for language in ("en", "es"))


@pytest.mark.parametrize("challenge", [CALM, PARCELS], ids=lambda c: c.language)
def test_the_whole_challenge_is_proven(challenge: Challenge, sandbox: Sandbox) -> None:
    proof = prove(challenge, sandbox, seed=1)
    assert proof.proven, [str(reason) for reason in proof.reasons]
    assert all(fate.verdict == "killed" or fate.inputs >= 400 for fate in proof.fates)


def test_a_weak_suite_is_strengthened_and_reported(sandbox: Sandbox) -> None:
    weak = only("in-the-middle", "at-the-end", "never", "two-of-one-length")(CALM)
    before = prove(weak, sandbox, seed=1)
    strong = strengthen(weak, sandbox, seed=1)
    assert added(weak, strong.challenge)
    assert not [fate for fate in strong.fates if fate.verdict == "different"]
    assert "**Different**: `longestCalm([" in report(before)


def test_a_language_that_cannot_be_read_is_refused(sandbox: Sandbox) -> None:
    other = replace(CALM, language="go")
    assert prove(other, sandbox, seed=1).codes == ("language_unproven",)
