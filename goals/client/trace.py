"""One interaction's way through the functions, as a tree: what led to what, and after how long."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from goals.client.event import Event

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Node:
    """`depth`: 0 for what began it. `ms`: since the beginning. `last`: for each depth, is this the last branch?"""

    event: Event
    depth: int
    ms: float
    last: tuple[bool, ...]

    @property
    def branch(self) -> str:
        """The lines in front of it."""
        if not self.depth:
            return ""
        return "".join("   " if last else "│  " for last in self.last[:-1]) + ("└─ " if self.last[-1] else "├─ ")


def tree(events: Sequence[Event]) -> list[Node]:
    """By causation; an event whose cause is not among them (or names itself) begins a tree. Order of the log within."""
    known = {event.id for event in events}
    children: dict[str | None, list[Event]] = {}
    for event in events:
        cause = event.causation if event.causation in known and event.causation != event.id else None
        children.setdefault(cause, []).append(event)
    nodes: list[Node] = []
    began = min((event.time for event in events), default=None)
    told: set[str] = set()

    def add(event: Event, last: tuple[bool, ...]) -> None:
        if event.id in told or began is None:
            return
        told.add(event.id)
        nodes.append(Node(event, len(last), (event.time - began).total_seconds() * 1_000, last))
        below = children.get(event.id, [])
        for place, child in enumerate(below):
            add(child, (*last, place == len(below) - 1))

    for event in children.get(None, []):
        add(event, ())
    for event in events:  # what is caught in a circle is told all the same
        add(event, ())
    return nodes


def functions(events: Sequence[Event]) -> list[str]:
    """Who said something, in the order they first did."""
    return list(dict.fromkeys(event.function for event in events))


def _shortened(data: Data, *names: str) -> str:
    return str(next((data[name] for name in names if data.get(name)), ""))


LINES: Mapping[str, Callable[[Data], str]] = {
    "run.requested": lambda d: str(d["purpose"]),
    "run.finished": lambda d: f"{d['passed']} of {d['total']} pass ({d['purpose']}, {d['mode']}, {d['ms']:.0f} ms)",
    "run.cancelled": lambda d: f"after {d['judged']} of {d['total']} cases",
    "feedback.given": lambda d: str(d["text"]),
    "hint.given": lambda d: f"{d['rung']}: {d['text']}",
    "motivation.given": lambda d: str(d["text"]),
    "help.offered": lambda d: str(d["text"]),
    "progress.told": lambda d: str(d["text"]),
    "support.pointed": lambda d: str(d["text"]),
    "message.withheld": lambda d: f"{d['message']}: {d['why'].replace('_', ' ')}",
    "evaluation.recorded": lambda d: f"{'correct' if d['correct'] else 'not correct'}, expected {d['expected']:.2f}",
    "mastery.changed": lambda d: f"{d['concept']} {d['before']:.2f} → {d['after']:.2f}",
    "review.due": lambda d: f"{d['concept']} on {d['due'][:10]}",
    "state.changed": lambda d: f"{d['entity']}: {d['before']} → {d['after']}",
    "process.reviewed": lambda d: "; ".join(d["findings"]),
    "plan.changed": lambda d: f"{d['day']}: {d['because']}",
    "goal.assigned": lambda d: f"{d['kind']}: {d['challenge']}",
    "lesson.written": lambda d: f"{d['concept']}{'#' + d['anchor'] if d.get('anchor') else ''}",
    "mood.asked": lambda d: str(d["question"]),
    "mood.answered": lambda d: str(d["answer"]),
    "mood.observed": lambda d: f"{d['state']}, effect {d['effect']}",
    "access.denied": lambda d: f"{d['reason']}: {d['text']}",
    "contract.changed": lambda d: ", ".join(f"{name}: {old} → {new}" for name, (old, new) in d["changes"].items()),
    "contract.expiring": lambda d: str(d["text"]),
}


def line(event: Event) -> str:
    """What an event says, in few words."""
    told = LINES.get(event.type.removeprefix("goals."))
    if told is None:
        return _shortened(event.data, "because", "challenge", "course", "day", "concept")
    return told(event.data).replace("\n", " ")
