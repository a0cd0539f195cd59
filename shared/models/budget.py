"""How much may be spent in a day: by one learner, on one contract, by one tenant; in tokens and in money.

Before a call its upper bound is reserved in all three at once, or in none; after it the rest is given back. So many
calls at a time cannot go over together. A day is a UTC day: a contract's learners live in many zones and share one sum.

Where the sums cannot be read, nothing is spent (fail closed): without a model a learner still gets what the rules say;
the other way round, a broken Redis would be an open purse. `MemoryBudget` serves one process and forgets at its end.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal, Protocol

from shared.models.answer import Asker
from shared.settings import Allowance, Allowances

Scope = Literal["learner", "contract", "tenant"]
SCOPES: tuple[Scope, ...] = ("learner", "contract", "tenant")


@dataclass(frozen=True, slots=True)
class Amount:
    """`cost`: millionths of a US dollar. May be negative: given back."""

    tokens: int
    cost: int

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.tokens - other.tokens, self.cost - other.cost)


Verdict = Literal["reserved", "used_up", "unknown"]


class Budget(Protocol):
    """`unknown`: the sums cannot be read now. None of these raises."""

    def reserve(self, who: Asker, amount: Amount, now: datetime) -> Verdict: ...

    def settle(self, who: Asker, difference: Amount, now: datetime) -> None:
        """Adds to the day of `now`, the instant it was reserved at; usually what was not used, as a negative."""
        ...

    def spent(self, who: Asker, scope: Scope, now: datetime) -> Amount | None:
        """So far on the day of `now`; None where it cannot be read or there is no such scope."""
        ...

    def close(self) -> None: ...


def private(name: str) -> str:
    """A learner's or a contract's name as it is written outside the database: a digest, which cannot be read back."""
    return sha256(name.encode("utf-8", "replace")).hexdigest()[:32]


def places(who: Asker, now: datetime) -> Mapping[Scope, str]:
    """Where each sum is kept, for each scope there is."""
    day = now.astimezone(UTC).date().isoformat()
    found: dict[Scope, str] = {"learner": f"{day}:learner:{private(who.learner)}"}
    if who.contract is not None:
        found["contract"] = f"{day}:contract:{private(who.contract)}"
    found["tenant"] = f"{day}:tenant:{private(who.tenant)}"
    return found


class MemoryBudget:
    def __init__(self, allowances: Allowances) -> None:
        self._allowances = allowances
        self._lock = threading.Lock()
        self._day = ""
        self._sums: dict[str, Amount] = {}

    def reserve(self, who: Asker, amount: Amount, now: datetime) -> Verdict:
        with self._lock:
            self._begin(now)
            after = {}
            for scope, place in places(who, now).items():
                sums = self._sums.get(place, Amount(0, 0))
                allowed: Allowance = getattr(self._allowances, scope)
                after[place] = Amount(sums.tokens + amount.tokens, sums.cost + amount.cost)
                if not _within(after[place], allowed):
                    return "used_up"
            self._sums.update(after)
            return "reserved"

    def settle(self, who: Asker, difference: Amount, now: datetime) -> None:
        with self._lock:
            for place in places(who, now).values():
                sums = self._sums.get(place)
                if sums is not None:
                    self._sums[place] = Amount(sums.tokens + difference.tokens, sums.cost + difference.cost)

    def spent(self, who: Asker, scope: Scope, now: datetime) -> Amount | None:
        place = places(who, now).get(scope)
        return self._sums.get(place, Amount(0, 0)) if place else None

    def close(self) -> None:
        pass

    def _begin(self, now: datetime) -> None:
        """Yesterday's sums are of no use. A clock that goes back a little keeps the newest day."""
        day = now.astimezone(UTC).date().isoformat()
        if day > self._day:
            self._day = day
            self._sums = {place: sums for place, sums in self._sums.items() if place.startswith(day)}


def _within(sums: Amount, allowed: Allowance) -> bool:
    tokens = allowed.tokens is None or sums.tokens <= allowed.tokens
    return tokens and (allowed.micros is None or sums.cost <= allowed.micros)
