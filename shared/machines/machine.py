"""What a state machine is: named states, and the moves between them with the evidence each needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from shared.errors import Conflict

Entity = Literal["learner", "enrolment", "goal", "course", "review"]


class Evidence(NamedTuple):
    """An event that says so: its type (`goals.…`) and id."""

    type: str
    id: str


@dataclass(frozen=True, slots=True)
class Move:
    """`evidence`: types of events of which at least one must be shown; `when`: the rule, for people."""

    before: str
    after: str
    evidence: tuple[str, ...]
    when: str


@dataclass(frozen=True, slots=True)
class Machine:
    """`moves` is all that is allowed: what is not in it cannot happen. At most one move joins two states."""

    entity: Entity
    initial: str
    moves: tuple[Move, ...]

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, the initial one first, in the order in which the table speaks of them."""
        return tuple(dict.fromkeys([self.initial, *(s for m in self.moves for s in (m.before, m.after))]))

    @property
    def final(self) -> tuple[str, ...]:
        """States that nothing leaves."""
        return tuple(s for s in self.states if all(m.before != s for m in self.moves))

    def allows(self, before: str, after: str, evidence: Sequence[Evidence]) -> bool:
        """Is there such a move, and is an event shown that it rests on?"""
        shown = {e.type for e in evidence}
        return any((m.before, m.after) == (before, after) and shown.intersection(m.evidence) for m in self.moves)

    def move(self, before: str, after: str, evidence: Sequence[Evidence]) -> Move:
        """The move, if it is allowed and at least one event of the types it needs is shown. Raises Conflict."""
        for move in self.moves:
            if (move.before, move.after) == (before, after):
                if not any(e.type in move.evidence for e in evidence):
                    shown = ", ".join(e.type for e in evidence) or "nothing"
                    needed = " or ".join(move.evidence)
                    raise Conflict(f"{self.entity}: {before} to {after} needs {needed} as evidence, and has {shown}")
                return move
        ways = ", ".join(m.after for m in self.moves if m.before == before) or "nothing"
        raise Conflict(f"{self.entity}: there is no move from {before} to {after}; {before} leads to {ways}")
