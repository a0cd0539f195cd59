"""A CSV of attempts: `learner,item,concepts,t,correct`, concepts joined by `|`, t in seconds or empty.

A header may give other orders and more columns; some usual names are understood. Without a header the five columns
stand in that order. A byte order mark, blank lines, quotes, semicolons or tabs do no harm. Attempts are met in the
file's order; those of one learner in the order of t, where all of that learner's have one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from shared.learner.model.rows import Row, as_row

COLUMNS = ("learner", "item", "concepts", "t", "correct")
NAMES = {
    "learner": ("learner", "learner_id", "student", "student_id", "user", "user_id"),
    "item": ("item", "item_id", "problem", "problem_id", "question", "exercise", "challenge"),
    "concepts": ("concepts", "concept", "skills", "skill", "skill_id", "kc", "kcs", "concepts(a|b)"),
    "t": ("t", "time", "timestamp", "seconds"),
    "correct": ("correct", "outcome", "result", "score"),
}
LONGEST = 1 << 30
"""Characters of one cell: names may be whole addresses or statements."""
OUTCOMES = {"1": True, "0": False, "true": True, "false": False, "yes": True, "no": False, "": None}
NO_TIME = ("", "none", "null", "nan", "na")


class BadLog(ValueError):
    """The file is no log of attempts; the message names the line."""


def read(path: Path) -> list[Row]:
    """The attempts of a file, in its order. Raises BadLog, or OSError where it cannot be opened."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return parse(lines, str(path))
    except UnicodeDecodeError as problem:
        raise BadLog(f"{path}: not UTF-8 text: {problem}") from problem


def parse(lines: Iterable[str], name: str) -> list[Row]:
    """As `read`, for lines with their ends or without; `name` stands in messages."""
    csv.field_size_limit(LONGEST)
    lines = list(lines)
    first = next((line for line in lines if line.strip()), "")
    reader = csv.reader(lines, delimiter=max(",;\t", key=first.count))
    rows: list[Row] = []
    places: dict[str, int] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            where = f"{name}, line {reader.line_num}"
            if places is None:
                places = _header(cells, where)
                if places is not None:
                    continue
                places = {column: k for k, column in enumerate(COLUMNS)}
            rows.append(_row(cells, places, where))
    except csv.Error as problem:
        raise BadLog(f"{name}, line {reader.line_num}: no line of a CSV: {problem}") from problem
    if not rows:
        raise BadLog(f"{name}: no attempts; expected lines of {','.join(COLUMNS)}")
    return in_time(rows)


def in_time(rows: list[Row]) -> list[Row]:
    """Each learner's attempts in the order of t, those of equal t as they stood: none is to be predicted by a later
    one. A learner keeps their places in the log, and their order where an attempt has no t."""
    places: dict[str, list[int]] = {}
    for k, row in enumerate(rows):
        places.setdefault(row.learner, []).append(k)
    found = list(rows)
    for ours in places.values():
        times = [rows[k].t for k in ours]
        known = [t for t in times if t is not None]
        if len(known) == len(times) and known != sorted(known):
            for k, of in zip(ours, sorted(ours, key=lambda k: rows[k].t or 0.0), strict=True):
                found[k] = rows[of]
    return found


def _header(cells: Sequence[str], where: str) -> dict[str, int] | None:
    """Where each column is, or None if the first line is an attempt already."""
    named = [cell.strip().lower() for cell in cells]
    places = {
        column: next(k for k, cell in enumerate(named) if cell in names)
        for column, names in NAMES.items()
        if any(cell in names for cell in named)
    }
    if len(places) < 2:
        return None
    missing = [column for column in ("learner", "item", "correct") if column not in places]
    if missing:
        raise BadLog(f"{where}: the header has no column {', '.join(missing)}; it has {', '.join(named)}")
    return places


def _row(cells: Sequence[str], places: dict[str, int], where: str) -> Row:
    if len(cells) <= max(places.values()):
        raise BadLog(f"{where}: {len(cells)} columns where {max(places.values()) + 1} are needed: {','.join(cells)}")
    cell = {column: cells[k].strip() for column, k in places.items()}
    for column in ("learner", "item"):
        if not cell[column]:
            raise BadLog(f"{where}: no {column}")
    return as_row(
        cell["learner"],
        cell["item"],
        cell.get("concepts", ""),
        _time(cell.get("t", ""), where),
        _outcome(cell["correct"], where),
    )


def _time(text: str, where: str) -> float | None:
    if text.lower() in NO_TIME:
        return None
    try:
        return float(text)
    except ValueError:
        pass
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise BadLog(f"{where}: t is neither seconds, nor a date and time, nor empty: {text!r}") from None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def _outcome(text: str, where: str) -> bool:
    known = OUTCOMES.get(text.lower())
    if known is not None:
        return known
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise BadLog(f"{where}: correct is neither 0 nor 1: {text!r}")
    return value >= 0.5
