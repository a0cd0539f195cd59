"""How events enter the graph: which thread an event is an input of, and the one input made of all that waits.

Pure, and in every image: the store asks `thread_of` for each event it appends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from graph.state import TRIGGERS, Input, State, Trigger
from shared.bus.port import Message
from shared.clock import rfc3339
from shared.events.codec import command
from shared.events.record import Event
from shared.ids import derived_id

WOKEN = "goals.thread.woken"
JOINED = "goals.enrolment.started"

ENTRIES: Mapping[str, tuple[Trigger, tuple[str, ...]]] = {
    "goals.run.finished": (
        "run",
        ("run", "purpose", "passed", "failed", "total", "signature", "fault", "verdict"),
    ),
    "goals.hint.asked": ("hint", ("rung",)),
    "goals.goal.paused": ("goal", ()),
    "goals.goal.resumed": ("goal", ()),
    "goals.goal.swapped": ("goal", ("reason",)),
    "goals.profile.stated": ("profile", ("target", "job")),
    "goals.wish.stated": ("wish", ("concept", "text")),
    "goals.mood.answered": ("mood", ("answer", "goal", "question")),
    "goals.day.started": ("daily", ("day",)),
    "goals.contract.amended": ("contract", ("contract",)),
    "goals.contract.accepted": ("contract", ("contract", "version")),
    "goals.enrolment.started": ("course", ("course",)),
    "goals.enrolment.paused": ("course", ("course",)),
    "goals.enrolment.resumed": ("course", ("course",)),
    "goals.enrolment.left": ("course", ("course",)),
    "goals.learning.paused": ("course", ("until",)),
    "goals.learning.resumed": ("course", ()),
    "goals.mastery.questioned": ("doubt", ("concept", "attempt", "text")),
}
"""Event type → what it triggers, and which of its facts the edges and nodes see. All other events are only recorded."""


def thread_of(event: Event) -> str | None:
    """`goal/<id>` for work on a goal, `learner/<id>` for plan, contract and mood; None for what enters no graph."""
    entry = ENTRIES.get(event.type)
    if entry is None or (event.type == JOINED and event.data.get("by", "sign_up") == "sign_up"):
        return None  # who has just signed up has no plan that another course could change
    return f"goal/{event.data['goal']}" if entry[0] in ("run", "hint", "goal") else f"learner/{event.subject}"


def wake_key(thread: str) -> str:
    """Under which id a refused wake of this thread is kept."""
    return derived_id("wake", thread)


def wake(thread: str, event: Event) -> Message:
    """The command that tells the graph something waits for `thread`. Sending it twice is harmless."""
    body = command(
        WOKEN,
        id=derived_id("wake", thread, event.source, event.id),
        source="/store",
        subject=event.subject,
        time=event.time,
        data={"thread": thread},
        correlation=event.correlation,
        causation=event.id,
        traceparent=event.traceparent,
    )
    return Message(key=WOKEN, body=body, id=derived_id("wake", thread, event.source, event.id), mandatory=True)


def take(events: Sequence[Event]) -> Sequence[Event]:
    """Those at the front of what waits that make one input: all of one trigger (runs and hints go together)."""
    triggers = [_together(ENTRIES[event.type][0]) for event in events]
    same = next((n for n, trigger in enumerate(triggers) if trigger != triggers[0]), len(events))
    return events[:same]


def _together(trigger: Trigger) -> Trigger:
    return "run" if trigger == "hint" else trigger


def next_input(state: State, thread: str, events: Sequence[Event], now: datetime) -> dict[str, Any]:
    """One input of everything that waits, oldest first. `state`: as the thread's last run left it (empty if none).

    `now`: the server's clock. Evidence is weighed against it: a client's own time may lie in the past, and an old
    grant must not come to life with it. What belonged to the last run starts anew; evidence (access, contract,
    struggle) stays.
    """
    inputs = [_input(event) for event in events]
    newest = events[-1]
    triggers = {ENTRIES[event.type][0] for event in events}
    return {
        "learner": newest.subject,
        "tenant": newest.tenant,
        "goal": thread.removeprefix("goal/") if thread.startswith("goal/") else None,
        "trigger": next(t for t in TRIGGERS if t in triggers),
        "inputs": inputs,
        "at": rfc3339(now),
        "struggle": _struggle(state.get("struggle") or {}, inputs),
        "findings": None,
        "orders": [],
        "pages": [],
        "made": None,
        "written": None,
    }


def _input(event: Event) -> Input:
    body = event.body()
    return {
        "id": event.id,
        "type": event.type,
        "position": event.position,
        "at": rfc3339(event.time),
        "correlation": event.correlation,
        "facts": {name: _plain(getattr(body, name)) for name in ENTRIES[event.type][1]},
    }


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _struggle(before: dict[str, Any], inputs: Sequence[Input]) -> dict[str, Any]:
    """Equal failures in a row, the days since the learner last ran something here, and whether they ever had."""
    signature, count = before.get("signature", ""), before.get("count", 0)
    last, away = before.get("last"), 0.0
    first = last is None
    for item in inputs:
        facts = item["facts"]
        if item["type"] != "goals.run.finished" or facts["fault"]:
            continue
        if last is not None:
            away = max(away, _days(last, item["at"]))
        last = item["at"]
        if facts["passed"] == facts["total"]:
            signature, count = "", 0
        else:
            count = count + 1 if facts["signature"] == signature else 1
            signature = facts["signature"]
    return {"signature": signature, "count": count, "last": last, "away_days": round(away, 2), "first": first}


def _days(before: str, after: str) -> float:
    from shared.clock import parse

    return (parse(after) - parse(before)).total_seconds() / 86_400
