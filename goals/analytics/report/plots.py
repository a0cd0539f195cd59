"""Plots as inline SVG. Colours come from the page's style (`page.html`), so they follow light and dark; each plot has a
title and a description, and its numbers stand in a table beside it. Heights are pixels and widths per cent, so that on
a narrow screen what is drawn shrinks and words do not."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

TOP, BOTTOM = 16, 40
"""Pixels above and below what is plotted."""
LEFT = 9
"""Where a plot of lines begins, behind the words of its axis: per cent of the width."""
ROW = 42
Words = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Line:
    """`points`: (x, y) in order of x. `dashed`: what was expected, not what was."""

    name: str
    points: Sequence[tuple[float, float]]
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """`value` in [0, 1]; `mark`: a tick to compare with; `note` stands above its end."""

    name: str
    value: float
    note: str
    mark: float | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """`low`, `middle`, `high`: quartiles; None: `empty` says why."""

    name: str
    low: float | None
    middle: float | None
    high: float | None
    note: str
    empty: str = "nobody yet"


def lines(
    id_: str, title: str, described: str, series: Sequence[Line], *, x: Sequence[tuple[float, str]], top: float,
    y: Words, height: int = 260, axis: str = "",
) -> str:  # fmt: skip
    """`x`: ticks and their words, the first and last bound the plot; `top`: of the y axis, which begins at 0."""
    first, last = x[0][0], x[-1][0]
    high = height - TOP - BOTTOM

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return LEFT + (point[0] - first) / ((last - first) or 1) * (100 - LEFT), TOP + (
            1 - point[1] / (top or 1)
        ) * high

    body = []
    for tick in _ticks(top):
        _, down = at((first, tick))
        body.append(f'<line class="grid" x1="0" x2="100%" y1="{down:.1f}" y2="{down:.1f}"/>')
        body.append(f'<text class="tick" x="0" y="{down - 4:.1f}">{escape(y(tick))}</text>')
    for place, word in x:
        right, _ = at((place, 0))
        anchor = "end" if place == last and len(x) > 1 else "middle"
        body.append(
            f'<text class="tick" x="{right:.2f}%" y="{height - 20}" text-anchor="{anchor}">{escape(word)}</text>'
        )
    if axis:
        middle = LEFT + (100 - LEFT) / 2
        body.append(f'<text class="tick" x="{middle}%" y="{height - 3}" text-anchor="middle">{escape(axis)}</text>')
    for number, line in enumerate(series):
        kind = "expected" if line.dashed else f"s{number % 5 + 1}"
        places = [at(point) for point in line.points]
        body += [
            f'<line class="line {kind}" x1="{right:.2f}%" y1="{down:.1f}" x2="{on:.2f}%" y2="{under:.1f}"/>'
            for (right, down), (on, under) in pairwise(places)
        ]
        if not line.dashed:
            body += [
                f'<circle class="dot {kind}" cx="{right:.2f}%" cy="{down:.1f}" r="3.5">'
                f"<title>{escape(line.name)}: {escape(y(point[1]))}</title></circle>"
                for (right, down), point in zip(places, line.points, strict=True)
            ]
    return _figure(id_, title, described, height, body)


def bars(id_: str, title: str, described: str, rows: Sequence[Bar], *, mark: str = "") -> str:
    """A bar each, from 0 to 100 %, with its name and its note above it."""
    height = len(rows) * ROW + 22
    body = _scale([(place / 4 * 100, f"{place * 25} %") for place in range(5)], height - 20)
    for number, row in enumerate(rows):
        top = number * ROW
        body += _heading(row.name, row.note, top)
        body.append(f'<rect class="track" x="0" y="{top + 20}" width="100%" height="14" rx="3"/>')
        body.append(
            f'<rect class="bar s1" x="0" y="{top + 20}" width="{max(0.5, row.value * 100):.2f}%" height="14" rx="3">'
            f"<title>{escape(row.name)}: {row.value:.0%}</title></rect>"
        )
        if row.mark is not None:
            right = row.mark * 100
            body.append(
                f'<line class="mark" x1="{right:.2f}%" x2="{right:.2f}%" y1="{top + 17}" y2="{top + 37}">'
                f"<title>{escape(mark)}: {row.mark:.0%}</title></line>"
            )
    return _figure(id_, title, described, height, body)


def ranges(id_: str, title: str, described: str, rows: Sequence[Range], *, unit: str) -> str:
    """A median with its quartiles each."""
    height = len(rows) * ROW + 36
    most = _nice(max((r.high or r.middle or 0 for r in rows), default=0) or 1)
    body = _scale([(tick / most * 100, f"{tick:g}") for tick in _ticks(most)], height - 34)
    body.append(f'<text class="tick" x="50%" y="{height - 2}" text-anchor="middle">{escape(unit)}</text>')
    for number, row in enumerate(rows):
        top = number * ROW
        body += _heading(row.name, row.note, top)
        if row.middle is None or row.low is None or row.high is None:
            body.append(f'<text class="tick" x="0" y="{top + 32}">{escape(row.empty)}</text>')
            continue
        low, middle, high = (value / most * 100 for value in (row.low, row.middle, row.high))
        body.append(
            f'<rect class="spread s1" x="{low:.2f}%" y="{top + 23}" width="{max(0.5, high - low):.2f}%" height="8" '
            f'rx="4"/><circle class="dot s1" cx="{middle:.2f}%" cy="{top + 27}" r="6">'
            f"<title>{escape(row.name)}: median {row.middle:.1f}, "
            f"half of them {row.low:.1f} to {row.high:.1f}</title></circle>"
        )
    return _figure(id_, title, described, height, body)


def _scale(ticks: Sequence[tuple[float, str]], bottom: int) -> list[str]:
    """Lines from the top to `bottom`, at per cents of the width, their words beneath; the outer two stay inside."""
    body = []
    for right, word in ticks:
        body.append(f'<line class="grid" x1="{right:g}%" x2="{right:g}%" y1="0" y2="{bottom}"/>')
        anchor = "start" if right == 0 else "end" if right == 100 else "middle"
        body.append(f'<text class="tick" x="{right:g}%" y="{bottom + 16}" text-anchor="{anchor}">{escape(word)}</text>')
    return body


def _heading(name: str, note: str, top: int) -> list[str]:
    return [
        f'<text class="name" x="0" y="{top + 14}">{escape(name)}</text>',
        f'<text class="note" x="100%" y="{top + 14}" text-anchor="end">{escape(note)}</text>',
    ]


def _figure(id_: str, title: str, described: str, height: int, body: Sequence[str]) -> str:
    return (
        f'<svg width="100%" height="{height}" role="img" aria-labelledby="{id_}-t {id_}-d">'
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
