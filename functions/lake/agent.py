"""What the lake says of challenges: those that turned out to be another difficulty than everybody goes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.curriculum import Challenge
from shared.events.catalogue.teaching import ChallengeMeasured
from shared.learner.difficulty import Answers, measured, worth_saying
from shared.readmodel.rows import Measured


@dataclass(frozen=True, slots=True)
class Context:
    """`answers` count `challenges` in their order. `standing`: figures there are, of whatever version. `until`: the
    position of the log that the answers go up to."""

    challenges: Mapping[str, Challenge]
    answers: Answers
    standing: Mapping[str, Measured]
    until: int


def decide(context: Context) -> list[ChallengeMeasured]:
    """What is to be said, by challenge."""
    said = []
    for figure in measured(context.answers, {slug: c.difficulty for slug, c in context.challenges.items()}):
        version = context.challenges[figure.challenge].version
        row = context.standing.get(figure.challenge)
        there = row is not None and row.version == version
        before = row.difficulty if row is not None and there else figure.stated
        if worth_saying(figure, before, there):
            said.append(
                ChallengeMeasured(
                    challenge=figure.challenge,
                    version=version,
                    difficulty=figure.difficulty,
                    stated=figure.stated,
                    before=before,
                    uncertainty=figure.uncertainty,
                    learners=figure.learners,
                    until=context.until,
                )
            )
    return said
