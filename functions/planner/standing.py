"""Where a learner stands: what is in reach, what is ready to be learnt, how hard the next step should be."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from functions.planner.context import Context
from functions.planner.leaning import nearness
from shared.clock import midnight
from shared.curriculum import Curriculum
from shared.curriculum.fitting import Given, given
from shared.curriculum.programming import LANGUAGES
from shared.learner.tracing import traced
from shared.planning.bounds import swapped_on
from shared.readmodel.rows import Goal, Rating

READY = 0.5
"""Shown mastery of every prerequisite at which a concept may be begun."""
GATE = 0.9
"""Shown mastery at which a concept counts as learnt."""
SUCCESS = 0.7
"""Chance of success a goal aims at: hard enough to teach, easy enough to go on."""
BAR = 0.85
"""Chance that a concept is at hand from which a goal on another one teaches more: the plan goes on, whatever GATE still
asks for, and comes back when the chance has fallen below."""
LEVELS = {"new": -0.8, "beginner": -0.4, "intermediate": 0.4, "advanced": 1.2}
"""What a stated level adds to ability, in log-odds, until attempts speak (half of it after three)."""
ENROLLED = ("active",)
PULL = 0.5
"""How much more of the minutes is due to a course that is wholly near to what the learner works with and wants."""
_NONE = Rating(0.0, 0)


@dataclass(frozen=True, slots=True)
class Standing:
    """`courses`: enrolled and covered, the least served of the last week first. `reach`: their concepts and what
    these rest on, in learning order. `placed`: what a solved placement vouches for. `ready`: what may be begun.
    `practised`: concept → day of its last goal that was run. `today`: goals of (kind, concept) that this day
    had. `swapped`: goals the learner swapped today. `at_hand`: chance of each concept in reach, as the day begins;
    `traced`: those that submissions speak of. `languages`: those of their workspace that challenges may be in."""

    day: date
    curriculum: Curriculum
    courses: tuple[str, ...]
    reach: tuple[str, ...]
    placed: frozenset[str]
    ready: frozenset[str]
    practised: dict[str, date]
    before: Given
    today: Mapping[tuple[str, str], int]
    swapped: Sequence[Goal]
    at_hand: Mapping[str, float]
    traced: frozenset[str]
    languages: tuple[str, ...]

    def short(self, concept: str) -> bool:
        """Is a goal on it worth more than one on what is at hand?"""
        return self.at_hand[concept] < BAR

    def sound(self, concept: str) -> bool:
        """Is all that it rests on at hand?"""
        below = self.curriculum.concepts[concept].prerequisites
        return not any(p in self.at_hand and self.short(p) for p in below)


def stand(context: Context) -> Standing:
    curriculum, day = context.curriculum, context.day()
    courses = _courses(context, day)
    wanted = {c for course in courses for c in curriculum.courses[course].concepts}
    wanted |= {p for concept in wanted for p in curriculum.prerequisites(concept)}
    reach = tuple(c for c in curriculum.order if c in wanted and covers(context, curriculum.concepts[c].course))
    before = given((g.challenge, g.variant, g.day) for g in context.goals if g.had)
    placed = _placed(context)
    chances = _at_hand(context, reach)
    met = frozenset(c for c in reach if chances[c] >= BAR or _met(context, c, placed, before))
    ready = frozenset(
        c
        for c in reach
        if all(p in met or _met(context, p, placed, before) for p in curriculum.concepts[c].prerequisites)
    )
    practised: dict[str, date] = {}
    for goal in context.goals:
        if goal.runs:
            practised[goal.concepts[0]] = max(goal.day, practised.get(goal.concepts[0], goal.day))
    today = Counter((g.kind, g.concepts[0]) for g in context.goals if g.day == day)
    languages = tuple(sorted(context.names & LANGUAGES.keys()))
    swapped = swapped_on(context.goals, day, context.who().timezone)
    spoken = frozenset(s.concept for s in context.submissions)
    return Standing(
        day, curriculum, courses, reach, placed, ready, practised, before, today, swapped, chances, spoken, languages
    )  # fmt: skip


def _at_hand(context: Context, reach: Sequence[str]) -> dict[str, float]:
    """Chance of each concept of `reach`, in [0, 1], at the first moment of the planned day: so that a plan made twice
    on the same evidence is the same. Of what no submission speaks of, mastery does."""
    who = context.who()
    trace = traced(who.learner, who.level, context.curriculum, tuple(context.submissions))
    chances = trace.chances(midnight(context.day(), who.timezone).timestamp())
    return {
        c: max(chances[c], context.mastery[c].shown) if c in context.mastery and not trace.met(c) else chances[c]
        for c in reach
    }


def shown(context: Context, concept: str) -> float:
    mastery = context.mastery.get(concept)
    return mastery.shown if mastery else 0.0


def target(context: Context, concept: str, shift: float = 0.0) -> float:
    """Difficulty in [0.05, 0.95] at which this learner should succeed with SUCCESS, plus `shift`.

    Inverse of the learner model's prediction (shared/learner/ratings.py): logit p = ability − 4·(difficulty − 0.5).
    """
    who = context.who()
    own = context.ratings.get(f"lc:{who.learner}|{concept}", _NONE)
    ability = context.ratings.get(f"l:{who.learner}", _NONE).value + own.value
    ability += LEVELS.get(who.level or "", 0.0) / (1 + own.n / 3)
    aim = 0.5 + (ability - math.log(SUCCESS / (1 - SUCCESS))) / 4
    return round(min(0.95, max(0.05, aim + shift)), 2)


def title(context: Context, concept: str) -> str:
    from shared.curriculum import text

    return text(context.curriculum.concepts[concept].title, context.who().language)


def covers(context: Context, course: str) -> bool:
    """By the contract's word; no word means every course."""
    covered = context.contract.terms.courses if context.contract else ()
    return not covered or course in covered


def _courses(context: Context, day: date) -> tuple[str, ...]:
    """Enrolled, known, covered; those with the fewest minutes in the last seven days first, so that none starves."""
    curriculum = context.curriculum
    served: dict[str, int] = {}
    for goal in context.goals:
        if goal.kind == "course" and 0 <= (day - goal.day).days < 7 and goal.state not in ("swapped", "abandoned"):
            served[goal.course] = served.get(goal.course, 0) + goal.minutes
    mine = [
        e
        for e in context.enrolments
        if e.state in ENROLLED and e.course in context.curriculum.courses and covers(context, e.course)
    ]

    def share(course: str) -> float:
        """What it was given, of what is due to it: nearer courses are due more, and none is due nothing."""
        near = nearness(context, curriculum.courses[course].concepts)
        return served.get(course, 0) / (1 + PULL * near)

    return tuple(e.course for e in sorted(mine, key=lambda e: (share(e.course), e.started, e.course)))


def _placed(context: Context) -> frozenset[str]:
    solved = {g.concepts[0] for g in context.goals if g.kind == "placement" and g.state == "solved"}
    solved &= set(context.curriculum.concepts)
    return frozenset(solved | {p for c in solved for p in context.curriculum.prerequisites(c)})


def _met(context: Context, concept: str, placed: frozenset[str], before: Given) -> bool:
    """Mastered enough, vouched for by placement, or solved and worked through: a gate that the bank cannot lift
    any further must not stay shut."""
    if shown(context, concept) >= READY or concept in placed:
        return True
    own = [c for c in context.curriculum.challenges_of(concept) if c.concept == concept]
    worked = all(c.slug in before and {v.id for v in c.variants} <= before[c.slug].keys() for c in own)
    return worked and any(g.state == "solved" and g.concepts[0] == concept for g in context.goals)
