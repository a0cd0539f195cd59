"""What two walks have in common if nothing was lost and nothing done twice: facts without ids and times, sorted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from goals.client import Event

Json = dict[str, Any]
BY_CHANCE = frozenset({"goals.motivation.given", "goals.access.granted", "goals.contract.kept"})
"""How many of these there are depends on the hour or on the arm without messages, not on what happened."""


def facts(
    day: date,
    *,
    me: Json,
    goals: Iterable[Json],
    plan: Json,
    progress: Json,
    contract: Json,
    events: Sequence[Event],
) -> list[str]:
    """`day`: that of the sign-up, to which all days are relative."""
    found = [
        f"learner {me['state']} {me['level']} {me['minutes']} min {me['language']} consent={me['consents']['mood']}",
        *(f"enrolment {e['course']} {e['state']}" for e in me["enrolments"]),
        *(_goal(goal, day) for goal in goals),
        f"plan day+{_days(plan['day'], day)} {plan['minutes']} min mood={plan['mood']}",
        *(
            f"planned {n} {line['kind']} {line['concept']} {line['minutes']} {line['weight']:.3f}"
            for n, line in enumerate(plan["goals"])
        ),
        *(_mastery(row) for row in progress["mastery"]),
        *(f"review {review['concept']}" for review in progress["reviews"]),
        f"contract {contract['state']} {contract['terms']['version']} runs={contract['runs_today']}",
    ]
    counts = Counter(event.type for event in events if event.type not in BY_CHANCE)
    found += [f"event {type_} x{count}" for type_, count in counts.items()]
    return sorted(found)


def fingerprint(found: Iterable[str]) -> str:
    return sha256(json.dumps(sorted(found)).encode()).hexdigest()[:16]


def _days(at: str, day: date) -> int:
    return (date.fromisoformat(at) - day).days


def _goal(goal: Json, day: date) -> str:
    return (
        f"goal day+{_days(goal['day'], day)} {goal['kind']} {goal['challenge']} {goal['state']} "
        f"runs={goal['runs']} hints={goal['hints']} best={goal['best']}/{goal['total']}"
    )


def _mastery(row: Json) -> str:
    return (
        f"mastery {row['concept']} {row['shown']:.2f} assisted={row['assisted']:.2f} "
        f"unassisted={row['unassisted']:.2f} attempts={row['attempts']} evidence={len(row['evidence'])}"
    )


def flaws(stream: Sequence[Event], stored: Sequence[Event], *, alone: bool) -> list[str]:
    """What is wrong with a log: the same event twice, order, what the websocket did not bring. `alone`: this learner
    is the only one there is, so that the global order must be theirs without a gap."""
    found = []
    twice = [key for key, count in Counter((e.source, e.id) for e in stored).items() if count > 1]
    if twice:
        found.append(f"{len(twice)} events are there twice: {twice[:3]}")
    places = [event.sequence for event in stored]
    if places != sorted(set(places)):
        found.append("sequences do not rise")
    if alone and places and places != list(range(1, len(places) + 1)):
        gaps = sorted(set(range(1, places[-1] + 1)) - set(places))
        found.append(f"the sequence has gaps: {gaps[:5]}")
    if [e.id for e in stream] != [e.id for e in stored]:
        lost = [e.type for e in stored if e.id not in {s.id for s in stream}]
        found.append(f"the websocket brought {len(stream)} of {len(stored)} events; it lacks {lost[:5]}")
    return found
