"""What learners of a study needed, each a line of JSON as it ends: a study that is broken off goes on from there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from shared.errors import InvalidInput

if TYPE_CHECKING:
    from goals.simulate.study import Course

Key = tuple[int, str, str, int]
"""Seed, mechanism, arm, number of the learner."""


class Kept:
    """`file`: made if it is not there; None keeps nothing. Raises InvalidInput where it holds anything else."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._courses = dict(_read(file)) if file is not None and file.exists() else {}

    def get(self, key: Key) -> Course | None:
        return self._courses.get(key)

    def add(self, key: Key, course: Course) -> None:
        self._courses[key] = course
        if self._file is None:
            return
        seed, mechanism, arm, number = key
        line = {
            "seed": seed, "mechanism": mechanism, "arm": arm, "number": number, "attempts": course.attempts,
            "reached": course.reached, "retained": course.retained, "days": course.days,
        }  # fmt: skip
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def _read(file: Path) -> Iterator[tuple[Key, Course]]:
    from goals.simulate.study import Course

    lines = file.read_text("utf-8").splitlines(keepends=True)
    for number, text in enumerate(lines, 1):
        if number == len(lines) and not text.endswith("\n"):
            file.write_text("".join(lines[:-1]), "utf-8")  # broken off in the middle of a line: that learner again
            return
        try:
            line = json.loads(text)
            key = (line["seed"], line["mechanism"], line["arm"], line["number"])
            yield key, Course(line["attempts"], line["reached"], line["retained"], line["days"])
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInput(
                f"{file}, line {number}: not what one learner needed", hint="name another file, or none"
            ) from error
