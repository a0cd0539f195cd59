"""The learner situations: a challenge, a program, a run that failed, a language, and what is asked for."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from shared.curriculum import Challenge
from shared.curriculum import load as curriculum

FOLDER = Path(__file__).with_name("situations")
RECORDED = FOLDER / "runs.json"
Agent = Literal["feedback", "hints"]
AGENTS: tuple[Agent, ...] = ("feedback", "hints")


@dataclass(frozen=True, slots=True)
class Learner:
    """`rungs`: of the hint ladder, that this learner also asks for. `lines`: where the mistake is, by hand."""

    name: str
    challenge: Challenge
    language: Literal["en", "es"]
    code: str
    rungs: tuple[int, ...]
    lines: tuple[int, ...] = ()

    @property
    def digest(self) -> str:
        """Of all that its run depends on."""
        parts = [self.code, self.challenge.slug, self.challenge.variant, self.challenge.version]
        return sha256(json.dumps(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Situation:
    """`report`: of the failing cases, as the runner told them. `rung` None: feedback on the run is asked for."""

    learner: Learner
    passed: int
    total: int
    report: str
    rung: int | None = None

    @property
    def name(self) -> str:
        return self.learner.name if self.rung is None else f"{self.learner.name}, hint {self.rung}"

    @property
    def agent(self) -> Agent:
        return "feedback" if self.rung is None else "hints"


@cache
def learners() -> tuple[Learner, ...]:
    """All of them, as the files say."""
    return tuple(_read())


def situations() -> list[Situation]:
    """Feedback for everybody, and each hint that somebody asks for. Raises KeyError, ValueError where the recorded runs
    are not those of the programs: `python -m goals.evals.record`."""
    runs = json.loads(RECORDED.read_text("utf-8"))
    found = []
    for learner in learners():
        run = runs[learner.name]
        if run["digest"] != learner.digest:
            raise ValueError(f"the recorded run of {learner.name} is of another program or challenge")
        report = json.dumps(run["report"], ensure_ascii=False)
        found += [Situation(learner, run["passed"], run["total"], report, rung) for rung in (None, *learner.rungs)]
    return found


def _read() -> Iterator[Learner]:
    known = curriculum().challenges
    for path in sorted(FOLDER.glob("*.toml")):
        for entry in tomllib.loads(path.read_text("utf-8"))["learner"]:
            yield _learner(known[entry["challenge"]].instantiate(), entry)


def _learner(challenge: Challenge, entry: dict[str, Any]) -> Learner:
    language: Literal["en", "es"] = "es" if entry["language"] == "es" else "en"
    name = f"{challenge.slug}/{entry['mistake']}"
    return Learner(name, challenge, language, entry["code"], tuple(entry.get("hints", ())), tuple(entry["lines"]))
