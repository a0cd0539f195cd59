"""One attempt of a log, as the evaluation and the model's `fit` take it, made of what callers have."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, cast


class Row(NamedTuple):
    """Who tried what, on which concepts (sorted, each once), when (seconds, or None where a log has no clock), and
    whether it went well."""

    learner: str
    item: str
    concepts: tuple[str, ...]
    t: float | None
    correct: bool


def as_row(learner: object, item: object, concepts: object, t: object, correct: object) -> Row:
    """Names as text, concepts as a set (`a|b`, a sequence, or nothing), a time that is no number as None.

    Raises ValueError for an outcome that is no number.
    """
    if t is not None:
        try:
            t = float(cast(float, t))
        except (TypeError, ValueError, OverflowError):
            t = None
        else:
            t = t if math.isfinite(t) else None
    return Row(str(learner), str(item), as_concepts(concepts), t, as_outcome(correct))


def as_outcome(correct: object) -> bool:
    """True or false, 1 or 0, or a share of a score, of which a half is success. ValueError for what is no number."""
    if correct is True or correct is False:
        return correct
    try:
        value = float(cast(float, correct))
    except TypeError as problem:
        raise ValueError(f"an outcome is true or false, 1 or 0: {correct!r}") from problem
    if not 0 <= value <= 1:
        raise ValueError(f"an outcome is true or false, 1 or 0: {correct!r}")
    return value >= 0.5


def as_concepts(concepts: object) -> tuple[str, ...]:
    """Sorted names, each once."""
    if type(concepts) is tuple and len(concepts) == 1 and type(concepts[0]) is str and concepts[0]:
        return concepts
    if isinstance(concepts, str):
        concepts = [name.strip() for name in concepts.split("|")]
    elif concepts is None:
        return ()
    elif not isinstance(concepts, Iterable):
        concepts = (concepts,)
    names = tuple([str(name) for name in cast("Iterable[object]", concepts)])
    if len(names) == 1 and names[0]:
        return names
    return tuple(sorted({name for name in names if name}))


def as_rows(rows: Iterable[object]) -> list[Row]:
    """Rows of `Row`s, of mappings with its names, or of tuples (learner, item, concepts, t, correct).

    Plain tuples of which every fourth element, and not every fifth, is 0 or 1 are taken as those of `update`:
    (learner, item, concepts, correct, t). Raises ValueError, with the row's number, for anything else.
    """
    found = list(rows)
    plain = [r for r in found if not isinstance(r, Mapping | Row) and isinstance(r, Sequence) and len(r) == 5]
    swapped = bool(plain) and not all(_outcome(r[4]) for r in plain) and all(_outcome(r[3]) for r in plain)
    made = []
    for number, row in enumerate(found, 1):
        try:
            if isinstance(row, Row):
                made.append(as_row(*row))
            elif isinstance(row, Mapping):
                made.append(as_row(row["learner"], row["item"], row.get("concepts"), row.get("t"), row["correct"]))
            else:
                learner, item, concepts, t, correct = cast("Sequence[object]", row)
                made.append(as_row(learner, item, concepts, *((correct, t) if swapped else (t, correct))))
        except (KeyError, TypeError, ValueError) as problem:
            raise ValueError(
                f"row {number} is no attempt (learner, item, concepts, t, correct): {row!r}: {problem}"
            ) from problem
    return made


def _outcome(value: object) -> bool:
    return isinstance(value, bool | int | float) and value in (0, 1)
