"""A teacher's page: one file, nothing fetched, every plot with its words and numbers; and no single learner in it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from goals.analytics.report import Figures, figures, page
from goals.analytics.report.plots import Bar, Line, Range, bars, lines, ranges
from tests.analytics.conftest import Class

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Checked(HTMLParser):
    """Fails where a tag is not closed, or closed by another's."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.seen: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, tag


@pytest.fixture
def made(group: Class) -> str:
    return page(figures(group.asked()), title="An <autumn> class", scope="python-foundations", made=NOW)


def test_the_page_is_whole_and_fetches_nothing(made: str) -> None:
    checked = Checked(made)
    assert checked.seen.count("svg") == 5
    assert len(set(checked.ids)) == len(checked.ids)
    assert not {"script", "link", "img", "iframe"} & set(checked.seen)
    assert not re.search(r"https?://|url\(|@import", made)
    assert "default-src 'none'" in made
    assert "prefers-color-scheme: dark" in made
    assert "An &lt;autumn&gt; class" in made


def test_every_plot_can_be_heard_and_has_its_numbers(made: str) -> None:
    for plot in re.findall(r"<svg.*?</svg>", made, re.DOTALL):
        named = re.search(r'role="img" aria-labelledby="(\S+) (\S+)"', plot)
        assert named
        assert re.search(rf'<title id="{named[1]}">[^<]+</title>', plot)
        assert re.search(rf'<desc id="{named[2]}">[^<]+</desc>', plot)
    assert made.count("<table>") == made.count("<svg")


def test_no_learner_is_named_and_small_rows_are_left_out(group: Class) -> None:
    found = figures(group.asked(), least=3)
    assert all(
        row["learners"] >= 3 for rows in (found.hardest, found.hints, found.retention, found.mastery) for row in rows
    )
    assert "learner-0" not in page(found, title="t", scope="s", made=NOW)
    few = figures(group.asked(), least=1_000)
    assert (few.hardest, few.progress, few.hidden > 10) == ([], [], True)
    assert "left out" in page(few, title="t", scope="s", made=NOW)


def test_the_same_figures_give_the_same_page(group: Class) -> None:
    found = figures(group.asked())
    assert page(found, title="t", scope="s", made=NOW) == page(found, title="t", scope="s", made=NOW)


def test_a_group_that_has_not_begun_has_a_page_too() -> None:
    totals = dict.fromkeys(("learners", "attempts", "goals", "solved", "helped", "mastered", "active"), 0)
    nothing = Figures({**totals, "first": None, "last": None, "at_once": None}, [], [], [], [], [], 3, 0)
    text = page(nothing, title="t", scope="s", made=NOW)
    Checked(text)
    assert "no attempt yet" in text


def test_plots_hold_their_marks_within_their_bounds() -> None:
    plot = lines("a", "t", "d", [Line("x", [(0, 0), (5, 10)])], x=[(0, "0"), (5, "5")], top=10, y=str)
    for right, down in re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', plot):
        assert 0 <= float(right) <= 640
        assert 0 <= float(down) <= 260
    wide = [
        float(w) for w in re.findall(r'class="bar s1".*?width="([\d.]+)"', bars("b", "t", "d", [Bar("n", 1.0, "")]))
    ]
    assert wide == [520]
    assert "nobody yet" in ranges("c", "t", "d", [Range("n", None, None, None, "")], unit="days")
