"""The explanation of one event: a tree of the events it rests on, down to what the learner did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from functions.api.why.links import Link, Role, links
from functions.api.why.look import Look
from shared.events.record import Event

DEPTH, MOST = 4, 150
"""Levels below the event asked about, and events in all: enough for any decision of one interaction."""


@dataclass
class Reason:
    """One event of the tree. `again`: it stands above already, with what it rests on. `more`: what it rests on was
    left out, because the tree is deep or large enough."""

    role: Role
    event: Event
    reasons: list[Reason] = field(default_factory=list)
    again: bool = False
    more: bool = False


def explain(event: Event, look: Look, *, depth: int = DEPTH, most: int = MOST) -> Reason:
    """Breadth first: what is near is told before what is far, and an event stands where it is nearest."""
    root = Reason("asked", event)
    told = {event.id}
    level = [root]
    for _ in range(depth):
        below: list[Reason] = []
        for reason in level:
            for link in links(reason.event, look):
                if len(told) >= most:
                    reason.more = True
                    break
                child = _child(link, told)
                reason.reasons.append(child)
                if not child.again:
                    below.append(child)
        level = below
    for reason in level:
        reason.more = any(True for _ in links(reason.event, look))
    return root


def _child(link: Link, told: set[str]) -> Reason:
    again = link.event.id in told
    told.add(link.event.id)
    return Reason(link.role, link.event, again=again)


def walk(reason: Reason, visit: Callable[[Reason], None]) -> None:
    """Every node, the ones above first."""
    visit(reason)
    for below in reason.reasons:
        walk(below, visit)
