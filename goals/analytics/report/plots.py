"""Plots as inline SVG. Colours come from the page's style (`page.html`), so they follow light and dark; each plot has a
title and a description, and its numbers stand in a table beside it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 640
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 12, 40
ROW = 30
Words = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Line:
    """`points`: (x, y) in order of x. `dashed`: what was expected, not what was."""

    name: str
    points: Sequence[tuple[float, float]]
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """`value` in [0, 1]; `mark`: a tick to compare with; `note` stands at its end."""

    name: str
    value: float
    note: str
    mark: float | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """`low`, `middle`, `high`: quartiles; None: nobody has come there yet."""

    name: str
    low: float | None
    middle: float | None
    high: float | None
    note: str


def lines(
    id_: str, title: str, described: str, series: Sequence[Line], *, x: Sequence[tuple[float, str]], top: float,
    y: Words, height: int = 260, axis: str = "",
) -> str:  # fmt: skip
    """`x`: ticks and their words, the first and last bound the plot; `top`: of the y axis, which begins at 0."""
    first, last = x[0][0], x[-1][0]
    wide, high = WIDTH - LEFT - RIGHT, height - TOP - BOTTOM

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return LEFT + (point[0] - first) / ((last - first) or 1) * wide, TOP + (1 - point[1] / (top or 1)) * high

    body = []
    for tick in _ticks(top):
        _, down = at((first, tick))
        body.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{down:.1f}" y2="{down:.1f}"/>')
        body.append(f'<text class="tick" x="{LEFT - 8}" y="{down + 4:.1f}" text-anchor="end">{escape(y(tick))}</text>')
    for place, word in x:
        right, _ = at((place, 0))
        anchor = "end" if place == last and len(x) > 1 else "middle"
        body.append(
            f'<text class="tick" x="{right:.1f}" y="{height - 20}" text-anchor="{anchor}">{escape(word)}</text>'
        )
    if axis:
        body.append(
            f'<text class="tick" x="{LEFT + wide / 2:.0f}" y="{height - 3}" text-anchor="middle">{escape(axis)}</text>'
        )
    for number, line in enumerate(series):
        kind = "expected" if line.dashed else f"s{number % 5 + 1}"
        places = [at(point) for point in line.points]
        path = "M" + "L".join(f"{right:.1f} {down:.1f}" for right, down in places)
        body.append(f'<path class="line {kind}" d="{path}"/>')
        if not line.dashed:
            body += [
                f'<circle class="dot {kind}" cx="{right:.1f}" cy="{down:.1f}" r="3.5">'
                f"<title>{escape(line.name)}: {escape(y(point[1]))}</title></circle>"
                for (right, down), point in zip(places, line.points, strict=True)
            ]
    return _figure(id_, title, described, height, body)


def bars(id_: str, title: str, described: str, rows: Sequence[Bar], *, mark: str = "") -> str:
    """A bar each, from 0 to 100 %, with its name above it."""
    height = len(rows) * (ROW + 12) + 22
    wide = WIDTH - 120
    body = []
    for place in range(5):
        right = place / 4 * wide
        body.append(f'<line class="grid" x1="{right:.1f}" x2="{right:.1f}" y1="0" y2="{height - 20}"/>')
        anchor = "start" if place == 0 else "middle"
        body.append(f'<text class="tick" x="{right:.1f}" y="{height - 4}" text-anchor="{anchor}">{place * 25} %</text>')
    for number, row in enumerate(rows):
        top = number * (ROW + 12)
        body.append(f'<text class="name" x="0" y="{top + 14}">{escape(row.name)}</text>')
        body.append(f'<rect class="track" x="0" y="{top + 20}" width="{wide}" height="14" rx="3"/>')
        body.append(
            f'<rect class="bar s1" x="0" y="{top + 20}" width="{max(2, row.value * wide):.1f}" height="14" rx="3">'
            f"<title>{escape(row.name)}: {row.value:.0%}</title></rect>"
        )
        if row.mark is not None:
            right = row.mark * wide
            body.append(
                f'<line class="mark" x1="{right:.1f}" x2="{right:.1f}" y1="{top + 17}" y2="{top + 37}">'
                f"<title>{escape(mark)}: {row.mark:.0%}</title></line>"
            )
        body.append(f'<text class="note" x="{WIDTH}" y="{top + 32}" text-anchor="end">{escape(row.note)}</text>')
    return _figure(id_, title, described, height, body)


def ranges(id_: str, title: str, described: str, rows: Sequence[Range], *, unit: str) -> str:
    """A median with its quartiles each."""
    height = len(rows) * (ROW + 12) + 36
    wide = WIDTH - 150
    most = _nice(max((r.high or r.middle or 0 for r in rows), default=0) or 1)
    body = []
    for tick in _ticks(most):
        right = tick / most * wide
        body.append(f'<line class="grid" x1="{right:.1f}" x2="{right:.1f}" y1="0" y2="{height - 34}"/>')
        anchor = "start" if tick == 0 else "middle"
        body.append(f'<text class="tick" x="{right:.1f}" y="{height - 18}" text-anchor="{anchor}">{tick:g}</text>')
    body.append(f'<text class="tick" x="{wide / 2:.0f}" y="{height - 2}" text-anchor="middle">{escape(unit)}</text>')
    for number, row in enumerate(rows):
        top = number * (ROW + 12)
        body.append(f'<text class="name" x="0" y="{top + 14}">{escape(row.name)}</text>')
        body.append(f'<text class="note" x="{WIDTH}" y="{top + 32}" text-anchor="end">{escape(row.note)}</text>')
        if row.middle is None or row.low is None or row.high is None:
            body.append(f'<text class="tick" x="0" y="{top + 32}">nobody yet</text>')
            continue
        low, middle, high = (value / most * wide for value in (row.low, row.middle, row.high))
        body.append(
            f'<rect class="spread s1" x="{low:.1f}" y="{top + 23}" width="{max(2, high - low):.1f}" height="8" rx="4"/>'
        )
        body.append(
            f'<circle class="dot s1" cx="{middle:.1f}" cy="{top + 27}" r="6">'
            f"<title>{escape(row.name)}: median {row.middle:.1f}, "
            f"half of them {row.low:.1f} to {row.high:.1f}</title></circle>"
        )
    return _figure(id_, title, described, height, body)


def _figure(id_: str, title: str, described: str, height: int, body: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{id_}-t {id_}-d">'
        f'<title id="{id_}-t">{escape(title)}</title><desc id="{id_}-d">{escape(described)}</desc>{"".join(body)}</svg>'
    )


def _nice(most: float) -> float:
    """The next 1, 2, 2.5 or 5 times a power of ten."""
    power = 10 ** math.floor(math.log10(most))
    return next(float(step * power) for step in (1, 2, 2.5, 5, 10) if step * power >= most)


def _ticks(top: float) -> list[float]:
    return [top * part / 4 for part in range(5)]


def roof(values: Sequence[float]) -> float:
    """A round top for an axis that holds these."""
    return _nice(max(values, default=0) or 1)
