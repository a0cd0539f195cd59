"""Whether a challenge may be published: everything it claims is tried, in the sandbox.

The bar (docs/proof.md): the reference passes `RUNS` of `RUNS` runs with equal observations; the starter fails; texts
are whole, their examples true, and no hint gives the solution; there are `MUTANTS` mutants or more, of which the cases
notice `RATIO`, and every survivor answers `INPUTS` generated inputs as the reference does.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from shared.curriculum.model import Case, Challenge
from shared.proof.model import Difference, Fate, Proof, Reason
from shared.proof.mutate import Mutant, mutants
from shared.proof.parsing import parsed
from shared.proof.reasons import reason
from shared.proof.referee import Parting, Referee
from shared.proof.reference import RUNS, at_fault
from shared.proof.trial import first_failed, said, written
from shared.proof.words import examples, hints, missing
from shared.sandbox import Limits, Sandbox

MUTANTS = 8
RATIO = 0.85
INPUTS = 400
"""For each function that cases call."""

NAMED = 5
"""Survivors named in the reason for a low ratio."""

LIMITS = Limits(cpu_seconds=1, wall_seconds=4.0)
"""For the sandbox of proofs: a mutant that never ends costs a second."""


def prove(challenge: Challenge, sandbox: Sandbox, *, seed: int) -> Proof:
    """The proof of one instantiated challenge: the same for the same seed, whatever it finds.

    Raises SandboxUnavailable where the sandbox itself fails: that says nothing about the challenge.
    """
    reasons = list(missing(challenge))
    compiled = _broken(challenge.reference), _broken(challenge.starter)
    if compiled[0] is not None:
        reasons.append(reason("not_python", error=compiled[0]))
    if compiled[1] is not None:
        reasons.append(reason("starter_broken", error=compiled[1]))
    evidence = {
        "cases": float(len(challenge.cases)),
        "visible": float(len(challenge.visible_cases)),
        "subtasks": float(len(challenge.subtasks)),
    }
    if compiled[0] is not None or not challenge.cases:
        return Proof(challenge, tuple(reasons), evidence=evidence)
    faults = list(at_fault(challenge, sandbox, seed=seed))
    reasons += faults
    if compiled[1] is None and first_failed(sandbox, challenge.starter, challenge.cases) is None:
        reasons.append(reason("starter_passes"))
    reasons += hints(challenge, sandbox)
    if faults:  # neither examples nor mutants say anything
        return Proof(challenge, tuple(reasons), evidence=evidence)
    reasons += examples(challenge, sandbox)
    made = mutants(challenge.reference)
    if len(made) < MUTANTS:
        reasons.append(reason("too_few_mutants", mutants=len(made), bar=MUTANTS))
    fates, proposed, inputs, short = _fates(challenge, sandbox, made, seed)
    reasons += _weak(fates, inputs if short else None)
    killed = sum(fate.verdict == "killed" for fate in fates)
    evidence |= {
        "reference_runs": float(RUNS),
        "mutants": float(len(made)),
        "killed": float(killed),
        "kill_ratio": round(killed / max(1, len(made)), 4),
        "equivalent": float(sum(fate.verdict == "equivalent" for fate in fates)),
        "inputs": float(inputs),
    }
    return Proof(challenge, tuple(reasons), fates, proposed, evidence)


def _broken(source: str) -> str | None:
    try:
        parsed(source)
    except SyntaxError as error:
        return str(error)
    return None


def _fates(
    challenge: Challenge, sandbox: Sandbox, made: Sequence[Mutant], seed: int
) -> tuple[tuple[Fate, ...], tuple[Case, ...], int, bool]:
    """Each mutant's fate, the cases that would notice the different ones, inputs compared, whether too few."""
    fates: list[Fate] = []
    partings: dict[int, list[Parting]] = {}
    referee: Referee | None = None
    for number, mutant in enumerate(made):
        failed = first_failed(sandbox, mutant.source, challenge.cases)
        if failed is not None:
            case, seen = failed
            fates.append(Fate(mutant, "killed", by=f"{case.id}: {said(seen)}"))
            continue
        referee = referee or Referee(challenge, sandbox, inputs_each=INPUTS, seed=seed)
        found = referee.partings(mutant.source)
        if not found:
            fates.append(Fate(mutant, "equivalent", inputs=len(referee.cases)))
            continue
        partings[number] = found
        fates.append(Fate(mutant, "different", inputs=len(referee.cases), difference=_difference(found)))
    if referee is None:
        return tuple(fates), (), 0, False
    return tuple(fates), tuple(_proposed(challenge, partings)), len(referee.cases), bool(referee.short)


def _difference(found: Sequence[Parting]) -> Difference:
    shortest = min(found, key=lambda p: (p.size, p.at))
    case = shortest.case
    reference = f"{case.raises} raised" if case.raises else repr(case.expected)
    return Difference(written(case.call, case.args, dict(case.kwargs)), reference, shortest.mutant)


def _proposed(challenge: Challenge, partings: dict[int, list[Parting]]) -> Iterator[Case]:
    """Few short inputs that notice every different mutant: always the one that notices most, then the shortest."""
    noticed: dict[int, set[int]] = defaultdict(set)
    cases: dict[int, Parting] = {}
    for mutant, found in partings.items():
        for parting in found:
            noticed[parting.at].add(mutant)
            cases[parting.at] = parting
    left = set(partings)
    while left:
        best = max(noticed, key=lambda at: (len(noticed[at] & left), -cases[at].size, -at))
        left -= noticed[best]
        yield _as_case(challenge, cases[best].case)


def _as_case(challenge: Challenge, found: Case) -> Case:
    """Named by its input; in the sub-task of the case most like it, first in its answer, then in its input; hidden."""
    own = [case for case in challenge.cases if case.call == found.call]
    text = _written(found)

    def likeness(case: Case) -> tuple[bool, float]:
        same = (case.expected, case.raises) == (found.expected, found.raises)
        return same, SequenceMatcher(None, _written(case), text, autojunk=False).ratio()

    nearest = max(own, key=likeness)
    digest = hashlib.sha256(text.encode()).hexdigest()[:6]
    return replace(found, id=f"found-{digest}", subtask=nearest.subtask)


def _written(case: Case) -> str:
    return json.dumps([list(case.args), dict(case.kwargs), case.expected, case.raises], sort_keys=True)


def _weak(fates: Sequence[Fate], inputs: int | None) -> Iterator[Reason]:
    """`inputs`: how many there were, where they were too few."""
    killed = sum(fate.verdict == "killed" for fate in fates)
    if fates and killed / len(fates) < RATIO:
        ratio = killed / len(fates)
        yield reason("weak_cases.ratio", killed=killed, mutants=len(fates), ratio=ratio, bar=RATIO)
        if left := [fate.mutant for fate in fates if fate.verdict == "equivalent"][:NAMED]:
            some = {language: "; ".join(f"{m.line}: {m.words[language]}" for m in left) for language in ("en", "es")}
            yield reason("weak_cases.unseen", some=some["en"], es={"some": some["es"]})
    for fate in fates:
        if fate.difference is not None:
            d, words = fate.difference, fate.mutant.words
            yield reason(
                "weak_cases.different",
                line=fate.mutant.line,
                change=words["en"],
                call=d.call,
                mutant=d.mutant,
                reference=d.reference,
                es={"change": words["es"]},
            )
    survivors = sum(fate.verdict == "equivalent" for fate in fates)
    if inputs is not None and survivors:
        yield reason("too_few_inputs", survivors=survivors, inputs=inputs, bar=INPUTS)
