"""Both columns are asked in the same situations and held to the same checks; what was not run is said to be not run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from goals.cli import app
from goals.evals.checks import CHECKS, judged
from goals.evals.columns import Made, ModelMade, rule_made
from goals.evals.compare import compare
from goals.evals.report import cell, markdown, spent, why_not
from goals.evals.situations import AGENTS, Situation, situations
from shared.clock import utc_now
from shared.models import Asker
from shared.models.opening import open_model
from shared.settings import Settings
from tests.models.server import ModelServer, Received, fails, replies, says

ALL = {s.name: s for s in situations()}
CABLE = ALL["cable-car/seniors-checked-too-late"]
KAYAK = ALL["late-kayak/begun-quarter-is-free"]
HINT = ALL["coin-jar/one-week-too-many, hint 3"]
GOOD = "price(46) should give 10, it gave 8. How many quarters have begun after 16 more minutes?"


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture
def model_made(server: ModelServer) -> Iterator[ModelMade]:
    model = open_model(Settings.model_validate({"database_url": "postgresql:///none", "model_url": server.url}))
    yield ModelMade(model, Asker("evals"), utc_now)
    model.close()


def failing_checks(text: str, situation: Situation) -> set[str]:
    return {name for name, held in judged(text, situation).held.items() if not held}


def seen(situation: Situation) -> str:
    """A proper text for a situation: its first failing visible case, in plain words."""
    from goals.evals.checks import failing

    failure = failing(situation)[0]
    return (
        f"{failure.input} should give {failure.expected}, it gave {failure.got}. "
        f"What does line {situation.learner.lines[0]} do then?"
    )


def test_a_good_text_passes_every_check() -> None:
    assert failing_checks(seen(KAYAK), KAYAK) == set()


@pytest.mark.parametrize(
    ("check", "text"),
    [
        ("correct", "price(46) should give 10, it gave 8, in line 77. What does that line do?"),
        ("place", "price(31) should give 8, it gave 6 (line 7). Line 4: `minutes <= 30` did not hold."),
        ("place", "price(31) should give 8, it gave 6. What comes out for the first begun quarter?"),
        ("specific", "Something is not right yet with your program. What could it be?"),
        (
            "no leak",
            "`quarters = (minutes - 30 + 14) // 15`, `if quarters > 7: return 20`, `return 6 + 2 * quarters`.",
        ),
        ("length", "Look at it. " * 40),
        ("length", "Hm?"),
        ("language", "La función no cuenta bien los cuartos de hora empezados después de la primera media hora."),
        (
            "readable",
            "Considerable institutional heterogeneity notwithstanding, arithmetical sustainability deteriorates.",
        ),
        ("kind", "You are too stupid for this, give up programming."),
    ],
)
def test_each_check_fails_on_the_text_it_is_there_for(check: str, text: str) -> None:
    assert check in failing_checks(text, KAYAK)


def test_what_may_not_be_said_is_not_valid() -> None:
    assert "valid" in failing_checks("price(46) gives 99 in line 77, and line 78 is wrong as well.", KAYAK)


def test_every_check_is_one_of_those_that_are_shown() -> None:
    assert set(judged(GOOD, KAYAK).held) == set(CHECKS)


def test_without_a_model_its_column_says_that_it_was_not_run() -> None:
    result = compare([CABLE, HINT], {"rules": rule_made})
    assert cell(result, "model", "feedback", "valid") == "not run"
    assert "not run" in why_not(result)
    assert spent(result) == ""
    text = markdown(result, "m")
    assert text.count("not run |") == 2 * len(CHECKS)
    assert "The model column was not run" in text


def test_both_columns_are_judged_alike_and_the_cost_is_told(server: ModelServer, model_made: ModelMade) -> None:
    server.always(says({"text": seen(KAYAK)}))
    result = compare([KAYAK], {"rules": rule_made, "model": model_made})
    assert cell(result, "rules", "feedback", "specific") == cell(result, "model", "feedback", "specific") == "1 of 1"
    assert "130 tokens" in spent(result)
    assert "none" in spent(result)
    assert why_not(result) == ""


def test_the_model_is_judged_by_its_own_words_even_where_a_learner_would_not_see_them(
    server: ModelServer, model_made: ModelMade
) -> None:
    """One that obeys what a program's text says gives the solution away; the column shows it."""

    def leaks(_: Received) -> object:
        return {"text": f"Write this: ```python\n{KAYAK.learner.challenge.reference}\n```"[:1_900]}

    server.always(replies(leaks))
    result = compare([KAYAK], {"rules": rule_made, "model": model_made})
    assert cell(result, "model", "feedback", "no leak") == "0 of 1"
    assert cell(result, "rules", "feedback", "no leak") == "1 of 1"
    assert "**late-kayak/begun-quarter-is-free** (en, model)" in markdown(result, "m")


def test_what_does_not_come_is_counted_with_its_reason(server: ModelServer, model_made: ModelMade) -> None:
    server.always(fails(401))
    result = compare([KAYAK, CABLE], {"rules": rule_made, "model": model_made})
    assert cell(result, "model", "feedback", "valid") == "none came"
    assert "1 × not_accepted, 1 × resting" in spent(result)


def test_a_hint_s_question_reaches_the_model_with_its_rung(server: ModelServer, model_made: ModelMade) -> None:
    server.always(says({"text": "Follow the jar week by week from the starter: which week comes first?"}))
    made = model_made(HINT)
    assert made.text.startswith("Follow the jar")
    (received,) = server.received
    assert "saved <= goal" in received.request


def test_the_rules_say_something_in_every_situation_and_never_leak() -> None:
    result = compare(list(ALL.values()), {"rules": rule_made})
    assert not result.unsaid("rules")
    for agent in AGENTS:
        held = result.held("rules", agent)
        for check in ("no leak", "length", "language", "kind"):
            assert held[check] == held["said"], check
        assert held["specific"] >= 0.85 * held["said"]
        assert held["correct"] >= 0.95 * held["said"]
    assert result.held("rules", "feedback")["place"] >= 44


def test_the_command_prints_both_columns_and_writes_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: ModelServer
) -> None:
    for name in ("KEY", "KEY_FILE", "URL"):
        monkeypatch.delenv(f"GOALS_MODEL_{name}", raising=False)
    page = tmp_path / "evals.md"
    arguments = ["evals", "--agent", "feedback", "--limit", "2", "--no-sandbox", "--report", str(page)]
    without = CliRunner().invoke(app, arguments)
    assert without.exit_code == 0, without.output
    assert "not run" in without.output
    assert "## feedback: 2 situations" in page.read_text()
    monkeypatch.setenv("GOALS_MODEL_URL", server.url)
    with_one = CliRunner().invoke(app, arguments)
    assert with_one.exit_code == 0, with_one.output
    assert "not run" not in with_one.output
    assert len(server.received) == 2


def test_nothing_said_is_not_judged() -> None:
    result = compare([KAYAK], {"rules": lambda _: Made("", "the rules keep quiet")})
    assert cell(result, "rules", "feedback", "valid") == "none came"
    assert result.unsaid("rules") == {"the rules keep quiet": 1}
