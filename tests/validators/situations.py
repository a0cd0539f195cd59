"""The situations that the data files of this folder speak of, made of real challenges and real programs."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from functions.feedback.failure import Failure
from functions.feedback.grounds import ground
from graph.state import Input
from shared.curriculum import Challenge, load
from shared.readmodel.rows import Goal
from shared.validators import Ground, Kind

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

PYTHON = """def fare(age):
    if age < 4:
        return 0
    if age <= 30:
        return 7
    if age < 65:
        return 14
    return 9
"""
JAVASCRIPT = """function charge(level, hours, state) {
  let change = 0;
  if (state === "lit") {
    change = -12;
  } else if (state === "sun") {
    change = 25;
  }
  return Math.max(0, level + change * hours);
}
"""
CODE = {"python": PYTHON, "javascript": JAVASCRIPT}
CHALLENGES = {"python": "cable-car", "javascript": "lantern-charge"}
FAILING = {
    "python": Failure("adult", True, "wrong", "failed", "fare(30)", "14", "7", 5, {"age": "30"}),
    "javascript": Failure("full", True, "wrong", "failed", 'charge(90, 2, "sun")', "100", "140", 8),
}
PASSED, TOTAL = 8, 10


def challenge(programming: str) -> Challenge:
    return load().challenges[CHALLENGES[programming]].instantiate()


def grounds(programming: str, language: str, kind: Kind = "feedback") -> Ground:
    code, failing = CODE[programming], [FAILING[programming]]
    return ground(challenge(programming), language, code, failing, kind=kind, passed=PASSED, total=TOTAL)


def hostile() -> Iterator[tuple[str, str, str, str]]:
    """(programming language, rule, language, text)"""
    for programming, rules in _read("hostile_outputs.toml").items():
        for rule, languages in rules.items():
            for language, texts in languages.items():
                for text in texts:
                    yield programming, rule, language, text


def sound() -> Iterator[tuple[str, str, str]]:
    """(programming language, language, text)"""
    for programming, languages in _read("sound_outputs.toml").items():
        for language, texts in languages.items():
            for text in texts:
                yield programming, language, text


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text("utf-8"))


def a_goal(programming: str = "python", **facts: Any) -> Goal:
    given: dict[str, Any] = {
        "goal": "g-1", "learner": "ana", "kind": "course", "challenge": CHALLENGES[programming],
        "challenge_version": 1, "variant": None, "course": "a-course", "concepts": ["conditionals"],
        "difficulty": 0.4, "day": NOW.date(), "minutes": 10, "because": "", "state": "open", "assigned": NOW,
        "opened": NOW, "closed": None, "runs": 3, "failures": 1, "hints": 0, "signature": "", "same_failures": 1,
        "best": 0, "stalled": 0, "total": TOTAL,
    }  # fmt: skip
    return Goal(**{**given, **facts})


def an_input(type_: str, id_: str, **facts: Any) -> Input:
    return {"id": id_, "type": type_, "position": 1, "at": NOW.isoformat(), "correlation": "k", "facts": facts}


def a_run(passed: int = PASSED, total: int = TOTAL, *, id_: str = "e-run", purpose: str = "run") -> Input:
    return an_input(
        "goals.run.finished", id_, run="r-1", purpose=purpose, passed=passed, failed=total - passed, total=total,
        signature="s", fault=False, verdict="failed",
    )  # fmt: skip
