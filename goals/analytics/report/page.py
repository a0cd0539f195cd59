"""The page: words, plots and tables of the figures. Pure: the same figures give the same page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from goals.analytics.report.figures import Figures, Row
from goals.analytics.report.plots import Bar, Line, Range, bars, lines, ranges, roof

COHORTS = 5
"""Lines of one plot: the newest cohorts."""


def page(figures: Figures, *, title: str, scope: str, made: datetime, since: date | None = None) -> str:
    """`scope`: what the figures are of, in words. `since`: what is shown was tried since then."""
    period = figures.period
    few = f"fewer than {figures.least} learners"
    when = f"{_day(period[0])} to {_day(period[1])}" if period else "no attempt yet" if figures.totals else few
    hidden = f" Rows and figures of {few} are left out ({figures.hidden})." if figures.hidden else ""
    before = (
        f" It shows what was tried since {_day(since)}; first attempts, weeks begun in and the way to mastery are told "
        "with what came before."
        if since
        else ""
    )
    return Template(Path(__file__).with_name("page.html").read_text("utf-8")).substitute(
        title=escape(title),
        subtitle=escape(" · ".join([scope, when, *([f"what was tried since {_day(since)}"] if since else [])])),
        tiles="".join(_tiles(figures)),
        sections="".join(_sections(figures)),
        foot=escape(
            f"Made on {made:%d %B %Y, %H:%M} UTC from the data lake. Attempts are submissions; practice runs are none."
            f"{before}{hidden} Every plot has its numbers beneath it."
        ),
    )


def _tiles(figures: Figures) -> Iterable[str]:
    t = figures.totals
    if not t:
        yield f"<li><b>–</b><span>{escape(f'fewer than {figures.least} learners')}</span></li>"
        return
    learners, goals = t["learners"], t["goals"]
    active = f"&lt; {figures.least}" if t["active"] is None else f"{t['active']:,}"
    for value, words in (
        (f"{learners:,}", "learners"),
        (active, "with an attempt in the last seven days"),
        (f"{t['solved']:,}", f"goals solved of {goals:,}"),
        (_share(t["at_once"]), "of goals right at the first attempt"),
        (_share(t["helped"] / goals if goals else None), "of goals with a hint"),
        (f"{t['mastered'] / learners:.1f}" if learners else "–", "concepts mastered by a learner, on average"),
    ):
        yield f"<li><b>{value}</b><span>{escape(words)}</span></li>"


def _sections(figures: Figures) -> Iterable[str]:
    yield _progress(figures.progress)
    yield _retention(figures.retention)
    yield _mastery(figures.mastery, figures.least)
    yield _hardest(figures.hardest)
    yield _hints(figures.hints)


def _progress(rows: Sequence[Row]) -> str:
    head = "Progress since the first week"
    say = (
        "Concepts mastered by a learner on average, by the week a cohort began in. "
        "A line that flattens is a group that waits."
    )
    cohorts = sorted({row["cohort"] for row in rows})[-COHORTS:]
    weeks = max((row["week"] for row in rows), default=0)
    series = [
        Line(f"began {_day(c)}", [(float(r["week"]), float(r["mastered"])) for r in rows if r["cohort"] == c])
        for c in cohorts
    ]
    step = max(1, -(-weeks // 8))
    ticks = [(float(week), str(week)) for week in range(0, weeks + 1, step)]
    if weeks % step:
        ticks.append((float(weeks), str(weeks)))
    described = "; ".join(f"{s.name}: {s.points[-1][1]:.1f} after {s.points[-1][0]:.0f} weeks" for s in series)
    plot = lines(
        "progress", head, described, series, x=ticks, top=roof([p[1] for s in series for p in s.points]),
        y=lambda v: f"{v:g}", axis="weeks since the first attempt",
    )  # fmt: skip
    columns = {"cohort": "began in the week of", "week": "week", "learners": "learners", "active": "with an attempt",
               "solved": "goals solved each", "mastered": "concepts mastered each"}  # fmt: skip
    return _section(
        head, say, plot if series else "", rows, columns, key=[(f"s{n % 5 + 1}", s.name) for n, s in enumerate(series)]
    )


def _hardest(rows: Sequence[Row]) -> str:
    head = "Hardest challenges"
    say = (
        "Share of learners who were right at the first attempt. "
        "Where the bar ends left of the mark, it was harder than expected."
    )
    found = [Bar(r["challenge"], r["first_try"], f"{r['learners']} learners", r["expected"]) for r in rows]
    described = "; ".join(f"{b.name} {b.value:.0%}" for b in found[:5])
    columns = {"challenge": "challenge", "concept": "concept", "learners": "learners", "first_try": "right at once",
               "expected": "expected", "solved": "solved in the end", "tries": "tries", "minutes": "minutes",
               "stated": "stated difficulty"}  # fmt: skip
    plot = bars("hardest", head, described, found, mark="expected")
    return _section(
        head,
        say,
        plot if found else "",
        rows,
        columns,
        key=[("s1", "right at once"), ("mark", "expected by the learner model")],
    )


def _retention(rows: Sequence[Row]) -> str:
    head = "What is still there after a while"
    say = (
        "First attempts at a goal, by the days since its concept was last solved. "
        "Where the line falls under the dashed one, reviews come too late."
    )
    found = [r for r in rows if r["days"] is not None]
    places = [(float(n), f"≤ {r['days']}") for n, r in enumerate(found)]
    series = [
        Line("recalled", [(float(n), float(r["recalled"])) for n, r in enumerate(found)]),
        Line("expected", [(float(n), float(r["expected"])) for n, r in enumerate(found)], dashed=True),
    ]
    described = "; ".join(f"up to {r['days']} days {r['recalled']:.0%}" for r in found)
    plot = lines(
        "retention", head, described, series, x=places or [(0, "")], top=1, y=lambda v: f"{v:.0%}", axis="days"
    )
    rows = [{**r, "days": "more" if r["days"] is None else r["days"]} for r in rows]
    columns = {
        "days": "days, up to",
        "attempts": "attempts",
        "learners": "learners",
        "recalled": "right at once",
        "expected": "expected",
    }
    return _section(
        head,
        say,
        plot if found else "",
        rows,
        columns,
        key=[("s1", "right at once"), ("expected", "expected by the learner model")],
    )


def _mastery(rows: Sequence[Row], least: int) -> str:
    head = "Time to mastery"
    say = (
        "Days from the first attempt at a concept until it counted as mastered: "
        "the median, and where the middle half of the group lies."
    )
    there = [f"fewer than {least}" if r["reached"] is None else str(r["reached"]) for r in rows]
    found = [
        Range(
            r["concept"],
            r["days_q1"],
            r["days"],
            r["days_q3"],
            f"{some} of {r['learners']} there",
            "nobody yet" if r["reached"] == 0 else "too few to say",
        )
        for r, some in zip(rows, there, strict=True)
    ]
    described = "; ".join(f"{r.name} {r.middle:.1f} days" for r in found if r.middle is not None)
    columns = {"concept": "concept", "learners": "learners", "reached": "mastered by", "days": "days (median)",
               "days_q1": "first quartile", "days_q3": "third quartile", "attempts": "attempts (median)"}  # fmt: skip
    return _section(
        head, say, ranges("mastery", head, described, found, unit="days") if found else "",
        [{**r, "reached": some} for r, some in zip(rows, there, strict=True)], columns,
    )  # fmt: skip


def _hints(rows: Sequence[Row]) -> str:
    head = "Where hints are asked for"
    say = "Share of goals with a hint. A challenge that nearly everybody needs help with may lack a step before it."
    found = [
        Bar(r["challenge"], r["asked"], "" if r["rung"] is None else f"to rung {r['rung']:.1f} of 5") for r in rows
    ]
    described = "; ".join(f"{b.name} {b.value:.0%}" for b in found[:5])
    columns = {"challenge": "challenge", "concept": "concept", "learners": "learners", "goals": "goals",
               "asked": "with a hint", "rung": "highest rung, mean", "example": "came to the example",
               "solved_alone": "solved without", "solved_helped": "solved with"}  # fmt: skip
    return _section(head, say, bars("hints", head, described, found) if found else "", rows, columns)


SHARES = ("first_try", "expected", "solved", "recalled", "asked", "example", "solved_alone", "solved_helped")


def _section(
    head: str, say: str, plot: str, rows: Sequence[Row], columns: dict[str, str], *, key: Sequence[tuple[str, str]] = ()
) -> str:
    if not rows:
        return f"<section><h2>{escape(head)}</h2><p class='say'>Nothing to show yet.</p></section>"
    swatches = "".join(
        f'<li><i class="{kind + "-key" if kind in ("expected", "mark") else kind}"></i>{escape(words)}</li>'
        for kind, words in key
    )
    legend = f'<ul class="key" aria-hidden="true">{swatches}</ul>' if len(key) > 1 else ""
    heads = "".join(f'<th scope="col">{escape(words)}</th>' for words in columns.values())
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(_cell(name, row[name]))}</td>" for name in columns) + "</tr>" for row in rows
    )
    return (
        f'<section><h2>{escape(head)}</h2><p class="say">{escape(say)}</p>{legend}{plot}'
        f'<details><summary>The numbers</summary><div class="scroll"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div></details></section>"
    )


def _cell(name: str, value: Any) -> str:
    if value is None:
        return "–"
    if name in SHARES and isinstance(value, float) and value <= 1:
        return _share(value)
    if isinstance(value, float):
        return f"{value:.1f}" if name != "stated" else f"{value:.2f}"
    return _day(value) if hasattr(value, "strftime") else str(value)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}".replace("%", " %")


def _day(value: Any) -> str:
    return f"{value:%d %b %Y}".lstrip("0")
