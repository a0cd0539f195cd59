"""The feedback node names input, line, cause and one next step; never the solution, never the same twice."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.feedback import texts
from functions.feedback.agent import Context, decide
from functions.feedback.diagnosis import CAUSES, Diagnosis, diagnose
from functions.feedback.failure import Failure, Raised, failures
from functions.feedback.wording import LIMIT, failing
from graph.decision import Decision
from graph.state import Input
from shared.curriculum import Challenge, load
from shared.events.catalogue.attention import MessageWithheld
from shared.events.catalogue.teaching import FeedbackGiven, HintGiven, ReviewDue
from shared.readmodel.rows import Feedback, Goal, Review
from tests.agents import golden_cases

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CABLE_CAR = load().challenges["cable-car"]
ROPE_KNOTS = load().challenges["rope-knots"]
COLD_NIGHT = load().challenges["first-cold-night"]


def goal(**facts: Any) -> Goal:
    base = Goal(
        goal="g1", learner="ana", kind="daily", challenge="cable-car", challenge_version=1, variant=None,
        course="python-foundations", concepts=["conditionals"], difficulty=0.2, day=date(2026, 11, 23), minutes=10,
        because="", state="open", assigned=NOW, opened=NOW, closed=None, runs=1, failures=1, hints=0, signature="",
        same_failures=1, best=0, stalled=0, total=10,
    )  # fmt: skip
    return replace(base, **facts)


def finished(passed: int = 7, purpose: str = "run", *, fault: bool = False, name: str = "r1") -> Input:
    facts = {"run": name, "purpose": purpose, "passed": passed, "failed": 10 - passed, "total": 10,
             "signature": "s", "fault": fault, "verdict": "failed"}  # fmt: skip
    return {"id": f"e-{name}", "type": "goals.run.finished", "position": 1, "at": NOW.isoformat(),
            "correlation": "c", "facts": facts}  # fmt: skip


def asked(rung: int | None = None, name: str = "h1") -> Input:
    return {"id": name, "type": "goals.hint.asked", "position": 1, "at": NOW.isoformat(),
            "correlation": "c", "facts": {"rung": rung}}  # fmt: skip


CODE = "def fare(age):\n    if age < 4:\n        return 0\n    if age <= 16:\n        return 7\n    return 14\n"


def report(**facts: Any) -> str:
    case = {"id": "first-adult-fare", "subtask": "grown", "visible": True, "verdict": "failed", "input": "fare(16)",
            "expected": "14", "got": "7", "line": 5, "locals": {"age": "16"}, "error": None}  # fmt: skip
    return json.dumps({"cases": [case | facts]})


def decided(*inputs: Input, language: str = "en", recent: tuple[Feedback, ...] = (), **facts: Any) -> Decision:
    names = {field.name for field in fields(Context)} - {"goal", "code", "report", "language", "inputs", "recent"}
    more = {key: facts.pop(key) for key in names & set(facts)}
    code, text = facts.pop("code", CODE), facts.pop("report", report())
    challenge: Challenge = more.pop("challenge", CABLE_CAR)
    return decide(Context(language, goal(**facts), challenge, inputs, code, text, recent, **more))


def said(decision: Decision) -> FeedbackGiven:
    (only,) = decision.events
    assert isinstance(only.body, FeedbackGiven)
    return only.body


def hint(decision: Decision) -> HintGiven:
    (only,) = [event.body for event in decision.events if isinstance(event.body, HintGiven)]
    return only


@pytest.mark.parametrize("folder", golden_cases.FOLDERS, ids=lambda folder: folder.name)
def test_each_case_is_answered_with_its_input_line_and_cause(folder: Path) -> None:
    wanted = golden_cases.wanted(folder)
    (failure,) = failures(golden_cases.report(folder), wanted["entry"])
    diagnosis = diagnose(golden_cases.code(folder), wanted["entry"], failure, golden_cases.language(folder))
    assert (diagnosis.cause, diagnosis.line, failure.input) == (wanted["cause"], wanted["line"], wanted["input"])
    for way in failing("en", failure, diagnosis, 0):
        assert len(way) <= LIMIT
        for piece in wanted["says"]:
            assert piece in way
    assert len(set(failing("es", failure, diagnosis, 0))) >= 3


def test_input_expected_got_line_cause_and_step_stand_in_one_short_text() -> None:
    body = said(decided(finished()))
    assert body.text == (
        "fare(16) should give 14, it gave 7 (line 5). Line 4: `age <= 16` meets its limit here: both sides are 16. "
        "Read the task again: on which side does 16 itself belong?"
    )
    assert (body.case, body.input, body.line, body.cause) == ("first-adult-fare", "fare(16)", 4, "boundary")


@pytest.mark.parametrize("got", ["'" + "x-" * 90 + "'", "'" + "x-" * 240 + "…", "[" + "1," * 200 + "1]"])
def test_a_long_answer_without_spaces_is_told_with_its_diagnosis(got: str) -> None:
    body = said(decided(finished(), report=report(got=got)))
    assert body.text.startswith(f"fare(16) should give 14, it gave {got[:10]}")
    assert "cases pass" not in body.text
    assert body.line is not None


def test_it_speaks_the_learners_language() -> None:
    body = said(decided(finished(), language="es-MX"))
    assert body.language == "es"
    assert body.text.startswith("fare(16) debería dar 14 y dio 7 (línea 5). Línea 4:")


def test_in_another_language_nothing_is_blamed_that_the_other_cases_shown_speak_against() -> None:
    """Of this case alone any rounding but the program's would be right; of `ropeFor(91, 3)` none."""
    code = "function ropeFor(length, knots) {\n  return Math.ceil((length + knots * 15 + 6) / 10) * 10;\n}\n"
    failing_case = report(
        id="no-knot", subtask="length", input="ropeFor(75, 0)", expected="80", got="90", line=None, locals={}
    )
    body = said(decided(finished(), challenge=ROPE_KNOTS, code=code, report=failing_case))
    assert (body.cause, body.line) == ("result-expression", 2)
    assert "it gave 90. Line 2: `Math.ceil(" in body.text


def test_of_a_hidden_case_neither_name_nor_input_nor_values_are_told() -> None:
    body = said(decided(finished(), report=report(visible=False, expected="'SECRET'", got="'TOLD'")))
    assert body.text.startswith("A hidden case of “Sixteen and over” is not right yet (line 5).")
    for secret in ("SECRET", "TOLD", "fare(16)", "both sides are 16"):
        assert secret not in body.text
    assert (body.case, body.input, body.cause) == (None, None, "unseen-case")


def test_what_the_program_itself_shows_is_told_of_a_hidden_case_too() -> None:
    code = "def fare(age):\n    print(age)\n"
    body = said(decided(finished(), code=code, report=report(visible=False, got="None", line=2)))
    assert body.cause == "print-for-return"


def test_a_visible_failure_is_spoken_of_before_a_hidden_one() -> None:
    cases = json.loads(report(id="hidden", visible=False))["cases"] + json.loads(report())["cases"]
    assert said(decided(finished(), report=json.dumps({"cases": cases}))).case == "first-adult-fare"


def test_the_same_failure_again_goes_a_step_deeper_and_then_there_is_silence() -> None:
    recent: tuple[Feedback, ...] = ()
    spoken: list[str] = []
    for turn in range(12):
        (event,) = decided(finished(), recent=recent).events
        if isinstance(event.body, MessageWithheld):
            assert event.body.why == "nothing_new"
            continue
        assert isinstance(event.body, FeedbackGiven)
        spoken.append(event.body.text)
        recent = (Feedback(f"r{turn}", event.body.text, event.body.cause, NOW + timedelta(minutes=turn)), *recent)
    assert 5 <= len(spoken) == len(set(spoken)) < 12


def test_another_value_is_news_again() -> None:
    recent = tuple(Feedback(f"r{n}", said(decided(finished())).text, "boundary", NOW) for n in range(1))
    again = said(decided(finished(), recent=recent, report=report(got="8")))
    assert "it gave 8" in again.text


def test_a_run_that_passes_is_told_to_be_submitted() -> None:
    first = said(decided(finished(10)))
    assert first.text == "All 10 cases pass. Submit it, so that it counts."
    assert first.cause is None
    again = said(decided(finished(10), recent=(Feedback("r0", first.text, None, NOW),)))
    assert again.text != first.text


def test_a_solved_goal_is_told_with_its_evidence() -> None:
    body = said(decided(finished(10, "submit"), runs=4, hints=2))
    assert body.text == "Solved: all 10 cases pass (2 parts), on run 4, with 2 hints."
    assert "Solved again" in said(decided(finished(10, "submit"), solved_before=True)).text


def test_a_fault_of_ours_is_no_word_about_the_code() -> None:
    decision = decided(finished(0, fault=True))
    assert decision.events == []
    assert decision.update == {"findings": {"feedback": {"said": False}}}


def test_of_a_burst_only_the_newest_run_is_spoken_of() -> None:
    body = said(decided(finished(name="r1"), finished(10, name="r2"), finished(fault=True, name="r3")))
    assert body.run == "r2"


def test_an_erased_report_still_gives_the_count_and_a_step() -> None:
    assert said(decided(finished(), report="", code="")).text.startswith("7 of 10 cases pass. ")


def test_an_erased_code_still_gives_input_and_values() -> None:
    body = said(decided(finished(), code=""))
    assert "fare(16) should give 14, it gave 7" in body.text


def test_printed_texts_are_compared_as_they_are_judged_in_other_languages_too() -> None:
    code = "function f() {\n  console.log('Km 1 ');\n}\n"
    told = {
        "verdict": "failed",
        "visible": True,
        "input": "f()",
        "got": 'prints "Km 1 \\n"',
        "expected": 'prints "km 1"',
    }
    (failure,) = failures(json.dumps({"cases": [told]}), "f")
    found = diagnose(code, "f", failure, "javascript")
    assert found.cause == "letter-case"
    assert failing("en", failure, found, 0)[0].startswith('f() should print "km 1", it printed "Km 1". Only capital')
    silent = replace(failure, got='prints ""')
    assert diagnose("function f() {\n  return 'km 1';\n}\n", "f", silent, "javascript").cause == "returned-not-printed"


def test_of_a_long_printed_text_the_lines_that_are_whole_are_compared() -> None:
    long = [f"km {n}" for n in range(200)]
    got, expected = (repr("\n".join(lines))[:499] + "…" for lines in ([*long[:3], "Km", *long], long))
    failure = Failure("c", True, "wrong", "failed", "f()", f"prints {expected}", f"prints {got}", 2)
    found = diagnose("def f():\n    print(1)\n", "f", failure)
    assert (found.cause, found.words) == ("line-differs", {"said": "'Km'", "wanted": "'km 3'"})


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("    throw new Error('short');", "other-exception"),
        ("    return xs.at(9).name; // throw", "property-of-nothing"),
    ],
)
def test_another_exception_than_the_one_wanted_is_told_in_other_languages_too(line: str, cause: str) -> None:
    message = "short" if "throw new" in line else "Cannot read properties of undefined (reading 'name')"
    error = Raised("Error", message, 3)
    failure = Failure("c", True, "raised", "failed", "f(-1)", "raises RangeError", "", 3, {}, error)
    found = diagnose(f"function f(n) {{\n  if (n < 0) {{\n{line}\n  }}\n}}\n", "f", failure, "javascript")
    assert (found.cause, found.line) == (cause, 3)
    assert failing("en", failure, found, 0)[0].startswith("f(-1) should raise RangeError, it raised Error. Line 3: ")
    assert failing("es", failure, found, 0)[0].startswith("f(-1) debería lanzar RangeError y lanzó Error. Línea 3: ")


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "it should be fair, as the task says"), ("es", "no cumple lo que pide el enunciado")],
)
def test_an_answer_that_a_check_refuses_is_told_in_the_learners_language(language: str, told: str) -> None:
    body = said(
        decided(finished(), language=language, report=report(expected="anything that is fair", got="[['Ada']]"))
    )
    assert told in body.text
    assert "anything that is" not in body.text


def test_code_that_cannot_be_read_is_named_by_its_line_even_without_a_report() -> None:
    body = said(decided(finished(0), code="def fare(age)\n    return 0\n", report=""))
    assert (body.cause, body.line) == ("missing-colon", 1)


@pytest.mark.parametrize(("hints", "rung", "given_rung", "left"), [(0, None, 1, 4), (2, None, 3, 2), (3, 1, 1, 2)])
def test_hints_climb_one_rung_at_a_time_and_may_be_read_again(
    hints: int, rung: int | None, given_rung: int, left: int
) -> None:
    body = hint(decided(asked(rung), hints=hints))
    assert (body.rung, body.left, body.retest) == (given_rung, left, None)
    assert body.text == CABLE_CAR.hints["en"][given_rung - 1].strip()


def test_no_rung_can_be_skipped() -> None:
    assert hint(decided(asked(5), hints=1)).rung == 2


def test_after_the_fifth_the_last_hint_is_kindly_given_again() -> None:
    body = hint(decided(asked(), hints=5, language="es"))
    assert (body.rung, body.left, body.language) == (5, 0, "es")
    assert body.text.startswith("Esa era la última de las cinco pistas")


def test_a_worked_example_is_given_in_exchange_for_a_review_that_is_scheduled() -> None:
    soon = NOW + timedelta(days=2)
    decision = decided(asked(), hints=4, now=NOW, zone="Europe/Madrid", title="Conditionals")
    example, due = [event.body for event in decision.events]
    assert isinstance(example, HintGiven)
    assert isinstance(due, ReviewDue)
    assert example.rung == 5
    assert example.text.endswith("“Conditionals” comes back as a review, without hints, by 2026-11-25.")
    assert (due.concept, due.due, example.retest) == ("conditionals", soon, soon)
    again = decided(asked(5), hints=5, now=NOW)
    assert [type(event.body) for event in again.events] == [HintGiven]


def test_a_review_that_is_due_sooner_keeps_its_date_and_its_card() -> None:
    card = Review("conditionals", NOW + timedelta(hours=5), 3.5, 6.0, NOW - timedelta(days=4))
    events = decided(asked(), hints=4, now=NOW, review=card).events
    (due,) = [event.body for event in events if isinstance(event.body, ReviewDue)]
    assert (due.due, due.stability, due.difficulty, due.reviewed) == (card.due, 3.5, 6.0, card.reviewed)


def test_a_double_click_costs_one_rung_and_both_get_their_answer() -> None:
    events = decided(asked(name="h1"), asked(name="h2")).events
    assert [(e.causation, e.body.rung) for e in events if isinstance(e.body, HintGiven)] == [("h1", 1), ("h2", 1)]


def test_hints_of_a_variant_have_its_values() -> None:
    for variant in COLD_NIGHT.variants:
        for rung in range(5):
            assert "{{" not in hint(decided(asked(), hints=rung, challenge=COLD_NIGHT.instantiate(variant.id))).text


def test_a_hint_and_a_run_in_one_burst_are_both_answered() -> None:
    assert [type(e.body) for e in decided(asked(), finished()).events] == [HintGiven, FeedbackGiven]


def test_a_goal_that_is_not_there_gets_no_words() -> None:
    assert decide(Context("en", None, None, [finished(), asked()])).events == []


def test_every_cause_has_words_in_both_languages_and_no_others_are_there() -> None:
    table = tomllib.loads(Path(texts.__file__).with_name("texts.toml").read_text("utf-8"))["causes"]
    assert set(table) == set(CAUSES)
    for forms in table.values():
        assert {language: len(forms[language]) for language in forms} == {"en": 3, "es": 3}
        fields = [set(re.findall(r"{(\w+)}", forms[language][0])) for language in forms]
        assert fields[0] == fields[1]


LONG = "value_" + "x" * 500
WORDS = ("name", "near", "test", "value", "sign", "range", "before", "loop", "kind", "key", "found", "type",
         "message", "count", "got", "expected", "answer", "lines", "language")  # fmt: skip


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("cause", CAUSES)
def test_every_text_fits_even_with_the_longest_values_and_keeps_its_step(cause: str, language: str) -> None:
    failure = Failure("c", True, "wrong", "wrong", f"f({LONG})", LONG, LONG, 7, {LONG: LONG, "b": LONG})
    for line in (None, 123):
        ways = failing(language, failure, Diagnosis(cause, line, dict.fromkeys(WORDS, LONG)), 0)
        _, step, deeper = texts.cause(language, cause)
        assert all(len(way) <= LIMIT for way in ways)
        assert ways[0].count("{") == 0
        assert texts.cause(language, cause)[1].split("{")[0] in ways[0]
        assert deeper.split("{")[0] in ways[1]
        assert step


@pytest.mark.parametrize("challenge", load().challenges.values(), ids=lambda c: c.slug)
def test_no_text_holds_a_line_of_the_reference_that_the_learner_has_not_written(challenge: Challenge) -> None:
    filled = challenge.instantiate()
    solution = {line.strip() for line in filled.reference.splitlines() if len(line.strip()) > 8}
    for case in filled.cases:
        failure = Failure(case.id, case.visible, "wrong", "wrong", f"{filled.entry}(…)", "", "None", None)
        ways = failing("en", failure, diagnose(filled.starter, filled.entry, failure), 0)
        assert not [
            line for line in solution - {s.strip() for s in filled.starter.splitlines()} for w in ways if line in w
        ]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=60), st.sampled_from(["wrong", "raised", "time"]))
def test_no_code_and_no_value_makes_it_fail(code: str, given_input: str, got: str, kind: Any) -> None:
    failure = Failure("c", True, kind, "", given_input, got, got, 1, {}, Raised("TypeError", got, 1))
    diagnosis = diagnose(code, "f", failure)
    assert all(0 < len(way) <= LIMIT for way in failing("en", failure, diagnosis, 2))


STATEMENTS = st.sampled_from(
    ["x = 0", "x += 1", "return x", "for i in range(n):", "while x < n:", "if n <= 2:", "else:", "print(n)", "pass",
     "n.append(x)", "x = n[i + 1]", "return", "break", "for v in n:", "x = sorted(n)", "x == 1", "return f(n)"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4), STATEMENTS), max_size=12), st.sampled_from(["wrong", "raised", "time"]))
def test_any_program_gets_a_cause_whose_words_exist(lines: list[tuple[int, str]], kind: Any) -> None:
    code = "def f(n):\n" + "\n".join("    " * depth + text for depth, text in lines) + "\n"
    failure = Failure("c", True, kind, "", "f(3)", "3", "2", 2, {}, Raised("IndexError", "list index", 2))
    assert diagnose(code, "f", failure).cause in CAUSES


@pytest.mark.parametrize(
    "body",
    [
        lambda size: "    return " + "+".join(["n"] * (450 * size)),
        lambda size: "    return " + "-" * (400 * size) + "n",
        lambda size: "\n".join(["    for i in range(n):\n        x = 0\n        x += i"] * (600 * size)),
        lambda size: (
            "".join("    " * depth + "if n:\n" for depth in range(1, 30 * size)) + " " * 120 * size + "return 1"
        ),
    ],
    ids=["long-sum", "many-signs", "many-loops", "deep-ifs"],
)
def test_a_monstrous_program_is_not_looked_at_for_ever(body: Callable[[int], str]) -> None:
    """Twice the program, about twice the calls: the work grows with its length, and not with the square of it."""
    assert _calls(body(2)) < 2.5 * _calls(body(1))


def _calls(body: str) -> int:
    made = 0

    def count(_: object, event: str, __: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        for kind in ("wrong", "raised", "time"):
            failure = Failure("c", True, kind, "", "f(3)", "3", "2", 2, {}, Raised("IndexError", "list index", 2))  # type: ignore[arg-type]
            diagnosis = diagnose(f"def f(n):\n{body}\n", "f", failure)
            assert failing("en", failure, diagnosis, 0)
    finally:
        sys.setprofile(None)
    return made


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "{}", '{"cases": 3}', '{"cases": [1, null, {}]}'])
def test_a_report_that_is_none_is_read_as_far_as_it_goes(text: str) -> None:
    assert all(isinstance(f, Failure) for f in failures(text, "f"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_of_a_program_that_is_not_begun_nothing_is_asked_that_only_work_could_answer(language: str) -> None:
    code = "def fare(age):\n    pass\n"
    (failure,) = failures(report(got="None", line=2), "fare")
    ways = failing(language, failure, diagnose(code, "fare", failure), 0)
    assert len(ways) == 3
    unasked = [texts.deeper(language, name).split("{")[0] for name in ("locals", "smaller", "by_hand")]
    assert not [way for way in ways for piece in unasked if piece in way]


def test_of_several_functions_the_one_the_case_calls_is_looked_at() -> None:
    code = "def first(x):\n    return x + 1\n\ndef main(x):\n    pass\n"
    failure = Failure("c", True, "wrong", "failed", "first(1)", "1", "2", 2)
    assert diagnose(code, "main", failure).cause != "not-written"


def test_leaving_the_program_is_no_answer() -> None:
    error = {"type": "SystemExit", "message": "", "line": 3}
    (failure,) = failures(report(verdict="error", got=None, line=3, error=error), "fare")
    assert diagnose("def fare(age):\n    x = 1\n    exit()\n", "fare", failure) == Diagnosis("ended-early", 3)


def test_arguments_given_as_values_are_written_as_a_call() -> None:
    (failure,) = failures('{"cases": [{"input": {"args": [[1, 2], "a"], "kwargs": {"k": null}}}]}', "f")
    assert failure.input == "f([1, 2], 'a', k=None)"
