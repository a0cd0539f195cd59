"""The hint ladder: five rungs, each asked for, one at a time. A rung that was reached may be read again.

The concept; a question; where to look; the plan in words; a worked example of another problem, given in exchange for a
review that is really scheduled. Several requests taken by one run (a double click) climb one rung together; each gets
its answer. The author's words are proven not to give the solution; a model may aim the first four at this program, and
what it writes is checked. The worked example is always the author's: its code was run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.feedback import grounds, texts
from functions.feedback.failure import failures
from functions.feedback.writing import Draft, Wanted, Writer
from graph.decision import Said
from graph.state import Input
from shared.clock import local_day
from shared.curriculum import Challenge
from shared.curriculum import text as spoken
from shared.events.catalogue.teaching import HintGiven, ReviewDue
from shared.readmodel.rows import Goal, Review
from shared.spoken import NAMES, words

RUNGS = 5
LONGEST = 2_000
RETEST = timedelta(days=2)
"""Within this time a concept whose worked example was read is asked again, without help."""

STEPS: Mapping[int, str] = {
    1: "name the concept that is needed, and nothing else",
    2: "ask one question that makes the reader look at the right place",
    3: "say where to look or what to try, without saying what is wrong there",
    4: "say the plan in words, without code and without the deciding condition or value",
}
"""What each rung may do, as a model is told it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a hint rests on. `review`: the primary concept's card; `title`: of that concept; `zone`: the learner's."""

    goal: Goal
    challenge: Challenge
    language: str
    now: datetime
    zone: str = "UTC"
    code: str = ""
    report: str = ""
    title: str = ""
    review: Review | None = None


def given(asked: Asked, inputs: Sequence[Input], write: Writer) -> list[Said]:
    """One answer to each `hint.asked` of `inputs`, and the review that a first worked example brings."""
    reached = asked.goal.hints
    said: list[Said] = []
    drafts: dict[int, Draft] = {}
    for event in inputs:
        if event["type"] != "goals.hint.asked":
            continue
        rung, again = _rung(event["facts"].get("rung"), reached)
        authored = _authored(asked, rung)
        if rung not in drafts:
            fresh = rung > reached and rung in STEPS
            drafts[rung] = _drafted(asked, rung, authored, write) if fresh else Draft()
            if (called := drafts[rung].called) is not None:
                said.append(Said(called, causation=event["id"]))
        draft = drafts[rung]
        review = _retest(asked) if rung == RUNGS > reached else None
        text = draft.text or authored
        if again:
            text = f"{texts.last_hint(asked.language)}\n\n{text}"
        if review is not None:
            day = local_day(review.due, asked.zone).isoformat()
            promise = texts.retest(asked.language).format(concept=asked.title or review.concept, day=day)
            text = f"{text[: LONGEST - len(promise) - 2]}\n\n{promise}"
        body = HintGiven(
            goal=asked.goal.goal,
            rung=rung,
            text=text if len(text) <= LONGEST else text[: LONGEST - 1] + "…",
            left=RUNGS - max(reached, rung),
            language=words(asked.language),
            origin="model" if draft.text else "rule",
            replaced=draft.why,
            retest=review.due if review else None,
        )
        said.append(Said(body, causation=event["id"]))
        if review is not None and not any(isinstance(one.body, ReviewDue) for one in said):
            said.append(Said(review, causation=event["id"]))
    return said


def _authored(asked: Asked, rung: int) -> str:
    return spoken({lang: rungs[rung - 1] for lang, rungs in asked.challenge.hints.items()}, asked.language).strip()


def _drafted(asked: Asked, rung: int, authored: str, write: Writer) -> Draft:
    known = failures(asked.report, asked.challenge.entry)
    return write(
        Wanted(
            "hint",
            {
                "language": NAMES[words(asked.language)],
                "programming": asked.challenge.language,
                "rung": STEPS[rung],
                "authored": authored,
                "statement": spoken(asked.challenge.statement, asked.language),
                "code": asked.code,
                "failure": grounds.told(next(iter(known), None)),
            },
            grounds.ground(asked.challenge, asked.language, asked.code, known, kind="hint"),
        )
    )


def _retest(asked: Asked) -> ReviewDue | None:
    """The concept's card, due within two days. What FSRS knows of it stays."""
    if not asked.goal.concepts:
        return None
    card, soon = asked.review, asked.now + RETEST
    return ReviewDue(
        concept=asked.goal.concepts[0],
        due=min(card.due, soon) if card and card.due > asked.now else soon,
        stability=card.stability if card else None,
        difficulty=card.difficulty if card else None,
        reviewed=card.reviewed if card else None,
    )


def _rung(asked: object, reached: int) -> tuple[int, bool]:
    """Which rung is answered, and whether the ladder is at its end. No rung is ever skipped."""
    if isinstance(asked, int) and 1 <= asked <= reached:
        return asked, False
    return min(reached + 1, RUNGS), reached >= RUNGS
