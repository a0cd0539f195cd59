"""A teacher's page: one file, nothing fetched, every plot with its words and numbers; and no single learner in it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest

from goals.analytics.asking import ask
from goals.analytics.opening import READY
from goals.analytics.report import Figures, figures, page
from goals.analytics.report.plots import Bar, Line, Range, bars, lines, ranges
from tests.analytics.conftest import Class
from tests.analytics.test_views import submitted

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
    return page(figures(group.asked(), made=NOW), title="An <autumn> class", scope="python-foundations", made=NOW)


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
    found = figures(group.asked(), made=NOW, least=3)
    assert all(
        row["learners"] >= 3 for rows in (found.hardest, found.hints, found.retention, found.mastery) for row in rows
    )
    assert "learner-0" not in page(found, title="t", scope="s", made=NOW)
    few = figures(group.asked(), made=NOW, least=1_000)
    assert (few.hardest, few.progress, few.hidden > 10) == ([], [], True)
    assert "left out" in page(few, title="t", scope="s", made=NOW)


def test_a_figure_of_fewer_than_the_row_s_learners_is_of_enough_too(group: Class) -> None:
    db, least = group.asked(), 10
    asked = {view: ask(db, f"FROM {view}").to_pylist() for view in READY}
    found = figures(db, made=NOW, least=least)
    counts = {
        "solvers": "tries",
        "timed": "minutes",
        "helped": "solved_helped",
        "alone": "solved_alone",
        "reached": "days",
    }
    few = set()
    for rows, kept in ((asked["hardest_challenges"], found.hardest), (asked["hint_use"], found.hints),
                       (asked["time_to_mastery"], found.mastery)):  # fmt: skip
        for row in kept:
            same = next(r for r in rows if (r.get("challenge"), r["concept"]) == (row.get("challenge"), row["concept"]))
            for count, figure in counts.items():
                if count in same:
                    assert row[figure] == (same[figure] if same[count] >= least else None)
                    few |= {count} if 0 < same[count] < least else set()
    assert few >= {"helped", "reached"}
    assert [r["days"] for r in found.mastery if r["days"]] == sorted(r["days"] for r in found.mastery if r["days"])
    assert found.mastery[-1]["days"] is None  # its place among the others tells nothing
    assert found.progress == [r for r in asked["cohort_progress"] if r["active"] >= least]
    assert len(found.progress) < len(asked["cohort_progress"])


def test_a_page_of_too_few_has_no_figures_at_all(group: Class) -> None:
    for learners, least in ((20, 20), (20, 21), (0, 3)):
        made = group.asked(tenant=None if learners else "nobody")
        text = page(figures(made, made=NOW, least=least), title="t", scope="s", made=NOW)
        assert ("of goals right at the first attempt" in text) == (learners >= least or not learners)
        assert ("2026 to" in text) == (learners >= least)
    few = page(figures(group.asked(), made=NOW, least=21), title="t", scope="s", made=NOW)
    assert set(re.findall(r"<b>(.*?)</b>", few)) == {"–"}


def test_who_was_active_is_counted_from_the_day_the_page_is_made(group: Class) -> None:
    submits = [(who, at) for who, _, at in submitted(group)]
    last = max(at for _, at in submits)
    for made in (last, last - timedelta(days=10), NOW, last + timedelta(days=6, hours=12)):
        active = {who for who, at in submits if made - timedelta(days=7) < at <= made}
        assert figures(group.asked(), made=made, least=1).totals["active"] == len(active)
        few = figures(group.asked(), made=made, least=20).totals["active"]
        assert few == (None if active else 0)


def test_a_page_since_a_day_says_so(group: Class) -> None:
    since = date(2026, 10, 1)
    found = figures(group.asked(since=since), made=NOW)
    text = page(found, title="t", scope="s", made=NOW, since=since)
    assert text.count("tried since 1 Oct 2026") == 2
    goals = {d["goal"] for _, d, at in submitted(group) if at.date() >= since}
    solved = {d["goal"] for _, d, _ in submitted(group) if d["correct"]} & goals
    first = {d["goal"]: d["correct"] for _, d, _ in reversed(submitted(group))}
    assert (found.totals["goals"], found.totals["solved"]) == (len(goals), len(solved))
    assert found.totals["at_once"] == pytest.approx(sum(bool(first[goal]) for goal in goals) / len(goals))


def test_what_nobody_has_reached_is_not_more_than_anything() -> None:
    concept = {"concept": "sets", "learners": 5, "reached": 0, "days": None, "days_q1": None, "days_q3": None,
               "attempts": None}  # fmt: skip
    long = {"days": None, "attempts": 4, "learners": 4, "recalled": 0.5, "expected": 0.5}
    totals = dict.fromkeys(("learners", "attempts", "goals", "solved", "helped", "mastered", "active"), 5)
    found = Figures({**totals, "first": NOW, "last": NOW, "at_once": 0.5}, [], [], [], [long], [concept], 3, 0)
    text = page(found, title="t", scope="s", made=NOW)
    assert "nobody yet" in text
    assert "<td>sets</td><td>5</td><td>0</td><td>–</td><td>–</td>" in text
    assert text.count("more") == 1
    assert "<td>more</td><td>4</td>" in text


def test_the_same_figures_give_the_same_page(group: Class) -> None:
    found = figures(group.asked(), made=NOW)
    assert page(found, title="t", scope="s", made=NOW) == page(found, title="t", scope="s", made=NOW)


def test_a_group_that_has_not_begun_has_a_page_too() -> None:
    totals = dict.fromkeys(("learners", "attempts", "goals", "solved", "helped", "mastered", "active"), 0)
    nothing = Figures({**totals, "first": None, "last": None, "at_once": None}, [], [], [], [], [], 3, 0)
    text = page(nothing, title="t", scope="s", made=NOW)
    Checked(text)
    assert "no attempt yet" in text


def test_words_of_plots_keep_their_size_on_a_narrow_screen(made: str) -> None:
    """A drawing with a viewBox is shrunk with its words: 12 px of 640 are 6 on a phone."""
    plots = re.findall(r"<svg.*?</svg>", made, re.DOTALL)
    assert len(plots) == 5
    for plot in plots:
        assert "viewBox" not in plot
        assert plot.startswith('<svg width="100%"')
        for place in re.findall(r' (?:x|x1|x2|cx|width)="([^"]+)"', plot):
            assert place == "0" or place.endswith("%")


def test_plots_hold_their_marks_within_their_bounds() -> None:
    plot = lines("a", "t", "d", [Line("x", [(0, 0), (5, 10)])], x=[(0, "0"), (5, "5")], top=10, y=str)
    places = re.findall(r'cx="([\d.]+)%" cy="([\d.]+)"', plot)
    assert len(places) == 2
    for right, down in places:
        assert 0 <= float(right) <= 100
        assert 0 <= float(down) <= 260
    wide = [
        float(w) for w in re.findall(r'class="bar s1".*?width="([\d.]+)%"', bars("b", "t", "d", [Bar("n", 1.0, "")]))
    ]
    assert wide == [100]
    assert "nobody yet" in ranges("c", "t", "d", [Range("n", None, None, None, "")], unit="days")
