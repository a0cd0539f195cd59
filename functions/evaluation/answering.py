"""Answers doubts about mastery figures: what a ruling (`doubts.py`) changes, and what the learner is told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from functions.evaluation import texts
from functions.evaluation.doubts import Case, Question, Ruling, ruling
from functions.evaluation.figures import standing, taken_back
from graph.decision import Said
from shared.events.catalogue.agents import MasteryChanged
from shared.events.catalogue.explaining import EvaluationWithdrawn, MasteryAnswered
from shared.learner import Ratings
from shared.readmodel.rows import Evaluation, Mastery

EVIDENCE = 20


@dataclass(frozen=True, slots=True)
class Doubted:
    """What doubts are answered by. `titles`: of challenges, as the learner reads them; `ratings`: at least those that
    the case's evaluations moved."""

    learner: str
    language: str
    questions: Sequence[Question]
    case: Case
    mastery: Mapping[str, Mastery] = field(default_factory=dict)
    ratings: Ratings = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)


def answers(doubted: Doubted) -> tuple[list[Said], list[MasteryChanged]]:
    """What is said, question by question, and the figures it moved. Each answer knows what those before it took out."""
    said: list[Said] = []
    moved: list[MasteryChanged] = []
    for question in doubted.questions:
        found = ruling(question, doubted.case)
        changes: list[MasteryChanged] = []
        if found.withdraw is not None:
            doubted, changes = _without(doubted, question, found.withdraw)
            said.append(Said(_withdrawn(doubted, found.withdraw), causation=question.id))
            said.extend(Said(change, causation=question.id) for change in changes)
        said.append(Said(_answer(doubted, question, found, changes), causation=question.id))
        moved.extend(changes)
    return said, moved


def _without(doubted: Doubted, question: Question, e: Evaluation) -> tuple[Doubted, list[MasteryChanged]]:
    """The same without one evaluation, and the figures of its concepts after that."""
    ratings = taken_back(doubted.ratings, e.deltas)
    mastery, changes = dict(doubted.mastery), []
    for concept in e.concepts:
        row = mastery.get(concept)
        if row is None:
            continue
        attempts = max(0, row.attempts - 1)
        now = standing(ratings, doubted.learner, concept, attempts)
        evidence = (question.id, *(id_ for id_ in row.evidence if id_ != e.caused))[:EVIDENCE]
        because = texts.reweighed(doubted.language, _title(doubted, e))
        changes.append(
            MasteryChanged(
                concept=concept,
                goal=e.goal,
                before=round(row.shown, 4),
                after=round(now.shown, 4),
                assisted=round(now.assisted, 4),
                unassisted=round(now.unassisted, 4),
                uncertainty=round(now.uncertainty, 4),
                attempts=attempts,
                evidence=evidence,
                because=because,
            )
        )
        mastery[concept] = replace(
            row, shown=changes[-1].after, attempts=attempts, evidence=list(evidence), because=because
        )
    left = [replace(o, withdrawn=question.at) if o.event == e.event else o for o in doubted.case.evaluations]
    return replace(doubted, ratings=ratings, mastery=mastery, case=replace(doubted.case, evaluations=left)), changes


def _withdrawn(doubted: Doubted, e: Evaluation) -> EvaluationWithdrawn:
    return EvaluationWithdrawn(
        goal=e.goal,
        evaluation=e.event,
        run=e.run,
        concepts=tuple(e.concepts),
        deltas=e.deltas,
        because=texts.reweighed(doubted.language, _title(doubted, e)),
    )


def _answer(doubted: Doubted, question: Question, found: Ruling, changes: Sequence[MasteryChanged]) -> MasteryAnswered:
    row = doubted.mastery.get(question.concept)
    change = next((c for c in changes if c.concept == question.concept), None)
    after = row.shown if row else 0.0
    before = change.before if change else after
    return MasteryAnswered(
        question=question.id,
        concept=question.concept,
        outcome="explained" if found.withdraw is None else "reweighed",
        rule=found.rule,
        attempt=found.about.run if found.about else None,
        before=before,
        after=after,
        text=texts.answer(
            doubted.language,
            found.rule,
            challenge=_title(doubted, found.about) if found.about else "",
            attempts=row.attempts if row else 0,
            before=before,
            after=after,
        ),
        evidence=(found.about.event,) if found.about else (),
    )


def _title(doubted: Doubted, e: Evaluation) -> str:
    return doubted.titles.get(e.challenge, e.challenge)
