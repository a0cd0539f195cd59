"""What code can say of a text: each check is a question with yes or no, the same for every column.

Most are the validators that stand before a learner (`shared/validators`); being specific and being readable are asked
here only, because a text without them may still be said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from functions.feedback.failure import Failure, failures
from functions.feedback.grounds import ground
from functions.feedback.hints import RUNGS
from goals.evals.readability import readable
from goals.evals.situations import Situation
from shared.curriculum import load as curriculum
from shared.curriculum import text as spoken
from shared.validators import Fault, Ground, Kind, Passes, faults

CHECKS: Mapping[str, str] = {
    "valid": "may be said as it is: no rule of the validators is against it",
    "correct": "no line, number or result that is not true of this run",
    "place": "names a line where the mistake is, as a person found it; a hint: no other line",
    "specific": "names the failing case's input, or what it gave and should give; a hint: this task or concept",
    "no leak": "neither the solution, nor what a hidden case expects",
    "length": "from 20 characters to the kind's limit",
    "language": "in the learner's language",
    "readable": "plain by its formula, no sentence over 30 words",
    "kind": "about the task, not the person; nothing rude or unsafe",
}
_RULES = {
    "correct": {"line", "result", "number"},
    "no leak": {"solution", "executed", "edit", "hidden"},
    "length": {"length", "empty"},
    "language": {"language"},
    "kind": {"manners", "person", "unsafe", "links", "system"},
}
SHORTEST = 20
CONCEPT_RUNGS = 2
"""The first rungs point to the concept and ask a question; the others speak of the task itself."""
_LINE = re.compile(r"\b(?:lines?|líneas?)\W+(\d+)", re.IGNORECASE)
_THING = re.compile(r"[^\W\d_]{5,}|\d+|\w+_\w+")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`held`: each check's answer. `found`: what the validators said, to be read by people."""

    held: Mapping[str, bool]
    found: tuple[Fault, ...]


def judged(text: str, situation: Situation, passes: Passes | None = None) -> Verdict:
    """All checks of one text."""
    found = faults(text, ground_of(situation), passes)
    rules = {fault.rule for fault in found}
    held = {name: not rules & against for name, against in _RULES.items()}
    held["length"] = held["length"] and len(text) >= SHORTEST
    held["valid"] = not found
    held["place"] = _placed(text, situation)
    held["specific"] = _specific(text, situation)
    held["readable"] = readable(text, situation.learner.language)
    return Verdict({name: held[name] for name in CHECKS}, found)


def failing(situation: Situation) -> list[Failure]:
    return failures(situation.report, situation.learner.challenge.entry)


def ground_of(situation: Situation) -> Ground:
    """The facts of a situation, as the agent itself holds its texts to them."""
    learner = situation.learner
    kind: Kind = "feedback" if situation.rung is None else "example" if situation.rung == RUNGS else "hint"
    known = failing(situation)
    passed, total = (situation.passed, situation.total) if situation.rung is None else (None, None)
    return ground(learner.challenge, learner.language, learner.code, known, kind=kind, passed=passed, total=total)


def _placed(text: str, situation: Situation) -> bool:
    """Of several lines that are named one is enough: where the answer was returned is told besides."""
    named = {int(number) for number in _LINE.findall(text)}
    if situation.rung is not None and not named:
        return True
    return bool(named & set(situation.learner.lines))


def _specific(text: str, situation: Situation) -> bool:
    if situation.rung is None:
        flat = _flat(text)
        titles = [
            _flat(spoken(part.title, situation.learner.language)) for part in situation.learner.challenge.subtasks
        ]
        return any(_names(flat, failure, titles) for failure in failing(situation))
    challenge, language = situation.learner.challenge, situation.learner.language
    concepts = (curriculum().concepts[slug] for slug in challenge.concepts)
    about = [spoken(challenge.statement, language), spoken(challenge.title, language)]
    about += [f"{spoken(c.title, language)} {spoken(c.summary, language)}" for c in concepts]
    figures = [str(value) for case in challenge.visible_cases for value in (case.args, case.expected)]
    shared = _stems(text) & _stems("\n".join([*about, *figures, challenge.starter, situation.learner.code]))
    return len(shared) >= (2 if situation.rung > CONCEPT_RUNGS else 1)


def _stems(text: str) -> set[str]:
    """Names, numbers, and how longer words begin: `capital` and `capitals` are one."""
    return {word.lower()[:5] for word in _THING.findall(text)}


def _names(flat: str, failure: Failure, titles: Sequence[str]) -> bool:
    told = [_flat(each) for each in (failure.input, failure.got, failure.expected) if each]
    if failure.error is not None and failure.error.type in flat:
        return True
    if not failure.visible:  # its input and its values are not told: the place and the part are all there is
        named = failure.line is not None and re.search(rf"\D{failure.line}\b", flat) is not None
        return named or any(title in flat for title in titles)
    if failure.input and _flat(failure.input)[:30] in flat:
        return True
    return len(told) > 1 and sum(each[:30] in flat for each in told[-2:]) == 2


def _flat(text: str) -> str:
    """Without white space, so that a value may be written with or without blanks."""
    return "".join(text.split()).replace('"', "'")
