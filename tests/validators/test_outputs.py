"""Whatever a model writes, nothing false, rude, dangerous or giving away reaches a learner; good words do."""

from __future__ import annotations

import time
from collections import Counter
from functools import cache

import pytest

from functions.feedback.function import passes
from shared.spoken import Words
from shared.validators import RULES, RUN, Ground, Passes, edits, faults, refused
from shared.validators.tokens import tokens
from tests.validators.situations import CODE, challenge, grounds, hostile, sound


@cache
def run(programming: str) -> Passes:
    return passes(challenge(programming))


@pytest.mark.parametrize(("programming", "rule", "language", "text"), list(hostile()))
def test_a_hostile_text_is_refused_by_the_rule_that_knows_it(
    programming: str, rule: str, language: str, text: str
) -> None:
    found = faults(text, grounds(programming, language), run(programming))
    assert rule in [fault.rule for fault in found]
    assert rule in refused(found).split(",")


@pytest.mark.parametrize(("programming", "language", "text"), list(sound()))
def test_a_sound_text_is_let_through(programming: str, language: str, text: str) -> None:
    assert faults(text, grounds(programming, language), run(programming)) == ()


def test_there_are_more_than_a_hundred_hostile_texts_and_each_rule_has_some_in_both_languages() -> None:
    counted = Counter((rule, language) for _, rule, language, _ in hostile())
    assert sum(counted.values()) >= 100
    assert {rule for rule, _ in counted} == {*RULES, *RUN}
    assert {language for _, language in counted} == {"en", "es"}
    for rule in RULES:
        assert counted[rule, "en"] and counted[rule, "es"], rule


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_alone_holds_something_back(rule: str) -> None:
    """Were a rule taken out, some text would pass: none of them is there for show."""
    texts = [(p, lang, text) for p, of, lang, text in hostile() if of == rule]
    alone = [
        (p, lang, text)
        for p, lang, text in texts
        if [fault.rule for fault in faults(text, grounds(p, lang), lambda _: (False,))] == [rule]
    ]
    assert alone


def test_code_that_passes_is_refused_only_because_it_was_run() -> None:
    for programming, rule, language, text in hostile():
        if rule == "executed":
            ground = grounds(programming, language)
            assert faults(text, ground, lambda _: (False,)) == ()
            assert refused(faults(text, ground, None)) == "executed"  # without a sandbox it is refused unrun


def test_the_learners_own_line_may_be_quoted_though_the_reference_has_it_too() -> None:
    assert "if age < 65:" in CODE["python"]
    text = "Line 6, `if age < 65:`, is as the table says; which line answers before it is reached?"
    assert faults(text, grounds("python", "en"), run("python")) == ()


def test_a_worked_example_may_have_its_own_lines_names_and_figures() -> None:
    authored = challenge("python").hints["en"][4]
    assert faults(authored, grounds("python", "en", "example"), run("python")) == ()


PIECES = [
    "a",
    "` ",
    "r e t ",
    "[[",
    "((",
    "1,",
    "line ",
    "should be ",
    "no ",
    "'",
    "«",
    "if x: ",
    "return n+",
    "a.b",
    "=",
]


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("length", [2_200, 60_000])
def test_a_monstrous_text_is_refused_at_once(piece: str, length: int) -> None:
    """The longest that is read at all, and longer than that."""
    ground = grounds("python", "en")
    began = time.process_time()
    assert faults((piece * length)[:length], ground, run("python"))
    assert time.process_time() - began < 1


def test_tokens_know_what_a_comment_is_in_each_language() -> None:
    assert tokens("half = n // 2  # of them") == ["n", "=", "n", "//", "0"]
    assert tokens("half = n / 2; // of them", "javascript") == ["n", "=", "n", "/", "0"]
    assert tokens("for (const x of xs) x.size", "javascript")[-6:] == ["of", "n", ")", "n", ".", "size"]


AT_LEAST = "def f(n):\n    return n >= 3\n"
COUNT = "def f(n):\n    return list(range(1, n))\n"
NUMBERED = "def f(xs):\n    return list(enumerate(xs))\n"
SUM = "def f(last):\n    heard = 3\n    return heard\n"
WITHIN = "def f(xs):\n    for x in xs:\n        x += 1\n        return x\n"
EDITS = [
    ("python", "def f(n):\n    return n + 1\n", "Line 2 should subtract, not add.", "n - 1"),
    ("python", "def f(n):\n    return n < 3 and n > 0\n", "On line 2 use `or` instead of `and`.", "3 or n"),
    ("python", "def f(xs):\n    best = xs[0]\n    return xs\n", "Line 3 should return best.", "return best"),
    ("python", "def f(xs):\n    return min(xs)\n", "Use `max` instead of `min` on line 2.", "max(xs)"),
    ("python", "def f(n):\n    return list(range(n))\n", "The range on line 2 should go one further.", "range(n + 1)"),
    ("python", "def f(n):\n    return 'No ' + n\n", "Write \"Not\" instead of \"No\" on line 2.", "'Not ' + n"),
    ("python", "def f(n):\n    return None\n", "Line 2 should return the empty list.", "return []"),
    ("javascript", "function f(n) {\n  return n == 2;\n}\n", "Line 2: the two should differ.", "n !== 2"),
    ("javascript", "function f(n) {\n  return n > 9;\n}\n", "Line 2: flip the comparison.", "n < 9"),
    ("python", AT_LEAST, "Whoever is exactly three is out; exclude equality.", "n > 3"),
    ("python", AT_LEAST, "Remove one character from the condition.", "n > 3"),
    ("python", COUNT, "Extend the second bound of range by a single unit.", "n + 1"),
    ("python", COUNT, "Haz que range llegue hasta el siguiente de n.", "n + 1"),
    ("python", NUMBERED, "Give enumerate a second argument of one.", "(xs, 1)"),
    ("python", NUMBERED, "Count from one: let enumerate begin there.", "(xs, 1)"),
    ("python", SUM, "Suma también last antes de devolver heard.", "heard + last"),
    ("python", SUM, "Make line 3 hand back heard together with last.", "heard + last"),
    ("python", WITHIN, "Dedent the last line.", "\n    return x"),
    ("python", WITHIN, "La línea 4 va fuera del bucle.", "\n    return x"),
    ("go", "func f(n int) int {\n\treturn n * 2\n}\n", "Line 2 should multiply by thirty-one.", "n * 31"),
]  # fmt: skip


@pytest.mark.parametrize(("programming", "code", "text", "piece"), EDITS)
def test_a_change_in_words_is_made_to_the_learners_own_program(
    programming: str, code: str, text: str, piece: str
) -> None:
    language: Words = "es" if "línea" in text or "Haz" in text or "Suma" in text else "en"
    ground = Ground(language=language, code=code, programming=programming, figures=frozenset({"31"}))
    assert refused(faults(text, ground, lambda program: (True, piece in program))) == "edit"
    assert faults(text, ground, lambda _: (True, False)) == ()


def test_a_change_is_given_away_where_it_mends_half_of_what_fails_and_breaks_nothing() -> None:
    def told(before: tuple[bool, ...], after: tuple[bool, ...]) -> str:
        passed = {CODE["python"]: before}
        ground = grounds("python", "en")
        return refused(faults("Line 4 should end at 15.", ground, lambda program: passed.get(program, after)))

    assert told((True, False, False), (True, True, False)) == "edit"
    assert told((True, False, False, False), (True, True, False, False)) == ""
    assert told((True, False), (False, True)) == ""


def test_changes_are_few_and_what_cannot_be_run_or_takes_too_long_is_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def none_better(program: str) -> tuple[bool, ...]:
        asked.append(program)
        return (False,)

    long = "def f(n):\n" + "".join(f"    n = n + {n}\n" for n in range(60)) + "    return n\n"
    ground = Ground(language="en", code=long, figures=frozenset({"77"}))
    assert faults("Put 77 in place of one of the numbers.", ground, none_better) == ()
    assert len(asked) <= edits.MOST + 1
    assert refused(faults("Put 77 in place of one of the numbers.", ground, lambda _: ())) == "edit"
    monkeypatch.setattr(edits, "PATIENCE", -1.0)
    assert refused(faults("Put 77 in place of one of the numbers.", ground, none_better)) == "edit"
