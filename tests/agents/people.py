"""Rows as the read model gives them, for tests: a learner in Madrid with a contract, a goal, and what else is asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from shared.events.catalogue.contracts import Terms
from shared.readmodel import rows

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)  # a Monday


def learner(**changed: Any) -> rows.Learner:
    given: dict[str, Any] = {
        "learner": "ana",
        "tenant": "public",
        "name": "payload:n",
        "registered": NOW - timedelta(days=3),
        "language": "en",
        "timezone": "Europe/Madrid",
        "target": "",
        "level": "beginner",
        "minutes": 45,
        "days_off": [],
        "consent_mood": True,
        "consent_workspace": False,
        "state": "learning",
        "last_seen": NOW,
    }
    return rows.Learner(**{**given, **changed})


def terms(**changed: Any) -> Terms:
    given: dict[str, Any] = {"starts": NOW - timedelta(days=30), "ends": NOW + timedelta(days=200)}
    return Terms(**{**given, **changed})


def contract(in_force: Terms | None = None, noticed: Terms | None = None, **changed: Any) -> rows.Contract:
    in_force = in_force or terms()
    given: dict[str, Any] = {
        "contract": "c-1",
        "learner": "ana",
        "organisation": "acme",
        "terms": in_force,
        "noticed": noticed or in_force,
        "state": "kept",
        "told": "",
        "signed": NOW - timedelta(days=30),
    }
    return rows.Contract(**{**given, **changed})


def goal(**changed: Any) -> rows.Goal:
    given: dict[str, Any] = {
        "goal": "g-1",
        "learner": "ana",
        "kind": "course",
        "challenge": "coin-jar",
        "challenge_version": 1,
        "variant": None,
        "course": "python-foundations",
        "concepts": ["loops"],
        "difficulty": 0.4,
        "day": TODAY,
        "minutes": 10,
        "because": "next in the course",
        "state": "assigned",
        "assigned": NOW - timedelta(hours=1),
        "opened": None,
        "closed": None,
        "runs": 0,
        "failures": 0,
        "hints": 0,
        "signature": "",
        "same_failures": 0,
        "best": 0,
        "stalled": 0,
        "total": 0,
    }
    return rows.Goal(**{**given, **changed})


def mastery(concept: str, shown: float, **changed: Any) -> rows.Mastery:
    given: dict[str, Any] = {
        "concept": concept,
        "shown": shown,
        "assisted": shown,
        "unassisted": shown,
        "uncertainty": 0.5,
        "attempts": 3,
        "evidence": ["e-evaluation"],
        "because": "solved",
        "changed": NOW - timedelta(hours=2),
        "questioned": None,
    }
    return rows.Mastery(**{**given, **changed})


def enrolment(course: str = "python-foundations", state: str = "active") -> rows.Enrolment:
    return rows.Enrolment(course, state, NOW - timedelta(days=3))


def taken(type_: str, id_: str = "e-1", **facts: Any) -> Any:
    """One input of a run."""
    return {
        "id": id_,
        "type": type_,
        "position": 1,
        "at": "2026-11-23T10:00:00.000000Z",
        "correlation": "k",
        "facts": facts,
    }


def ran(id_: str = "e-run", *, passed: int = 5, total: int = 5, fault: bool = False, purpose: str = "submit") -> Any:
    return taken(
        "goals.run.finished",
        id_,
        run=f"r-{id_}",
        purpose=purpose,
        passed=passed,
        failed=total - passed,
        total=total,
        signature="",
        fault=fault,
        verdict="passed" if passed == total else "failed",
    )
