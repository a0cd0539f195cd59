"""The model itself: history → figures → three judgements → one probability. See `shared.learner` for its interface."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Self

import numpy as np

from shared.learner.model.blend import Blend
from shared.learner.model.fitting import fitted
from shared.learner.model.history import History, Situation
from shared.learner.model.linear import Linear, Vector
from shared.learner.model.net import Net
from shared.learner.model.prior import prior
from shared.learner.model.rows import Row, as_concepts, as_outcome, as_row, as_rows
from shared.learner.model.stored import Part, parts, restore
from shared.learner.model.trees import Trees
from shared.learner.ratings import sigmoid, stated

SURE = 12.0
"""No logit beyond this: a probability is never 0 or 1."""


class LearnerModel:
    """Predicts attempts and learns from them, one at a time; nothing is ever refitted unless `fit` is called.

    `t` is seconds on any clock, or None; concepts may be none, one or many; whatever is new is predicted from the rest.
    The same calls in the same order give the same figures, in any process.
    """

    def __init__(self) -> None:
        start = prior()
        self.history = History()
        self.linear, self.net, self.blend = Linear(start), Net(start), Blend()
        self.trees: Trees | None = None
        self._asked: _Asked | None = None

    def predict(self, learner: object, item: object, concepts: object, t: float | None = None) -> float:
        """The probability in (0, 1) that this attempt succeeds. Remembers nothing of what is asked about."""
        return self._ask(learner, item, concepts, t).p

    def update(self, learner: object, item: object, concepts: object, correct: object, t: float | None = None) -> None:
        """Learns from an attempt's outcome: true or false, 1 or 0; a share of a score counts as success from a half."""
        y = as_outcome(correct)
        asked = self._ask(learner, item, concepts, t)
        self._asked = None
        s = asked.situation
        self.blend.learn(asked.logits, y)
        self.linear.learn(asked.x, s.vector, s.item_name, asked.concepts, sigmoid(asked.logits[0]) - y)
        self.net.learn(asked.x, y)
        self.history.absorb(s, y)

    def notice(self, learner: object, item: object, concepts: object, correct: object, t: float | None = None) -> None:
        """Takes an outcome into the history alone: who was asked about has done it, and the layers stand as they are.
        For who has a part of the model only, and lets another learn."""
        row = as_row(learner, item, concepts, t, correct)
        self._asked = None
        self.history.absorb(self.history.situation(*row[:4]), row.correct)

    def hint(self, learner: object, item: object, concepts: object = (), t: float | None = None) -> None:
        """A hint was given on an item: the success that follows says less of the learner."""
        self._asked = None
        self.history.hint(str(learner), str(item))

    def expect(self, item: object, difficulty: float) -> None:
        """The stated difficulty of an item nobody has tried, 0 easiest to 1: it starts from there."""
        self._asked = None
        self.history.expect(str(item), stated(difficulty))

    def fit(self, rows: Iterable[object]) -> LearnerModel:
        """Learns from many attempts at once: `update` of each, in order, and several passes over the layers.

        Rows as `Row`, as mappings with its names, or as tuples (learner, item, concepts, t, correct).
        """
        log = as_rows(rows)
        if not log:
            return self
        self._asked = None
        layers = fitted(log)
        for row in log:
            asked = self._ask(*row[:4])
            self._asked = None
            self.history.absorb(asked.situation, row.correct)
        self.linear, self.net, self.trees = layers.linear, layers.net, layers.trees
        self.blend = Blend()
        return self

    def parts(self, names: Collection[str] | None = None) -> dict[str, Part]:
        """What is remembered, as JSON by name: `learner:…`, `item:…`, `concept:…`, and what all share: `global` (enough
        to predict), `training` and `memory` (to learn on). `names`: those only, as far as they are known."""
        return parts(self, names)

    def drop(self, name: str) -> None:
        """Forgets a learner, an item or a concept, by the name of its part."""
        self._asked = None
        kind, _, key = name.partition(":")
        match kind:
            case "learner":
                self.history.learners.pop(key, None)
            case "item":
                self.history.items.pop(key, None)
                self.linear.items.pop(key, None)
            case "concept":
                self.history.concepts.pop(key, None)
                self.linear.concepts.pop(key, None)
            case _:
                raise ValueError(f"no learner, item or concept: {name!r}")

    @classmethod
    def of(cls, kept: Mapping[str, Mapping[str, Any]]) -> Self:
        """A model as it was when its parts were taken. With all of them it goes on with the same figures; with `global`
        and those of an attempt it predicts that attempt with the same figure."""
        model = cls()
        model.put(kept)
        return model

    def put(self, kept: Mapping[str, Mapping[str, Any]]) -> None:
        """Takes in parts, in place of what it has of these names. Raises KeyError or ValueError for what is none."""
        self._asked = None
        restore(self, kept)

    def _ask(self, learner: object, item: object, concepts: object, t: float | None) -> _Asked:
        asked = self._asked
        if not isinstance(concepts, tuple | str):
            concepts = as_concepts(concepts)
        question = (learner, item, concepts, t)
        if asked is None or asked.question != question:
            asked = self._asked = self._judge(as_row(learner, item, concepts, t, False), question)
        return asked

    def _judge(self, row: Row, question: tuple[object, ...]) -> _Asked:
        s = self.history.situation(row.learner, row.item, row.concepts, row.t)
        x = np.array(s.vector)
        concepts = (*row.concepts, "|".join(row.concepts)) if len(row.concepts) > 1 else row.concepts
        logits = [self.linear.logit(x, s.vector, row.item, concepts), self.net.logit(x)]
        if self.trees is not None:
            logits.append(self.trees.logit(x))
        logit = self.blend.logit(logits)
        return _Asked(question, s, x, concepts, logits, sigmoid(max(-SURE, min(SURE, logit))))


class _Asked:
    """A prediction and what it was made from, kept until the next call: `update` of the same attempt reuses it."""

    __slots__ = ("concepts", "logits", "p", "question", "situation", "x")

    def __init__(
        self,
        question: tuple[object, ...],
        situation: Situation,
        x: Vector,
        concepts: tuple[str, ...],
        logits: list[float],
        p: float,
    ) -> None:
        self.question, self.situation, self.x = question, situation, x
        self.concepts, self.logits, self.p = concepts, logits, p
