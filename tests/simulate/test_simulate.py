"""Simulated learners: seeded, measured against hidden knowledge, and the planner better than chance."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import groupby, islice
from pathlib import Path
from statistics import mean
from xml.etree import ElementTree

import pytest

from goals.simulate.kept import Kept
from goals.simulate.minds import MECHANISMS, Traits, _Mind
from goals.simulate.orders import Ordered
from goals.simulate.plot import drawn
from goals.simulate.study import ALL, ARMS, Course, Figures, fewer, figures, interval, run, study
from goals.simulate.world import make
from shared.curriculum import Challenge
from shared.errors import InvalidInput

WORLD = make(1)
BELOW = {c: WORLD.below(c) for c in WORLD.concepts}


def test_a_course_is_the_same_for_a_seed_and_rests_only_on_what_comes_before() -> None:
    assert make(1) == WORLD
    assert make(2) != WORLD
    order = {c: n for n, c in enumerate(WORLD.concepts)}
    assert len(order) == 30
    assert all(order[b] < order[c] for c, below in BELOW.items() for b in below)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_practice_brings_a_concept_to_be_held_and_long_disuse_takes_it_away(mechanism: str) -> None:
    first = WORLD.concepts[0]
    learnt, kept = [], []
    for number in range(40):
        mind = MECHANISMS[mechanism](BELOW, Traits(prior=0.0), number)
        assert not mind.holds(first, 0.0)
        for n in range(20):
            mind.attempt(first, 0.5, n / 100)
        learnt.append(mind.holds(first, 0.2))
        kept.append(mind.holds(first, 400.0))
    assert mean(learnt) > 0.8
    assert mean(kept) < 0.3


@pytest.mark.parametrize("mechanism", ["strength", "half-life"])
def test_practice_never_leaves_less_behind_than_no_practice_would(mechanism: str) -> None:
    first = WORLD.concepts[0]
    for number in range(10):
        once, again = (MECHANISMS[mechanism](BELOW, Traits(prior=0.0), number) for _ in range(2))
        for mind in (once, again):
            assert isinstance(mind, _Mind)
            for n in range(6):
                mind.practise(first, n / 100, True, 1.0)
        assert isinstance(again, _Mind)
        assert isinstance(once, _Mind)
        again.practise(first, 20.0, False, 0.3)
        for later in (20.0, 21.0, 30.0, 90.0):
            assert again.at_hand(first, later) >= once.at_hand(first, later)


def test_in_the_fixed_order_each_challenge_is_solved_before_the_next_one() -> None:
    mind = MECHANISMS["states"](BELOW, Traits(prior=0.0, rate=0.05), 1)
    learner = Ordered(WORLD, mind, "1-1", 45, "fixed")
    steps = [(challenge.slug, learner.passed) for challenge, _ in islice(_passing_every_fifth(learner), 60)]
    slugs = [slug for slug, _ in steps]
    assert [slug for slug, _ in groupby(slugs)] == [f"concept-01-{n}" for n in range(1, 7)] + [
        f"concept-02-{n}" for n in range(1, 7)
    ]
    assert all(len(list(tries)) == 5 for _, tries in groupby(slugs))


def _passing_every_fifth(learner: Ordered) -> Iterator[tuple[Challenge, float]]:
    for n, step in enumerate(learner.working, start=1):
        learner.passed = n % 5 == 0
        yield step


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_who_sees_the_hidden_state_needs_fewest_attempts(mechanism: str) -> None:
    found = [figures(mechanism, arm, [run(mechanism, arm, 1, n) for n in range(6)]) for arm in ("planner", "oracle")]
    assert found[1].attempts < found[0].attempts


def test_a_study_is_drawn_as_svg_with_every_order_and_figure() -> None:
    found = [figures("states", arm, [Course(100 * n, True, 0.5)]) for n, arm in enumerate(("planner", "a<b"), start=1)]
    drawing = drawn(found, "two & more")
    texts = [e.text for e in ElementTree.fromstring(drawing).iter() if e.tag.endswith("text")]  # noqa: S314 - our own
    assert {"two & more", "states", "planner", "a<b", "100", "200", "0.50"} <= set(texts)


def test_a_learner_s_course_is_the_same_for_a_seed() -> None:
    assert run("half-life", "planner", 1, 3) == run("half-life", "planner", 1, 3)


def test_the_planner_needs_fewer_attempts_than_chance_and_than_the_fixed_order() -> None:
    found = [
        figures("half-life", arm, [run("half-life", arm, 1, n) for n in range(6)])
        for arm in ("planner", "random", "fixed")
    ]
    assert all(f.reached > 0.5 for f in found)
    assert fewer(found, "half-life", "random") > 0.4
    assert fewer(found, "half-life", "fixed") > 0.2


def test_figures_count_who_never_got_there_with_what_they_tried() -> None:
    found = figures("states", "fixed", [Course(100, True, 0.5), Course(300, False, None)])
    assert (found.attempts, found.reached, found.retained) == (200, 0.5, 0.5)


def test_what_is_saved_has_an_interval_that_narrows_with_learners_who_agree() -> None:
    alike = [figures("states", arm, [Course(n, True, 0.5)] * 9) for arm, n in (("planner", 50), ("fixed", 100))]
    assert interval(alike, "states", "fixed") == (0.5, 0.5)
    apart = [
        figures("states", "planner", [Course(50, True, 0.5), Course(150, True, 0.5)] * 5),
        figures("states", "fixed", [Course(100, True, 0.5)] * 10),
    ]
    low, high = interval(apart, "states", "fixed")
    assert low < fewer(apart, "states", "fixed") == 0.0 < high


def test_a_study_deals_its_learners_to_the_mechanisms_in_turn() -> None:
    ended: list[int] = []
    found = study(2, 7, 1, ended.append)
    assert [(f.mechanism, f.arm) for f in found] == [(m, a) for m in ("states", "strength", "all") for a in ARMS]
    assert [f.learners for f in found] == [1] * 2 * len(ARMS) + [2] * len(ARMS)
    assert found[-1].each == (found[len(ARMS) - 1].each[0], found[2 * len(ARMS) - 1].each[0])
    assert len(ended) == 2 * len(ARMS)


def test_a_study_that_was_broken_off_goes_on_from_there(tmp_path: Path) -> None:
    file, ended = tmp_path / "kept.jsonl", list[int]()
    whole = study(1, 7, 1, ended.append, Kept(file))
    lines = file.read_text().splitlines(keepends=True)
    assert len(lines) == len(ARMS)
    file.write_text("".join(lines[:3]) + lines[3][:20])
    again: list[int] = []
    assert study(1, 7, 1, again.append, Kept(file)) == whole
    assert again == [3] + [1] * (len(ARMS) - 3)
    assert sorted(file.read_text().splitlines()) == sorted(line.strip() for line in lines)
    assert study(1, 8, 1, again.append, Kept(file)) != whole, "another seed's learners are others"


@pytest.mark.parametrize("line", ["nonsense", "3", "{}", '{"seed": 1}'])
def test_a_file_of_something_else_is_not_written_to(tmp_path: Path, line: str) -> None:
    file = tmp_path / "other"
    file.write_text(f"{line}\n")
    with pytest.raises(InvalidInput, match="line 1"):
        Kept(file)
    assert file.read_text() == f"{line}\n"


AIMS = (30, 50, 20)
"""Per cent: fewer attempts than fixed, than random; more held thirty days later than without reviews."""
DOCS = Path(__file__).parents[2] / "docs"
LEARNING = (DOCS / "learning.md").read_text("utf-8")


def test_the_page_says_of_each_aim_whether_its_figure_reaches_it_and_over_all_learners_each_does() -> None:
    rows = re.findall(
        r"^\| ([\w-]+) \| (-?\d+) %: ([\w ]+) \| (-?\d+) %: ([\w ]+) \| (-?\d+) %: ([\w ]+) \|$", LEARNING, re.MULTILINE
    )
    assert [row[0] for row in rows] == ["all", "states", "strength", "half-life"]
    for name, *cells in rows:
        for aim, figure, said in zip(AIMS, cells[::2], cells[1::2], strict=True):
            assert said == ("reached" if int(figure) >= aim else "not reached"), name
    assert rows[0][2::2] == ("reached",) * 3


def test_the_pages_summary_is_that_of_its_own_table() -> None:
    """The share saved as the long table gives it; what is held, from two figures that were rounded."""
    for name, fixed, random, held in re.findall(
        r"^\| ([\w-]+) \| (-?\d+) %: [^|]+\| (-?\d+) %: [^|]+\| (-?\d+) %", LEARNING, re.MULTILINE
    ):
        lines = {o: c for m, o, *c in _long_table() if m == name}
        assert [lines[order][-1].split(" %")[0] for order in ("fixed", "random")] == [fixed, random]
        kept, without = float(lines["planner"][-2]), float(lines["no reviews"][-2])
        low, high = ((kept - 0.005) / (without + 0.005) - 1) * 100, ((kept + 0.005) / (without - 0.005) - 1) * 100
        assert low - 0.5 <= int(held) <= high + 0.5, name


@pytest.fixture(scope="module")
def published() -> list[Figures]:
    """Of the study the page is about, from what each learner needed in it."""
    with (DOCS / "simulate.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["order"] for row in rows} == set(ARMS)
    assert len(rows) == 500 * len(ARMS)

    def needed(row: dict[str, str]) -> Course:
        held = int(row["held_of_30"]) / 30 if row["held_of_30"] else None
        return Course(int(row["attempts"]), row["mastered"] == "1", held, int(row["days"]))

    return [
        figures(mechanism, arm, [needed(r) for r in rows if r["order"] == arm and mechanism in (r["mechanism"], ALL)])
        for mechanism in (*MECHANISMS, ALL)
        for arm in ARMS
    ]


def test_the_pages_tables_are_what_its_learners_needed(published: list[Figures]) -> None:
    table = []
    for f in published:
        saved = ""
        if f.arm not in ("planner", "oracle"):
            low, high = (f"{100 * share:.0f} %" for share in interval(published, f.mechanism, f.arm))
            saved = f"{100 * fewer(published, f.mechanism, f.arm):.0f} % ({low} … {high})"
        table.append([
            f.mechanism, f.arm, f"{f.attempts:.0f} ± {f.error:.0f}", f"{f.middle:.0f}", f"{f.days:.0f}",
            f"{100 * f.reached:.0f} %", f"{f.retained:.2f}", saved,
        ])  # fmt: skip
    assert _long_table() == table
    for name, *cells in _summary():
        kept = {f.arm: f.retained for f in published if f.mechanism == name}
        shares = [fewer(published, name, "fixed"), fewer(published, name, "random")]
        assert [int(cell) for cell in cells[::2]] == [
            *(round(100 * share) for share in shares),
            round(100 * (kept["planner"] / kept["no reviews"] - 1)),
        ]


@pytest.mark.parametrize(("number", "arm"), [(0, "planner"), (3, "fixed"), (4, "planner"), (8, "random")])
def test_a_learner_of_the_page_needs_today_what_it_says(number: int, arm: str) -> None:
    """Another planner, world or mind, and the study is to be made anew."""
    with (DOCS / "simulate.csv").open(encoding="utf-8", newline="") as file:
        row = next(r for r in csv.DictReader(file) if (r["number"], r["order"]) == (str(number), arm))
    course = run(row["mechanism"], arm, 2026, number)
    held = "" if course.retained is None else str(round(course.retained * 30))
    assert [str(course.attempts), str(int(course.reached)), str(course.days), held] == [
        row["attempts"], row["mastered"], row["days"], row["held_of_30"],
    ]  # fmt: skip


def test_the_pages_picture_is_drawn_from_them(published: list[Figures]) -> None:
    title = "500 simulated learners, a third under each mechanism, seed 2026"
    assert (DOCS / "simulate.svg").read_text("utf-8") == drawn(published, title)


def _summary() -> list[tuple[str, ...]]:
    """(mechanism, then of each aim the figure and what is said of it)"""
    cell = r"(-?\d+) %: ([\w ]+) \|"
    return re.findall(rf"^\| ([\w-]+) \| {cell} {cell} {cell}$", LEARNING, re.MULTILINE)


def _long_table() -> list[list[str]]:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in LEARNING.splitlines() if "±" in line]
    return [row for row in rows if len(row) == 8]
