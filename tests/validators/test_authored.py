"""What people wrote keeps to the rules as well: the built-in hints, and every text the feedback rules can say."""

from __future__ import annotations

from pathlib import Path

import pytest

from functions.feedback.diagnosis import diagnose
from functions.feedback.failure import failures
from functions.feedback.grounds import ground
from functions.feedback.wording import failing
from shared.curriculum import Challenge, load
from shared.validators import RULES, Ground, broken, faults
from shared.validators.ground import numbers
from tests.agents import golden_cases
from tests.validators.situations import challenge

CLIMB = """def steepest_climb(heights):
    # the greatest change from one signpost to the next
    if len(heights) < 2:
        return None
    rises = []
    for i in range(1, len(heights)):
        rises.append(heights[i] - heights[i - 1])

    # the greatest so far
    best = 0
    for rise in rises:
        if rise > best:
            best = rise
    return best
"""

CHALLENGES = [c.instantiate() for c in load().challenges.values()]
AUTHORED = [rule for rule in RULES if rule != "hidden"]
"""An author's figures may by chance be those of a hidden case."""


@pytest.mark.parametrize("built_in", CHALLENGES, ids=lambda c: c.slug)
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_built_in_hint_is_short_in_its_language_and_gives_nothing_away(
    built_in: Challenge, language: str
) -> None:
    for rung, text in enumerate(built_in.hints[language], start=1):
        held_to = ground(built_in, language, "", [], kind="example" if rung == 5 else "hint")
        assert broken(text.strip(), held_to, AUTHORED) == (), rung


@pytest.mark.parametrize("folder", golden_cases.FOLDERS, ids=lambda folder: folder.name)
def test_every_way_the_rules_speak_of_a_failure_is_true_and_polite(folder: Path) -> None:
    code, wanted = golden_cases.code(folder), golden_cases.wanted(folder)
    (failure,) = failures(golden_cases.report(folder), wanted["entry"])
    diagnosis = diagnose(code, wanted["entry"], failure, golden_cases.language(folder))
    for language in ("en", "es"):
        base = ground(challenge("python"), language, code, [failure], passed=3, total=4)
        held_to = Ground(
            base.language, code=code, shown=base.shown, gave=base.gave, expected=base.expected, raised=base.raised,
            passed=3, total=4, entry=wanted["entry"], figures=base.figures,
        )  # fmt: skip
        for way in failing(language, failure, diagnosis, 0):
            assert faults(way, held_to) == (), way


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Line 10: `best` starts from 0, and that shows in the answer.", ()),
        ("Lines that set it: 10 and 13. At which does `best` first go wrong?", ()),
        ("The 10th line gives `best` its first value.", ()),
        ("What comes back for a climb of 10?", ("hidden",)),
        ("Line 90 asks for more than the other lines.", ("hidden",)),
    ],
)
def test_a_line_is_told_by_its_number_though_a_hidden_case_holds_that_number(text: str, rules: tuple[str, ...]) -> None:
    climb = next(one for one in CHALLENGES if one.slug == "steepest-climb")
    held_to = ground(climb, "en", CLIMB, [], passed=7, total=9)
    held = numbers(repr([(case.args, case.expected) for case in held_to.hidden]))
    assert {"10", "90"} <= set(held)
    assert "10" not in held_to.numbers
    assert tuple(fault.rule for fault in broken(text, held_to, ["hidden"])) == rules
