"""A challenge broken by hand is refused, with the right reason and no other. The whole one is proven (the control)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from shared.curriculum import Challenge, load
from shared.proof.prove import prove
from shared.sandbox import Sandbox

Break = Callable[[Challenge], Challenge]


def reference(old: str, new: str) -> Break:
    def broken(challenge: Challenge) -> Challenge:
        assert old in challenge.reference
        return replace(challenge, reference=challenge.reference.replace(old, new))

    return broken


def starter(source: str) -> Break:
    return lambda challenge: replace(challenge, starter=source)


def statement(language: str, old: str, new: str) -> Break:
    def broken(challenge: Challenge) -> Challenge:
        assert old in challenge.statement[language]
        changed = challenge.statement[language].replace(old, new)
        return replace(challenge, statement={**challenge.statement, language: changed})

    return broken


def hint(number: int, text: str, language: str = "en") -> Break:
    def broken(challenge: Challenge) -> Challenge:
        rungs = list(challenge.hints[language])
        rungs[number - 1] = text
        return replace(challenge, hints={**challenge.hints, language: tuple(rungs)})

    return broken


def only_cases(*ids: str) -> Break:
    return lambda challenge: replace(challenge, cases=tuple(c for c in challenge.cases if c.id in ids))


def subtask(id_: str) -> Break:
    def broken(challenge: Challenge) -> Challenge:
        moved = tuple(replace(case, subtask="grown") for case in challenge.cases)
        return replace(challenge, cases=moved)

    return broken


OWN_NAMES = """
```python
def cost(years):
    if years < 4:
        return 0
    if years < 16:
        return 7
    if years < 65:
        return 14
    return 9
```
"""
OTHER_BUILD = """
```python
def cost(years):
    table = [(4, 0), (16, 7), (65, 14), (10_000, 9)]
    return next(price for limit, price in table if years < limit)
```
"""
RANDOM = """import random
def fare(age):
    if random.random() < 0.5:
        return 0
"""
REMEMBERING = """seen = []
def fare(age):
    seen.append(age)
    if seen[0] != 10:
        return 1
"""

BROKEN: dict[str, tuple[Break, str]] = {
    # the six ways of the issue
    "a wrong reference": (reference("age < 65", "age < 64"), "reference_fails"),
    "a starter that passes": (lambda c: replace(c, starter=c.reference), "starter_passes"),
    "weak cases": (only_cases("school-child", "newborn", "adult", "very-old"), "weak_cases"),
    "a lying example": (statement("es", "\n7\n", "\n8\n"), "lying_example"),
    "a hint with the solution": (hint(4, f"Like this:\n{OWN_NAMES}"), "hint_gives_solution"),
    "a reference that throws dice": (reference("def fare(age):\n", RANDOM), "reference_unstable"),
    # and their relatives
    "a reference that remembers earlier calls": (reference("def fare(age):\n", REMEMBERING), "reference_unstable"),
    "a reference that never ends": (reference("        return 0", "        while True: pass"), "reference_fails"),
    "a reference that is no Python": (reference("def fare(age):", "def fare(age)"), "not_python"),
    "a starter that is no Python": (starter("def fare(age):\n"), "starter_broken"),
    "an example that raises": (statement("en", "fare(10)", "fare(None)"), "lying_example"),
    "a hint's example that is not true": (hint(2, "```python\n>>> 1 + 1\n3\n```"), "lying_example"),
    "a statement without an example": (statement("en", ">>> fare(10)\n7", "fare(10) is 7"), "no_example"),
    "examples that are no case": (statement("en", "fare(10)", "fare(11)"), "no_example"),
    "a line of the reference in a sentence": (hint(3, "Ask `if age < 16:` first.", "es"), "hint_gives_solution"),
    "another program that passes, in a hint": (hint(5, OTHER_BUILD), "hint_gives_solution"),
    "four hints": (lambda c: replace(c, hints={**c.hints, "es": c.hints["es"][:4]}), "hints_missing"),
    "no statement in a language": (lambda c: replace(c, statement={"en": c.statement["en"]}), "text_missing"),
    "a sub-task without cases": (subtask("grown"), "subtask_without_cases"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_challenge_is_refused_with_its_reason(what: str, cable_car: Challenge, sandbox: Sandbox) -> None:
    breaking, code = BROKEN[what]
    proof = prove(breaking(cable_car), sandbox, seed=1)
    assert proof.verdict == "refused"
    assert proof.codes == (code,), [str(reason) for reason in proof.reasons]
    for reason in proof.reasons:
        assert all(reason.words[language] and "{" not in reason.words[language] for language in ("en", "es"))


def test_the_whole_challenge_is_proven_and_says_what_it_rests_on(cable_car: Challenge, sandbox: Sandbox) -> None:
    proof = prove(cable_car, sandbox, seed=1)
    assert proof.verdict == "proven", [str(reason) for reason in proof.reasons]
    assert proof.evidence["reference_runs"] == 10
    assert proof.evidence["mutants"] == len(proof.fates) >= 8
    assert proof.evidence["killed"] == len(proof.fates) - len(proof.survivors)


HOSTILE = {
    "sixty thousand minus signs": "x = " + "-" * 60_000 + "1\n",
    "five thousand brackets": "x = " + "(" * 5_000 + "1" + ")" * 5_000 + "\n",
    "a long chain": "x = 1" + " + 1" * 5_000 + "\n",
    "a chain that parses": "x = 1" + " + 1" * 300 + "\n",
    "too long": "x = 1\n" * 20_000,
    "a NUL byte": "x = '\0'\n",
    "half a character": "x = '\ud800'\n",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_program_that_would_end_the_prover_is_refused(what: str, cable_car: Challenge, sandbox: Sandbox) -> None:
    bad = HOSTILE[what]
    assert prove(replace(cable_car, reference=cable_car.reference + bad), sandbox, seed=1).codes == ("not_python",)
    assert prove(starter(cable_car.starter + bad)(cable_car), sandbox, seed=1).codes == ("starter_broken",)


def test_a_template_is_not_proven_but_its_variants_are(sandbox: Sandbox) -> None:
    template = load().challenges["first-cold-night"]
    assert "text_missing" in prove(template, sandbox, seed=1).codes
    assert prove(template.instantiate("vines"), sandbox, seed=1).proven


def test_nothing_visible_is_refused(cable_car: Challenge, sandbox: Sandbox) -> None:
    hidden = replace(cable_car, cases=tuple(replace(case, visible=False) for case in cable_car.cases))
    assert prove(hidden, sandbox, seed=1).codes == ("no_visible_case", "no_example")


def test_a_reference_too_small_to_judge_cases_by_is_refused(cable_car: Challenge, sandbox: Sandbox) -> None:
    cases = tuple(replace(case, expected=case.args[0]) for case in cable_car.cases)
    texts = {language: words.replace("\n7\n", "\n10\n") for language, words in cable_car.statement.items()}
    small = replace(cable_car, reference="def fare(age):\n    return age\n", cases=cases, statement=texts)
    assert prove(small, sandbox, seed=1).codes == ("too_few_mutants",)


@pytest.mark.parametrize(
    "answer", ["list({str(age), 'b', 'c', 'd'})", "list(set('abcd') | {str(age)})", "[c for c in {c for c in 'abc'}]"]
)
def test_an_answer_that_hangs_on_a_set_s_order_is_refused_though_all_runs_agree(
    answer: str, cable_car: Challenge, sandbox: Sandbox
) -> None:
    from shared.judging import call_of
    from shared.proof.trial import Trials, plain

    source = f"def fare(age):\n    return {answer}\n"
    cases = [case for case in cable_car.cases if case.visible]
    seen = Trials(sandbox).observed(source, [call_of(case) for case in cases])
    cases = [replace(case, expected=plain(one)) for case, one in zip(cases, seen, strict=True)]
    hanging = prove(replace(cable_car, reference=source, cases=tuple(cases)), sandbox, seed=1)
    assert "reference_unstable" in hanging.codes
    ordered = source.replace("return ", "return sorted(").rstrip() + ")\n"
    cases = [replace(case, expected=sorted(case.expected)) for case in cases]  # type: ignore[arg-type]
    sound = prove(replace(cable_car, reference=ordered, cases=tuple(cases)), sandbox, seed=1)
    assert not {"reference_unstable", "reference_fails"} & set(sound.codes)


def test_the_same_seed_gives_the_same_proof(cable_car: Challenge, sandbox: Sandbox) -> None:
    weak = only_cases("school-child", "newborn", "adult", "very-old")(cable_car)
    assert prove(weak, sandbox, seed=7) == prove(weak, sandbox, seed=7)
