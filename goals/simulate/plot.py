"""The figures of a study as an SVG drawing: attempts to mastery, and what is held thirty days later."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from goals.simulate.study import Figures

COLOURS = {"planner": "#1f6feb", "no reviews": "#79b8ff", "oracle": "#2da44e"}
OTHER = "#8c959f"
BAR, GAP, LEFT, WIDE, TOP = 16, 6, 96, 300, 56
"""Pixels: height of a bar, space between bars, room for names, length of the longest bar, room for the titles."""
RIGHT = 90
"""Pixels from one column's bars to the next column's names: room for the longest bar's figure."""


def drawn(found: Sequence[Figures], title: str) -> str:
    """Two columns of bars, a group for each mechanism. White ground, so that it reads on dark pages too."""
    mechanisms = list(dict.fromkeys(f.mechanism for f in found))
    second = LEFT + WIDE + RIGHT
    most = max(f.attempts + f.error for f in found) or 1.0
    out, y = [_text(8, 20, title, size=13, weight="bold")], TOP
    out.append(_text(LEFT, 42, "attempts until 80 % of the course is held (mean ± standard error)"))
    out.append(_text(second + LEFT, 42, "held 30 days later, of those who got there"))
    for mechanism in mechanisms:
        out.append(_text(8, y + 12, mechanism, weight="bold"))
        y += BAR + GAP
        for f in (f for f in found if f.mechanism == mechanism):
            out += _bar(0, y, f, f.attempts / most, f"{f.attempts:.0f}", f.error / most)
            if f.reached:
                out += _bar(second, y, f, f.retained, f"{f.retained:.2f}", 0.0)
            y += BAR + GAP
        y += 2 * GAP
    wide = second + LEFT + WIDE + 50
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {y}" font-family="sans-serif" font-size="12">\n'
        f'<rect width="{wide}" height="{y}" fill="white"/>\n' + "\n".join(out) + "\n</svg>\n"
    )


def _bar(x: int, y: int, f: Figures, share: float, figure: str, error: float) -> list[str]:
    end, middle = x + LEFT + WIDE * share, y + BAR / 2
    drawing = [
        _text(x + LEFT - 6, y + 12, f.arm, anchor="end"),
        f'<rect x="{x + LEFT}" y="{y}" width="{WIDE * share:.1f}" height="{BAR}" fill="{COLOURS.get(f.arm, OTHER)}"/>',
        _text(end + WIDE * error + 5, y + 12, figure),
    ]
    if error:
        low, high = end - WIDE * error, end + WIDE * error
        drawing.append(f'<path d="M{low:.1f} {middle}H{high:.1f}" stroke="black" stroke-width="1.5"/>')
    return drawing


def _text(x: float, y: float, words: str, *, size: int = 12, weight: str = "normal", anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" '
        f'fill="#1f2328">{escape(words)}</text>'
    )
