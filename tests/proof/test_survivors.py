"""Mutants that no case notices: equivalent ones really are, different ones give the case that is missing."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from shared.curriculum import JSON, Case, Challenge, load
from shared.curriculum.schema import CaseFile
from shared.proof.prove import prove
from shared.proof.referee import Referee
from shared.proof.report import report, reports
from shared.proof.strengthen import added, as_toml, strengthen
from shared.sandbox import Sandbox


def weakened(slug: str, *ids: str) -> Challenge:
    whole = load().challenges[slug].instantiate()
    return replace(whole, cases=tuple(case for case in whole.cases if case.id in ids))


WEAK = {
    "cable-car": ("school-child", "newborn", "adult", "very-old"),
    "two-choirs": ("same-length", "two-each", "nobody", "left-is-longer", "only-left"),
    "little-theatre": ("last-row-short", "three-left-empty", "second-row", "did-not-come"),
}


@pytest.mark.parametrize("slug", WEAK)
def test_a_weak_suite_is_strengthened_until_no_survivor_differs(slug: str, sandbox: Sandbox) -> None:
    weak = weakened(slug, *WEAK[slug])
    before = prove(weak, sandbox, seed=1)
    assert "weak_cases" in before.codes
    assert before.proposed
    strong = strengthen(weak, sandbox, seed=1)
    assert not [fate for fate in strong.fates if fate.verdict == "different"]
    assert "weak_cases" not in strong.codes
    new = added(weak, strong.challenge)
    assert 1 <= len(new) <= sum(fate.verdict == "different" for fate in before.fates) + 2
    assert all(not case.visible and case.subtask in {s.id for s in weak.subtasks} for case in new)


@pytest.mark.parametrize("slug", ["late-kayak", "let-through", "steepest-climb", "two-choirs"])
def test_equivalent_survivors_answer_other_and_more_inputs_alike_too(slug: str, sandbox: Sandbox) -> None:
    challenge = load().challenges[slug]
    survivors = prove(challenge, sandbox, seed=1).survivors
    assert survivors
    assert all(fate.verdict == "equivalent" and fate.inputs >= 400 for fate in survivors)
    stricter = Referee(challenge, sandbox, inputs_each=1200, seed=4711)
    assert all(stricter.partings(fate.mutant.source) == [] for fate in survivors)


def test_late_kayak_s_survivors_cost_the_same_for_every_minute_of_ten_hours(sandbox: Sandbox) -> None:
    challenge = load().challenges["late-kayak"]
    prices = []
    for source in (challenge.reference, *(f.mutant.source for f in prove(challenge, sandbox, seed=1).survivors)):
        space: dict[str, object] = {}
        exec(source, space)  # noqa: S102  our own program, and mutants of it that end
        prices.append([space["price"](minutes) for minutes in range(600)])  # type: ignore[operator]
    assert len(prices) > 1
    assert all(one == prices[0] for one in prices)


def test_the_referee_notices_a_mutant_planted_to_differ_rarely(sandbox: Sandbox) -> None:
    """The positive control: otherwise a referee that compares nothing would call everything equivalent."""
    challenge = load().challenges["cable-car"]
    planted = challenge.reference.replace("    if age < 4:", "    if age == 64:\n        return 13\n    if age < 4:")
    assert len(Referee(challenge, sandbox, inputs_each=400, seed=1).partings(planted)) in (0, 1)  # 64 is a case
    planted = planted.replace("64", "63")
    (parting,) = Referee(challenge, sandbox, inputs_each=400, seed=1).partings(planted)
    assert (parting.case.args, parting.case.expected, parting.mutant) == ((63,), 14, "13")


def test_an_input_on_which_the_reference_itself_fails_is_not_counted(sandbox: Sandbox) -> None:
    challenge = load().challenges["knitting-row"]
    referee = Referee(challenge, sandbox, inputs_each=400, seed=1)
    assert len(referee.cases) == 400
    assert all(case.raises is None for case in referee.cases)


def test_survivors_that_could_be_compared_on_few_inputs_only_are_refused(sandbox: Sandbox) -> None:
    challenge = load().challenges["late-kayak"]
    known = [case.args[0] for case in challenge.cases]
    guard = f"def price(minutes):\n    if minutes not in {known}:\n        raise ValueError(minutes)\n"
    choosy = replace(challenge, reference=challenge.reference.replace("def price(minutes):\n", guard))
    assert prove(choosy, sandbox, seed=1).codes == ("too_few_inputs",)


def test_an_exception_that_cases_ask_for_is_compared(sandbox: Sandbox) -> None:
    challenge = load().challenges["repair-cafe"]
    referee = Referee(challenge, sandbox, inputs_each=100, seed=1)
    raising = [case for case in referee.cases if case.raises]
    assert raising
    assert {(case.call, case.raises) for case in raising} == {("read_line", "ValueError")}


@pytest.mark.parametrize(
    "value",
    [None, True, -3, 2.5, 'a "quoted" \\ line\n', "ñ\x7f", [], [None, [1]], {}, {"a b": None, "c": {"d": [False]}}],
)
def test_a_proposed_case_is_written_so_that_the_curriculum_reads_it(value: JSON) -> None:
    case = Case("found-1", (value, [value]), {"key": value}, value, None, "approx", 0.5, "young", False, "other")
    text = as_toml(case, entry="fare")
    read = CaseFile.model_validate(tomllib.loads(f"cases = [{text}]")["cases"][0])
    assert (tuple(read.args), dict(read.kwargs), read.expected) == (case.args, case.kwargs, case.expected)
    assert (read.call, read.subtask, read.compare, read.tolerance) == ("other", "young", "approx", 0.5)
    raising = as_toml(replace(case, raises="ValueError", compare="exact", tolerance=None, call="fare"), entry="fare")
    read = CaseFile.model_validate(tomllib.loads(f"cases = [{raising}]")["cases"][0])
    assert (read.raises, read.answers, read.call) == ("ValueError", ["raises"], None)


def test_survivors_that_hide_in_a_kind_of_input_no_case_shows_are_named(sandbox: Sandbox) -> None:
    """Without a case of a blank line no blank line is generated; the ratio refuses all the same."""
    tidy = weakened("repair-cafe", "tidy-line", "untidy-line", "part-missing", "two-visits", "mean-of-three")
    proof = prove(tidy, sandbox, seed=1)
    assert proof.codes == ("weak_cases",)
    assert proof.proposed == ()
    assert any("show other kinds: 11: `if line.strip() != ''" in reason.words["en"] for reason in proof.reasons)


def test_the_report_says_which_mutant_survived_and_why(sandbox: Sandbox) -> None:
    weak = prove(weakened("cable-car", *WEAK["cable-car"]), sandbox, seed=1)
    page = report(weak)
    assert page.startswith("## Proof of cable-car\n\n**Refused**, because:\n\n- `weak_cases`:")
    assert "**Different**: `fare(" in page
    assert "```toml\n{ id = " in page
    sound = prove(load().challenges["late-kayak"], sandbox, seed=1)
    assert "Equivalent on 400 generated inputs" in report(sound)
    spanish = report(sound, "es")
    assert "**Probado.**" in spanish
    assert "Equivalente en 400 entradas" in spanish
    both = reports([sound, weak])
    assert both.index("Proof of cable-car") < both.index("Proof of late-kayak")


NUMBERS_ONCE = """\
def once(numbers):
    found = set()
    for number in numbers:
        found.add(number)
    return sorted(found)
"""


def test_that_a_set_is_not_sorted_is_noticed_whatever_its_order(sandbox: Sandbox) -> None:
    whole = load().challenges["cable-car"]
    (case,) = (case for case in whole.cases if case.id == "school-child")
    small = replace(case, call="once", args=([2, 1, 2],), expected=[1, 2])  # small numbers come in order from any set
    proof = prove(replace(whole, entry="once", reference=NUMBERS_ONCE, cases=(small,)), sandbox, seed=1)
    unsorted = [fate for fate in proof.fates if "list(found)" in fate.mutant.words["en"]]
    assert [fate.verdict for fate in unsorted] == ["killed"]
