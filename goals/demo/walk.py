"""One walk through all steps, and what it came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from goals.client import Event
from goals.demo.fingerprint import facts, fingerprint, flaws
from goals.demo.journey import Journey, Missing, Told
from goals.demo.steps import STEPS
from goals.demo.telling import Teller
from shared.errors import GoalsError

ACTING = (
    "access", "challenges", "courses", "feedback", "evaluation", "process", "planner", "mood", "contract",
    "api", "runner", "daily",
)  # fmt: skip
"""Who must have acted by the end."""
Began = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Walked:
    """`steps`: name → milliseconds. `functions`: name → events it said (runner: results it streamed)."""

    steps: dict[str, float]
    events: list[Event]
    functions: dict[str, int]
    facts: list[str]
    feedback: float | None

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.facts)


def walk(
    journey: Journey,
    teller: Teller,
    *,
    alone: bool,
    began: Began = lambda _: None,
    ended: Callable[[], None] = lambda: None,
) -> Walked:
    """From the sign-up to the end. `began` is told of each step (its number from 0) as it begins, `ended` called when
    all are done, before the log is looked at. Raises Missing."""
    taken: dict[str, float] = {}
    began(0)
    start = perf_counter()
    try:
        journey.sign_up()
    except GoalsError as error:
        raise Missing(f"Signs up: {error.detail}") from error
    with journey.listening():
        for number, step in enumerate(STEPS):
            if number:
                began(number)
                start = perf_counter()
            journey.told = Told()
            try:
                step.play(journey)
            except GoalsError as error:
                teller.missing(step.title, error.detail)
                raise Missing(f"{step.title}: {error.detail}") from error
            taken[step.name] = (perf_counter() - start) * 1_000
            teller.step(number + 1, len(STEPS), step.title, taken[step.name], journey.told.lines)
            for correlation in journey.told.correlations:
                teller.way([e for e in journey.stream.events if e.correlation == correlation])
        ended()
        return _concluded(journey, taken, alone=alone)


def _concluded(journey: Journey, taken: dict[str, float], *, alone: bool) -> Walked:
    journey.settled()
    stored = list(journey.api.events())
    wrong = flaws(journey.stream.events, stored, alone=alone)
    functions = Counter(event.function for event in stored)
    if journey.frames:
        functions["runner"] = journey.frames
    silent = [name for name in ACTING if not functions[name]]
    if silent:
        wrong.append(f"nothing was done by {', '.join(silent)}")
    if wrong:
        raise Missing("; ".join(wrong))
    found = facts(
        journey.day,
        me=journey.api.me(),
        goals=journey.goals().values(),
        plan=journey.api.plan(),
        progress=journey.api.progress(),
        contract=journey.api.contract(),
        events=stored,
    )
    return Walked(taken, stored, dict(functions), found, journey.fastest)
