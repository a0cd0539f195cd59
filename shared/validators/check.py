"""All rules in one table: a text passes when none of them finds a fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shared.validators import claims, form, hidden, language, manners, origin, solution
from shared.validators.ground import Ground, Passes
from shared.validators.reading import Reading

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


@dataclass(frozen=True, slots=True)
class Fault:
    """`rule`: a key of RULES, or `executed`. `why`: with what was found; may quote the text, so it stays in logs of
    tests and evaluations and out of events."""

    rule: str
    why: str


def faults(text: str, ground: Ground, passes: Passes | None = None) -> tuple[Fault, ...]:
    """Everything that is wrong with `text`; empty: it may be said.

    `passes` runs a program in the sandbox. Without one, code that could be a solution is refused unrun.
    """
    reading = Reading(text)
    found = [Fault(name, why) for name, rule in RULES.items() if (why := rule(reading, ground)) is not None]
    if not found and (why := solution.executed(reading, ground, passes)) is not None:
        found.append(Fault("executed", why))
    return tuple(found)


def refused(found: tuple[Fault, ...]) -> str:
    """The names of the rules that refused, for an event: `solution,length`."""
    return ",".join(dict.fromkeys(fault.rule for fault in found))
