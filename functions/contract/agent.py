"""Compares the terms in force with those the learner was told of, says once that an end is near, gives runs back.

Changes and ends are announced on the learner's own thread only (it is woken by each amendment and each day): many goal
threads at once would tell the same thing many times. Goal threads refresh their evidence, and refund.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Literal

from functions.contract.terms import Changes, differences
from functions.contract.texts import ACCEPT, CHANGED, NOTICES, REFUNDED
from graph.decision import Decision, Said
from shared.clock import local_day, rfc3339
from shared.curriculum import text
from shared.events.catalogue.contracts import ContractChanged, ContractExpiring, ContractKept, QuotaRefunded
from shared.readmodel.rows import Contract

FRESH = timedelta(hours=6)
NEAR = timedelta(days=14)

Standing = Literal["none", "waiting", "kept", "expiring", "grace", "ended"]
"""`waiting`: signed, and not begun."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A run that we failed: its id, and the input that reported it."""

    run: str
    event: str


@dataclass(frozen=True, slots=True)
class Context:
    """`announces`: on the learner's own thread. `checks`: the day or an amendment asks for a check to be recorded.
    `accepted`: the learner has just accepted terms."""

    now: datetime
    language: str
    timezone: str
    contract: Contract | None
    announces: bool
    checks: bool
    faults: tuple[Fault, ...] = ()
    accepted: bool = False


def decide(context: Context) -> Decision:
    """Update: `contract` and `findings.contract` (`changed`: something was announced; `terms`: what may be learnt, or
    how much, is another now: worth a new plan)."""
    c = context.contract
    standing = stands(c, context.now)
    events = [] if c is None else [*_refunds(context, c), *(_announced(context, c, standing))]
    changed = any(isinstance(said.body, ContractChanged | ContractExpiring) for said in events)
    terms = context.accepted or any(isinstance(said.body, ContractChanged) for said in events)
    state = {
        "kept": standing in ("kept", "expiring", "grace"),
        "until": rfc3339(_until(c, context.now)),
        "state": standing,
    }
    return Decision(
        {"contract": state, "findings": {"contract": {"changed": changed, "terms": terms, "state": standing}}},
        events,
    )


def stands(contract: Contract | None, now: datetime) -> Standing:
    """Where `now` lies: before the start, in the term, in its last 14 days, in the days of grace, after them."""
    if contract is None:
        return "none"
    terms = contract.terms
    if now < terms.starts:
        return "waiting"
    if now >= terms.ends + timedelta(days=terms.grace_days):
        return "ended"
    if now >= terms.ends:
        return "grace"
    return "expiring" if terms.ends - now <= NEAR else "kept"


def _announced(context: Context, c: Contract, standing: Standing) -> list[Said]:
    if not context.announces:
        return []
    changes = differences(c.noticed, c.terms)
    events = [Said(_changed(context, c, changes))] if changes else []
    if standing in ("expiring", "grace", "ended"):
        notice = _notice(context, c, standing)
        told = f"{notice.state} {notice.model_dump(mode='json')['ends']}"  # as the read model writes it
        return [*events, Said(notice)] if told != c.told else events
    if standing == "kept" and (context.checks or c.state != "kept"):
        events.append(Said(ContractKept(contract=c.contract, checked_until=_until(c, context.now))))
    return events


def _changed(context: Context, c: Contract, changes: Changes) -> ContractChanged:
    by = None
    if c.terms.acceptance and c.accepted != c.terms.version:
        by = (c.stated or c.signed) + timedelta(days=c.terms.grace_days)
    words = text(CHANGED, context.language).format(version=c.terms.version, count=len(changes))
    if by is not None:
        words += " " + text(ACCEPT, context.language).format(date=local_day(by, context.timezone))
    return ContractChanged(contract=c.contract, changes=changes, accept_by=by, text=words)


def _notice(context: Context, c: Contract, standing: Literal["expiring", "grace", "ended"]) -> ContractExpiring:
    cut_off = c.terms.ends + timedelta(days=c.terms.grace_days)
    limit = c.terms.ends if standing == "expiring" else cut_off
    days = max(0, ceil((limit - context.now) / timedelta(days=1)))
    words = text(NOTICES[standing], context.language).format(
        ends=local_day(c.terms.ends, context.timezone),
        cut_off=local_day(cut_off, context.timezone),
        days=days,
        grace=c.terms.grace_days,
    )
    return ContractExpiring(contract=c.contract, ends=c.terms.ends, days_left=days, state=standing, text=words)


def _refunds(context: Context, c: Contract) -> list[Said]:
    because = text(REFUNDED, context.language)
    return [
        Said(QuotaRefunded(contract=c.contract, run=fault.run, because=because), causation=fault.event)
        for fault in {f.run: f for f in context.faults}.values()
    ]


def _until(c: Contract | None, now: datetime) -> datetime:
    """At most six hours, and never past the instant at which the contract stands otherwise."""
    turns = [now + FRESH]
    if c is not None:
        ends = c.terms.ends
        turns += [c.terms.starts, ends - NEAR, ends, ends + timedelta(days=c.terms.grace_days)]
    return min(turn for turn in turns if turn > now)
