"""The table of weights: what it holds is sound, every weight is the sum of its parts, and the docs show this table."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.planning import TABLE, document, explained, weigh
from shared.planning.weights import Table, read

ROOT = Path(__file__).parents[2]


@given(st.sampled_from(sorted(TABLE.reasons)), st.floats(-10, 10))
def test_a_weight_is_the_sum_of_its_parts_and_between_0_and_1_whatever_the_figures(reason: str, figure: float) -> None:
    figures = dict.fromkeys(set(TABLE.reasons[reason]) - {"base"}, figure)
    weight = weigh(reason, **figures)
    assert 0 <= weight.value <= 1
    assert weight.value == pytest.approx(sum(weight.parts.values()))
    assert set(weight.parts) == {reason, *figures}


def test_more_of_a_figure_weighs_more() -> None:
    assert weigh("review", overdue=0).value < weigh("review", overdue=0.5).value < weigh("review", overdue=1).value


def test_a_figure_the_table_does_not_have_is_an_error_and_so_is_one_left_out() -> None:
    with pytest.raises(ValueError, match="weighed by"):
        weigh("course")
    with pytest.raises(ValueError, match="weighed by"):
        weigh("project", missing=0.5)
    with pytest.raises(KeyError):
        weigh("whim")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[reasons.a]\nmissing = 0.2\n[words.a]\nen='a'\nes='a'\n[words.missing]\nen='m'\nes='m'", "has no base"),
        ("[reasons.a]\nbase = 0.9\nm = 0.2\n[words.a]\nen='a'\nes='a'\n[words.m]\nen='m'\nes='m'", "comes to 1.1"),
        ("[reasons.a]\nbase = 0.9\n[words]\n", "words are missing"),
        ("[reasons.a]\nbase = 0.9\n[words.a]\nen='a'\n", "English and Spanish"),
        ("[reasons.a]\nbase = 1.5\n[words.a]\nen='a'\nes='a'\n", "less than or equal to 1"),
        ("[reasons.a]\nbase = 0.5\nb = 0.1\n[reasons.b]\nbase = 0.5\n[words]\n", "at once"),
        ("[reasons.a]\nbase = 'heavy'\n[words.a]\nen='a'\nes='a'\n", "valid number"),
        ("[rules.a]\nbase = 0.5\n", "rules"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused_with_what_is_wrong(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "weights.toml"
    file.write_text(text)
    with pytest.raises(ValidationError, match=complaint):
        read(file)


def test_the_parts_of_a_weight_are_told_in_words_of_both_languages() -> None:
    parts = weigh("course", missing=0.7, waiting=0, near=0).parts
    assert explained(parts, "en") == "0.84 = next in a course 0.70 + what is missing to full mastery 0.14"
    assert explained(parts, "es") == "0.84 = lo siguiente de un curso 0.70 + lo que falta para el dominio total 0.14"
    assert explained({}, "en") == ""
    assert explained({"gone": 0.5}, "en") == "0.50 = gone 0.50", "a plan made by an older table is told as it is"


def test_the_page_in_the_docs_shows_the_table() -> None:
    assert document() in (ROOT / "docs" / "planning.md").read_text("utf-8")
    assert isinstance(TABLE, Table)
