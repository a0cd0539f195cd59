"""Where what failed last is explained: the page, and the heading or line on it. By rules; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from functions.courses.page import SUBTASK, Failure
from shared.curriculum import Challenge, Curriculum
from shared.readmodel.rows import Feedback, Run


@dataclass(frozen=True, slots=True)
class Place:
    """`anchor`: a pitfall's heading on the page of `concept`, or the line about the failing case; None: its top."""

    concept: str
    anchor: str | None = None


def place(
    curriculum: Curriculum, concept: str, challenge: Challenge, cause: str | None, failure: Failure | None
) -> Place:
    """For a failure with this likely cause, on a goal whose page is of `concept`: the pitfall that explains the cause,
    on that page, on one of another concept that the challenge trains, or on one of what they rest on, the nearest
    first. Where none does: the line that names the failing case. Where nothing failed: the top.
    """
    if failure is None:
        return Place(concept)
    for slug in _pages(curriculum, concept, challenge):
        pitfall = curriculum.concepts[slug].explains.get(cause or "")
        if pitfall is not None:
            return Place(slug, pitfall)
    return Place(concept, SUBTASK + failure.subtask)


def likely_cause(runs: Sequence[Run], feedback: Sequence[Feedback]) -> str | None:
    """Of the newest of `runs` (newest first) as feedback named it; where it had nothing new to say of that run, as it
    did of the last one that failed in the same way."""
    said = {f.run: f.cause for f in reversed(feedback)}
    alike = (run.run for run in runs if run.signature == runs[0].signature)
    return next((said[run] for run in alike if run in said), None)


def _pages(curriculum: Curriculum, concept: str, challenge: Challenge) -> Iterator[str]:
    own = dict.fromkeys((concept, *challenge.concepts))
    yield from own
    for slug in own:
        yield from reversed(curriculum.prerequisites(slug))
