"""Which challenge of the bank fits. Pure and repeatable: who plans and who assigns get the same answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from statistics import median_high

from shared.curriculum.curriculum import Curriculum
from shared.curriculum.model import Challenge
from shared.ids import derived_id

REST = timedelta(days=7)
"""Before daily practice may bring a challenge a second time. A review may at any time."""

Given = Mapping[str, Mapping[str | None, date]]
"""What a learner has been given: challenge → variant (None: has none) → the day it was last given."""


@dataclass(frozen=True, slots=True)
class Fit:
    """`challenge`: as in the bank (a template, if `variant` names one); `again`: the learner has had this very one."""

    challenge: Challenge
    variant: str | None
    again: bool


def given(goals: Iterable[tuple[str, str | None, date]]) -> Given:
    """From (challenge, variant, day) of each goal."""
    found: dict[str, dict[str | None, date]] = {}
    for challenge, variant, day in goals:
        days = found.setdefault(challenge, {})
        days[variant] = max(day, days.get(variant, day))
    return found


def fit(
    curriculum: Curriculum,
    *,
    learner: str,
    kind: str,
    concept: str,
    difficulty: float,
    minutes: int,
    day: date,
    before: Given,
    avoid: Collection[str] = (),
    languages: Collection[str] = (),
) -> Fit | None:
    """The challenge whose primary concept is `concept`, that takes at most `minutes`, nearest in `difficulty`.

    Those made for `kind` come first, others of the concept after them (projects serve no other kind, nor others
    them). Nothing in `avoid`, nothing the learner has had (`before`) unless in another variant; what they have had
    comes back for a review, and for daily practice after REST, longest ago first. `languages`: of equally fitting ones
    those in one of these come first. None where nothing fits.
    """
    ranked = []
    for challenge in curriculum.challenges_of(concept):
        if challenge.concept != concept or challenge.slug in avoid or challenge.minutes > minutes:
            continue
        if (kind == "project") != ("project" in challenge.kinds):
            continue
        variant, last = _variant(challenge, learner, before.get(challenge.slug, {}))
        if last is not None and not _may_come_again(kind, last, day):
            continue
        rank = (
            last is not None and kind != "review",
            kind not in challenge.kinds,
            bool(languages) and challenge.language not in languages,
            last or date.min,
            round(abs(challenge.difficulty - difficulty), 3),
            challenge.slug,
        )
        ranked.append((rank, Fit(challenge, variant, again=last is not None)))
    return min(ranked, key=lambda r: r[0])[1] if ranked else None


def usual_minutes(curriculum: Curriculum, concept: str, difficulty: float) -> int:
    """What a challenge of `concept` about as difficult as `difficulty` takes: the median of the three nearest that the
    bank has, of any concept where it has none of its own."""
    own = [c for c in curriculum.challenges_of(concept) if c.concept == concept and "project" not in c.kinds]
    near = sorted(own or curriculum.challenges.values(), key=lambda c: (abs(c.difficulty - difficulty), c.slug))
    return median_high([c.minutes for c in near[:3]])


def _may_come_again(kind: str, last: date, day: date) -> bool:
    return last < day and (kind == "review" or (kind == "daily" and day - last >= REST))


def _variant(challenge: Challenge, learner: str, had: Mapping[str | None, date]) -> tuple[str | None, date | None]:
    """The variant for this learner, and when they last had it (None: never).

    Each learner meets a template's variants in an order of their own.
    """
    if not challenge.parametric:
        return None, had.get(None)
    order = _own_order(learner, challenge.slug, tuple(v.id for v in challenge.variants))
    fresh = next((id_ for id_ in order if id_ not in had), None)
    if fresh is not None:
        return fresh, None
    oldest = min(order, key=lambda id_: had[id_])
    return oldest, had[oldest]


@lru_cache(maxsize=4096)
def _own_order(learner: str, challenge: str, variants: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(variants, key=lambda id_: derived_id(learner, challenge, id_)))
