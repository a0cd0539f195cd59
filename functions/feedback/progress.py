"""Feedback on progress across goals: once a day, with the first run of the learner's day, where there is any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from functions.feedback import texts
from graph.decision import Said
from graph.state import Input
from shared.attention import held
from shared.clock import local_day
from shared.events.catalogue.attention import ProgressTold
from shared.learner import GATE
from shared.readmodel.rows import Attention, Goal, Mastery, Review
from shared.spoken import words

DAYS = 7
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Standing:
    """`goals`: of the last days, whatever their state. `titles`: of concepts, as the learner reads them."""

    zone: str
    goals: Sequence[Goal] = ()
    mastery: Sequence[Mastery] = ()
    reviews: Sequence[Review] = ()
    titles: dict[str, str] | None = None


def progress(standing: Standing, run: Input, language: str, attention: Attention, now: datetime) -> list[Said]:
    """At most one text a day. Nothing where nothing was solved: there is no progress to tell of."""
    today = local_day(now, standing.zone)
    since = now - timedelta(days=DAYS)
    solved = [goal for goal in standing.goals if goal.state == "solved" and goal.closed and goal.closed >= since]
    if attention.progress == today or not solved or held(attention, now=now, run=run["id"]) is not None:
        return []
    told = ProgressTold(
        day=today,
        since=since,
        text=_text(standing, solved, language, since, now),
        solved=len(solved),
        unassisted=sum(goal.hints == 0 for goal in solved),
        evidence=tuple(goal.goal for goal in solved[:SHOWN]),
        language=words(language),
    )
    return [Said(told, expected=attention.version, causation=run["id"])]


def first_of_day(before: datetime | None, at: datetime, zone: str) -> bool:
    """Is the run at `at` the first of its day? `before`: the one before it."""
    return before is None or _day(before, zone) < _day(at, zone)


def _day(at: datetime, zone: str) -> date:
    return local_day(at, zone)


def _text(standing: Standing, solved: Sequence[Goal], language: str, since: datetime, now: datetime) -> str:
    alone = sum(goal.hints == 0 for goal in solved)
    parts = [texts.progress(language, "solved", len(solved)).format(count=len(solved), alone=alone, days=DAYS)]
    learnt = [row for row in standing.mastery if row.shown >= GATE and row.changed >= since]
    moved = sorted((row for row in standing.mastery if row.changed >= since), key=lambda row: row.changed)
    titles = standing.titles or {}
    if learnt:
        name = titles.get(learnt[-1].concept, learnt[-1].concept)
        parts.append(texts.progress(language, "learnt", len(learnt)).format(count=len(learnt), name=name))
    elif moved:
        row = moved[-1]
        parts.append(
            texts.progress(language, "moved", 1).format(name=titles.get(row.concept, row.concept), shown=row.shown)
        )
    due = sum(review.due <= now for review in standing.reviews)
    if due:
        parts.append(texts.progress(language, "due", due).format(count=due))
    text = " ".join(parts)
    return text if len(text) <= 280 else parts[0]
