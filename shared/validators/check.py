"""All rules in one table: a text passes when none of them finds a fault."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from shared.validators import claims, edits, form, hidden, language, manners, origin, running, solution
from shared.validators.ground import LIMITS, Ground, Passes
from shared.validators.reading import Reading

FAR = 8
"""Times its limit: from here on a text is not looked at."""

Rule = Callable[[Reading, Ground], str | None]

RULES: Mapping[str, Rule] = {
    "empty": form.empty,
    "length": form.too_long,
    "unreadable": form.unreadable,
    "language": language.another,
    "manners": manners.rude,
    "person": manners.about_the_person,
    "unsafe": manners.unsafe,
    "links": form.outside,
    "system": origin.betrayed,
    "line": claims.no_such_line,
    "result": claims.never_happened,
    "number": claims.unknown_number,
    "hidden": hidden.told,
    "solution": solution.likened,
}
"""Name of the rule, as events tell it → the rule. Cheap ones first; running code comes last, by `faults`."""

RUN: Mapping[str, Callable[[Reading, Ground, Passes | None], str | None]] = {
    "executed": running.executed,
    "edit": edits.edited,
}
"""The rules that run programs, where no other has found anything."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`rule`: a key of RULES or of RUN. `why`: with what was found; may quote the text, so it stays in logs of
    tests and evaluations and out of events."""

    rule: str
    why: str


def faults(text: str, ground: Ground, passes: Passes | None = None) -> tuple[Fault, ...]:
    """Everything that is wrong with `text`; empty: it may be said.

    `passes` runs a program in the sandbox. Without one, code that could be a solution is refused unrun, and no
    change told in words is looked for.
    """
    found = list(broken(text, ground, RULES))
    reading = Reading(text)
    for name, rule in RUN.items():
        if not found and (why := rule(reading, ground, passes)) is not None:
            found.append(Fault(name, why))
    return tuple(found)


def broken(text: str, ground: Ground, rules: Iterable[str]) -> tuple[Fault, ...]:
    """What `text` breaks of these rules alone; no code is run. A text far too long is that, and not read further."""
    if len(text) > FAR * LIMITS[ground.kind]:
        return (Fault("length", f"{len(text)} characters of {LIMITS[ground.kind]}"),)
    reading = Reading(text)
    return tuple(Fault(name, why) for name in rules if (why := RULES[name](reading, ground)) is not None)


def refused(found: tuple[Fault, ...]) -> str:
    """The names of the rules that refused, for an event: `solution,length`."""
    return ",".join(dict.fromkeys(fault.rule for fault in found))
