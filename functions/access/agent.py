"""May this person work on this goal, now? One rule for the node and for the API before it runs code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from functions.access.texts import CONSENTS, GRANTED, NONE_AT_ALL, REFUSED, STATES, TO_BE_CHECKED, Words
from graph.decision import Decision, Said
from shared.clock import day_of, local_day, rfc3339
from shared.curriculum import Course, text
from shared.events.catalogue.agents import AccessDenied, AccessGranted
from shared.readmodel.rows import Contract, Goal, Learner

LONGEST = timedelta(hours=1)
"""A grant lets later runs pass this node over: no longer than this."""

Reason = Literal[
    "unknown_learner",
    "unknown_goal",
    "not_your_goal",
    "not_enrolled",
    "no_contract",
    "contract_not_started",
    "contract_ended",
    "no_seat",
    "terms_not_accepted",
    "consent_missing",
    "course_not_covered",
    "quota_used_up",
    "hints_used_up",
    "goal_closed",
]


@dataclass(frozen=True, slots=True)
class Subject:
    """Who asks for what. `asked`: the goal's id as given, None for work on the plan; `goal`: its row, whoever's it is.

    `courses`: those they are enrolled in (active or completed); `needed`: concepts these rest on, in any course.
    `used`: runs counted today in their own calendar, without the one asked for. `runs`: is code to be run?
    `hints`: is a hint asked for, and nothing run? `hints_used`: those given today. `seats_before`: learners of the same
    organisation whose contracts are older than this one. `taught`: every course there is.
    """

    learner: Learner | None
    language: str
    now: datetime
    asked: str | None = None
    goal: Goal | None = None
    contract: Contract | None = None
    courses: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    used: int = 0
    runs: bool = False
    hints: bool = False
    hints_used: int = 0
    seats_before: int = 0
    taught: Mapping[str, Course] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` is for the server alone; `shown` goes into events and answers, which the learner sees: there a goal of
    somebody else's is simply not there.

    Granted: `until` says how long, `text` why. Refused: `text` says what, `remedy` what would lift it.
    """

    granted: bool
    text: str
    remedy: str = ""
    reason: Reason | None = None
    until: datetime | None = None

    @property
    def shown(self) -> Reason | None:
        return "unknown_goal" if self.reason == "not_your_goal" else self.reason


@dataclass(frozen=True, slots=True)
class Context:
    """`looking`: this run only looks at the contract or starts a day, so the contract itself is not a condition."""

    subject: Subject
    looking: bool = False


def judge(subject: Subject) -> Verdict:
    """The first rule that refuses decides; with none, the grant and its end."""
    for rule in (_learner, _goal, _contract, _seat, _acceptance, _course, _quota, _hints):
        refused = rule(subject)
        if refused is not None:
            return refused
    return _grant(subject)


def joins(subject: Subject, course: str) -> Verdict:
    """May this person join a course? The contract must hold, and cover it."""
    verdict = judge(subject)
    covered = subject.contract.terms.courses if subject.contract is not None else ()
    if verdict.granted and covered and course not in covered:
        return _not_covered(subject, course, covered)
    return verdict


def decide(context: Context) -> Decision:
    """Records the verdict. Update: `access`, the evidence that lets later runs of this thread pass the node over."""
    s = context.subject
    if context.looking:
        refused = _learner(s)
        verdict = refused or Verdict(True, text(TO_BE_CHECKED, s.language), until=s.now)
    else:
        verdict = judge(s)
    if verdict.until is not None:
        state = {"granted": True, "until": rfc3339(verdict.until), "reason": ""}
        return Decision(
            {"access": state}, [Said(AccessGranted(goal=s.asked, until=verdict.until, because=verdict.text))]
        )
    assert verdict.shown is not None  # noqa: S101  a refusal has a reason; for the type checker
    denied = AccessDenied(goal=s.asked, reason=verdict.shown, text=verdict.text, remedy=verdict.remedy)
    state = {"granted": False, "until": rfc3339(s.now), "reason": verdict.shown, "found": verdict.reason}
    return Decision({"access": state}, [Said(denied)])


def _refuse(s: Subject, reason: Reason, said: tuple[Words, Words] | None = None, **figures: object) -> Verdict:
    shown = "unknown_goal" if reason == "not_your_goal" else reason
    said = REFUSED[shown] if said is None else said
    words, remedy = (text(t, s.language).format(**figures) for t in said)
    return Verdict(False, words, remedy, reason)


def _learner(s: Subject) -> Verdict | None:
    return _refuse(s, "unknown_learner") if s.learner is None else None


def _goal(s: Subject) -> Verdict | None:
    """Solved goals may still be run: practice costs a run, nothing else."""
    if s.asked is None:
        return None
    if s.goal is None:
        return _refuse(s, "unknown_goal")
    if s.learner is None or s.goal.learner != s.learner.learner:
        return _refuse(s, "not_your_goal")
    if s.goal.state in STATES:
        return _refuse(s, "goal_closed", state=text(STATES[s.goal.state], s.language))
    return None


def _contract(s: Subject) -> Verdict | None:
    if s.contract is None:
        return _refuse(s, "no_contract")
    terms = s.contract.terms
    if s.now < terms.starts:
        return _refuse(s, "contract_not_started", date=_day(s, terms.starts))
    if s.now >= cut_off(s.contract):
        return _refuse(s, "contract_ended", ends=_day(s, terms.ends), days=terms.grace_days)
    return None


def _seat(s: Subject) -> Verdict | None:
    """The earliest signed contracts of an organisation have its seats."""
    seats = s.contract.terms.seats if s.contract is not None else None
    if seats is None or s.seats_before < seats:
        return None
    return _refuse(s, "no_seat", seats=seats)


def _acceptance(s: Subject) -> Verdict | None:
    if s.contract is None:
        return None
    by = accept_by(s.contract)
    if by is None or s.now < by:
        return None
    terms = s.contract.terms
    if s.contract.accepted != terms.version:
        return _refuse(s, "terms_not_accepted", version=terms.version, date=_day(s, by))
    missing = "; ".join(text(CONSENTS[consent], s.language) for consent in consents_missing(s.contract))
    return _refuse(s, "consent_missing", missing=missing)


def _course(s: Subject) -> Verdict | None:
    """The contract covers the goal's course, and they are in it, or in one that rests on what the goal trains.

    Placement comes before enrolment and needs none.
    """
    if s.goal is None or s.contract is None:
        return None
    covered = s.contract.terms.courses
    if covered and s.goal.course not in covered:
        return _not_covered(s, s.goal.course, covered)
    if s.goal.kind == "placement" or s.goal.course in s.courses or s.needed.intersection(s.goal.concepts):
        return None
    return _refuse(s, "not_enrolled", course=_title(s, s.goal.course))


def _not_covered(s: Subject, course: str, covered: Sequence[str]) -> Verdict:
    names = ", ".join(_title(s, one) for one in covered)
    return _refuse(s, "course_not_covered", course=_title(s, course), courses=names)


def _title(s: Subject, course: str) -> str:
    return text(s.taught[course].title, s.language) if course in s.taught else course


def _quota(s: Subject) -> Verdict | None:
    if not s.runs or s.contract is None or s.learner is None:
        return None
    return _used_up(s, s.learner, "quota_used_up", s.used, s.contract.terms.runs_per_day)


def _hints(s: Subject) -> Verdict | None:
    if not s.hints or s.contract is None or s.learner is None:
        return None
    return _used_up(s, s.learner, "hints_used_up", s.hints_used, s.contract.terms.hints_per_day)


def _used_up(s: Subject, learner: Learner, reason: Reason, used: int, limit: int) -> Verdict | None:
    if used < limit:
        return None
    return _refuse(s, reason, None if limit else NONE_AT_ALL[reason], limit=limit, reset=_reset(learner, s.now))


def _grant(s: Subject) -> Verdict:
    """Until the first of: the contract's end with its grace, the last day to accept its terms, the end of the learner's
    own day, an hour."""
    assert s.contract is not None and s.learner is not None  # noqa: S101  the rules before refuse; for the type checker
    ends = [cut_off(s.contract), day_of(s.now, s.learner.timezone)[1], s.now + LONGEST]
    by = accept_by(s.contract)
    until = min(ends if by is None else [*ends, by])
    terms = s.contract.terms
    why = text(GRANTED, s.language).format(ends=_day(s, terms.ends), used=s.used, limit=terms.runs_per_day)
    return Verdict(True, why, until=until)


def cut_off(contract: Contract) -> datetime:
    """The instant at which the contract ends for good: its end and the days of grace."""
    return contract.terms.ends + timedelta(days=contract.terms.grace_days)


def accept_by(contract: Contract) -> datetime | None:
    """Until when the learner must have accepted the terms in force with their consents; None: nothing is to accept.
    What was stated lately may be accepted within the days of grace, and the learning goes on until then."""
    terms = contract.terms
    if not terms.acceptance or (contract.accepted == terms.version and not consents_missing(contract)):
        return None
    return (contract.stated or contract.signed) + timedelta(days=terms.grace_days)


def consents_missing(contract: Contract) -> list[str]:
    """Consents that the terms ask for and the learner has not given with them."""
    return [consent for consent in contract.terms.consents if consent not in contract.consents]


def _reset(learner: Learner, now: datetime) -> str:
    return f"{day_of(now, learner.timezone)[1].astimezone(ZoneInfo(learner.timezone)):%Y-%m-%d %H:%M}"


def _day(s: Subject, instant: datetime) -> str:
    zone = s.learner.timezone if s.learner is not None else "UTC"
    return local_day(instant, zone).isoformat()
