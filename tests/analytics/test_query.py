"""`goals lake query`: every row for a program, no option that changes nothing."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from typer.testing import CliRunner

from goals.cli import app
from tests.analytics.test_views import GOLDEN

MANY = "SELECT i, 'x' AS word FROM range(25000) t(i)"


def asked(*words: str, status: int = 0) -> Any:
    result = CliRunner().invoke(app, ["lake", "query", *words], env={"COLUMNS": "200"})
    assert result.exit_code == status, result.output
    return result


def of_copy(*words: str, status: int = 0) -> Any:
    return asked(*words, "--folder", str(GOLDEN), status=status)


def test_a_program_gets_every_row() -> None:
    told = json.loads(of_copy(MANY, "--format", "json").stdout)
    assert told == [{"i": i, "word": "x"} for i in range(25_000)]
    rows = list(csv.reader(io.StringIO(of_copy(MANY, "--format", "csv").stdout)))
    assert rows == [["i", "word"], *([str(i), "x"] for i in range(25_000))]
    assert json.loads(of_copy(f"{MANY} WHERE i < 0", "--format", "json").stdout) == []
    assert of_copy(f"{MANY} WHERE i < 0", "--format", "csv").stdout.splitlines() == ["i,word"]


def test_a_table_that_ends_before_the_answer_says_so() -> None:
    whole = of_copy(f"{MANY} WHERE i < 1000")
    assert (len(whole.stdout.splitlines()), whole.stderr) == (1_001, "")
    cut = of_copy(f"{MANY} WHERE i < 1001")
    assert len(cut.stdout.splitlines()) == 1_001
    assert "more rows than these 1,000" in cut.stderr
    assert len(of_copy(MANY, "--limit", "12000").stdout.splitlines()) == 12_001
    few = of_copy(MANY, "--limit", "5", "--format", "json")
    assert len(json.loads(few.stdout)) == 5
    assert "more rows than these 5" in few.stderr


@pytest.mark.parametrize("option", ["--tenant", "--course", "--since", "--data"])
def test_what_narrows_the_lake_down_is_refused_for_a_copy(option: str) -> None:
    refused = of_copy("FROM tried", option, "2026-11-29", status=1)
    assert option in refused.stderr
    assert "--lake" in refused.stderr
    assert refused.stdout == ""


@pytest.mark.parametrize("option", ["--folder", "--server", "--account"])
def test_what_names_a_copy_is_refused_for_the_lake(option: str) -> None:
    assert option in asked("FROM tried", "--lake", option, "x", status=1).stderr
