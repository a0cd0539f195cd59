"""Challenges that print, read, hold a property or compare in their own way: broken by hand, each is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from shared.curriculum import Case, Challenge, load
from shared.curriculum.schema import CaseFile
from shared.proof.prove import prove
from shared.proof.referee import Referee
from shared.proof.strengthen import as_toml, strengthen
from shared.sandbox import Sandbox

BANK = load().challenges
Break = Callable[[Challenge], Challenge]


def without(*ids: str) -> Break:
    return lambda c: replace(c, cases=tuple(case for case in c.cases if case.id not in ids))


def statement(old: str, new: str) -> Break:
    def broken(challenge: Challenge) -> Challenge:
        assert old in challenge.statement["en"]
        return replace(challenge, statement={**challenge.statement, "en": challenge.statement["en"].replace(old, new)})

    return broken


def checks(source: str) -> Break:
    return lambda challenge: replace(challenge, checks=source)


def hint(text: str) -> Break:
    return lambda c: replace(c, hints={**c.hints, "es": (*c.hints["es"][:4], text)})


CHECK = "def fair(args, answer):\n    {}\n"
SHOWN = "van 3\ncar 5\n```\n\n```stdout\ncar 6\nvan 15\ncar 15\ntotal 36"
OTHER = "car 5\n```\n\n```stdout\ncar 6\ncar 15\ntotal 21"

BROKEN: dict[str, tuple[str, Break, str]] = {
    "a check that accepts everything": ("fair-tables", checks(CHECK.format("return True")), "weak_cases"),
    "a check that accepts nothing": ("fair-tables", checks(CHECK.format("return 1")), "reference_fails"),
    "a check that fails": ("fair-tables", checks(CHECK.format("return answer.fair")), "reference_fails"),
    "a check that is no Python": ("fair-tables", checks("def fair(:"), "checks_broken"),
    "a check that is not there": ("fair-tables", checks("def other(args, answer):\n    pass\n"), "checks_broken"),
    "a lying block of output": ("toll-booth", statement("total 36", "total 35"), "lying_example"),
    "a lying file": ("tide-log", statement("Orla 342", "Orla 341"), "lying_example"),
    "an example that is no case": ("toll-booth", statement(SHOWN, OTHER), "no_example"),
    "no example of a program": ("toll-booth", statement("```stdout", "```text"), "no_example"),
    "a program in a hint": ("toll-booth", hint(f"```python\n{BANK['toll-booth'].reference}```"), "hint_gives_solution"),
    "printed text that no case shows": ("trail-markers", without("three-markers", "every-fifth-rests", "all-rest",
                                        "rest-at-the-end", "long-way"), "weak_cases"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_challenge_is_refused_with_its_reason(what: str, sandbox: Sandbox) -> None:
    slug, breaking, code = BROKEN[what]
    proof = prove(breaking(BANK[slug]), sandbox, seed=1)
    assert code in proof.codes, [str(reason) for reason in proof.reasons]
    assert set(proof.codes) <= {code, "no_example", "subtask_without_cases", "starter_passes"}


@pytest.mark.parametrize("slug", ["trail-markers", "tide-log", "fair-tables", "ring-dance", "toll-booth"])
def test_the_whole_challenge_is_proven(slug: str, sandbox: Sandbox) -> None:
    proof = prove(BANK[slug], sandbox, seed=1)
    assert proof.proven, [str(reason) for reason in proof.reasons]


@pytest.mark.parametrize(
    ("slug", "left_out"),
    [
        ("trail-markers", ("a-single-one", "all-rest", "rest-at-the-end", "three-markers", "long-way")),
        ("tide-log", ("below-zero", "equal-tides", "two-harbours")),
        ("toll-booth", ("free-bicycle", "one-car", "one-van", "blank-line")),
    ],
)
def test_cases_are_proposed_in_the_form_of_the_challenge(
    slug: str, left_out: tuple[str, ...], sandbox: Sandbox
) -> None:
    weak = without(*left_out)(BANK[slug])
    found = strengthen(weak, sandbox, seed=1)
    assert not [fate for fate in found.fates if fate.verdict == "different"]
    for case in found.challenge.cases:
        assert written_and_read(case, BANK[slug].entry) == case_as_read(case)


def written_and_read(case: Case, entry: str) -> tuple[object, ...]:
    import tomllib

    read = CaseFile.model_validate(tomllib.loads(f"cases = [{as_toml(case, entry=entry)}]")["cases"][0])
    return read.args, read.stdin, dict(read.files), read.prints, read.expected, read.raises, read.holds or read.check


def case_as_read(case: Case) -> tuple[object, ...]:
    return [*case.args], case.stdin, dict(case.files), case.prints, case.expected, case.raises, case.check


def test_a_mutant_is_different_only_where_its_answer_is_wrong(sandbox: Sandbox) -> None:
    """Other tables, as fair: no mistake. One guest forgotten: one."""
    challenge = BANK["fair-tables"]
    referee = Referee(challenge, sandbox, inputs_each=100, seed=1)
    turned = challenge.reference.replace("return seated", "return seated[::-1]")
    assert len(referee.cases) == 100
    assert referee.partings(turned) == []
    assert referee.partings(challenge.reference.replace("return seated", "return seated[1:]"))


def test_inputs_that_the_check_refuses_for_the_reference_itself_are_not_compared_on(sandbox: Sandbox) -> None:
    """Hands that close to no ring: the check of `ring-dance` knows them."""
    referee = Referee(BANK["ring-dance"], sandbox, inputs_each=50, seed=1)
    for case in referee.cases:
        (hands,) = case.args
        assert isinstance(hands, list)
        assert sorted(str(pair[0]) for pair in hands) == sorted(str(pair[1]) for pair in hands)  # type: ignore[index]
