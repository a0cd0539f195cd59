"""What the learner model is told of the log, and what it says of one attempt, from the parts that are kept of it.

Facts of three events teach it; everything else in the log passes it by:

    goals.goal.assigned        the stated difficulty of the challenge, until attempts speak (`expect`)
    goals.hint.given           of rung 3 or more: what follows is not the learner's alone (`hint`)
    goals.evaluation.recorded  a submission (`update`), except one that passes again what the learner had solved before

Runs that are no submissions are predicted as if they were, and teach nothing: a starter is run before it is written.
What is withdrawn later stays learnt (docs/decisions/0029).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.learner.ratings import Attempt
from shared.readmodel.rows import Learnt

if TYPE_CHECKING:
    from shared.learner.model.learner_model import LearnerModel

ASSIGNED, HINTED, EVALUATED = "goals.goal.assigned", "goals.hint.given", "goals.evaluation.recorded"
ASSISTED_FROM = 3
"""Rungs below name the concept and ask a question: what follows them is the learner's own."""


@dataclass(frozen=True, slots=True)
class News:
    """One fact of the log, as the model takes it. `kind`: the event's type; `concepts`: sorted, each once; `t`: seconds
    since 1970; `difficulty`: of ASSIGNED, `correct`: of EVALUATED."""

    learner: str
    kind: str
    item: str
    concepts: tuple[str, ...]
    t: float
    difficulty: float = 0.0
    correct: bool = False

    def names(self) -> tuple[str, ...]:
        """The parts it rests on and changes, besides what all share."""
        if self.kind == ASSIGNED:
            return (f"item:{self.item}",)
        if self.kind == HINTED:
            return (f"learner:{self.learner}",)
        return part_names(self.learner, self.item, self.concepts)


def part_names(learner: str, item: str, concepts: Sequence[str]) -> tuple[str, ...]:
    """The parts that an attempt rests on and changes. `concepts`: sorted, each once."""
    combination = ("|".join(concepts),) if len(concepts) > 1 else ()
    return (f"learner:{learner}", f"item:{item}", *(f"concept:{c}" for c in (*concepts, *combination)))


def needed(learner: str, item: str, concepts: Collection[str]) -> tuple[str, ...]:
    """The parts that a forecast of such attempts is made from, what all share with them."""
    return (*part_names(learner, item, sorted(set(concepts))), "global")


def as_news(
    learner: str, kind: str, data: Mapping[str, Any], t: float, assigned: Mapping[str, Any] | None = None
) -> News | None:
    """What an event tells the model; None where it tells nothing. `data`: of the newest version of its type;
    `assigned`: of a hint: the data of its goal's ASSIGNED (a hint of a goal that has none tells nothing)."""
    match kind:
        case t_ if t_ == ASSIGNED:
            return News(learner, kind, data["challenge"], (), t, difficulty=data["difficulty"])
        case t_ if t_ == HINTED:
            if assigned is None or data["rung"] < ASSISTED_FROM:
                return None
            return News(learner, kind, assigned["challenge"], (), t)
        case t_ if t_ == EVALUATED:
            if not teaches(data["purpose"], data["correct"], counted=bool(data["deltas"])):
                return None
            concepts = tuple(sorted(set(data["concepts"])))
            return News(learner, kind, data["challenge"], concepts, t, correct=data["correct"])
        case _:
            return None


def teaches(purpose: str, correct: bool, *, counted: bool) -> bool:
    """Is an evaluated run learnt from? `counted`: it moved a rating; a success moves none where the goal was solved."""
    return purpose == "submit" and (counted or not correct)


def learn(model: LearnerModel, news: News) -> None:
    """As the one who keeps the model does: every layer learns."""
    if news.kind == EVALUATED:
        model.update(news.learner, news.item, news.concepts, news.correct, news.t)
    elif news.kind == HINTED:
        model.hint(news.learner, news.item)
    else:
        model.expect(news.item, news.difficulty)


class Forecast:
    """The model as it was kept at a position of the log, for one learner's attempts at one challenge.

    What the learner did since is taken in before the first question: the history knows it, the layers stand still.
    Nothing of it is kept.
    """

    def __init__(self, learnt: Learnt) -> None:
        from shared.learner.model.learner_model import LearnerModel

        self.version, self.position = learnt.version, learnt.position
        self._model = LearnerModel.of(learnt.parts)
        for one in learnt.news:
            news = as_news(learnt.learner, one["type"], one["data"], one["t"], one["assigned"])
            if news is not None:
                self._take(news)

    def expected(self, attempt: Attempt) -> float:
        """The probability in (0, 1) that a submission then passes, before it is seen."""
        self._model.expect(attempt.challenge, attempt.difficulty)
        t = attempt.at.timestamp() if attempt.at else None
        return self._model.predict(attempt.learner, attempt.challenge, attempt.concepts, t)

    def saw(self, attempt: Attempt, correct: bool) -> None:
        """The outcome of a submission, before the next question."""
        t = attempt.at.timestamp() if attempt.at else None
        self._model.notice(attempt.learner, attempt.challenge, attempt.concepts, correct, t)

    def _take(self, news: News) -> None:
        if news.kind == EVALUATED:
            self._model.notice(news.learner, news.item, news.concepts, news.correct, news.t)
        else:
            learn(self._model, news)
