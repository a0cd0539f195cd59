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
from shared.judging import expectation, shown, written
from shared.proof.model import Difference, Fate, Proof, Reason
from shared.proof.mutate import Mutant
from shared.proof.reasons import reason
from shared.proof.referee import Parting, Referee
from shared.proof.reference import RUNS, at_fault
from shared.proof.sources import LANGUAGES, PythonSource, Source, read
from shared.proof.trial import Trials, said
from shared.proof.words import examples, hints, missing
from shared.sandbox import Limits, Observation, Sandbox

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
    if challenge.language not in LANGUAGES:
        return Proof(challenge, (*reasons, reason("language_unproven", language=challenge.language)))
    trials = Trials.of(challenge, sandbox)
    reference, starter = read((challenge.reference, challenge.starter), challenge.language)
    reasons += _unreadable(challenge, reference, starter)
    evidence = {
        "cases": float(len(challenge.cases)),
        "visible": float(len(challenge.visible_cases)),
        "subtasks": float(len(challenge.subtasks)),
    }
    if reference.broken is not None or not challenge.cases or any(r.code == "checks_broken" for r in reasons):
        return Proof(challenge, tuple(reasons), evidence=evidence)
    faults = list(at_fault(challenge, reference, trials, seed=seed))
    reasons += faults
    if starter.broken is None and trials.first_failed(challenge.starter, challenge.cases) is None:
        reasons.append(reason("starter_passes"))
    reasons += hints(challenge, sandbox)
    if faults:  # neither examples nor mutants say anything
        return Proof(challenge, tuple(reasons), evidence=evidence)
    reasons += examples(challenge, trials)
    made = reference.mutants()
    if len(made) < MUTANTS:
        reasons.append(reason("too_few_mutants", mutants=len(made), bar=MUTANTS))
    fates, proposed, inputs, short = _fates(challenge, trials, made, seed)
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


def _unreadable(challenge: Challenge, reference: Source, starter: Source) -> Iterator[Reason]:
    if reference.broken is not None and challenge.language == "python":
        yield reason("not_python", error=reference.broken)
    elif reference.broken is not None:
        yield reason("does_not_compile", error=reference.broken, language=challenge.language)
    if starter.broken is not None:
        yield reason("starter_broken", error=starter.broken, language=challenge.language)
    wanted = {case.check for case in challenge.cases if case.check is not None}
    if wanted:
        checks = PythonSource(challenge.checks)
        there = set() if checks.broken else {function.name for function in checks.functions}
        if checks.broken or wanted - there:
            error = checks.broken or f"no {', '.join(sorted(wanted - there))} there"
            yield reason("checks_broken", error=error)


def _fates(
    challenge: Challenge, trials: Trials, made: Sequence[Mutant], seed: int
) -> tuple[tuple[Fate, ...], tuple[Case, ...], int, bool]:
    """Each mutant's fate, the cases that would notice the different ones, inputs compared, whether too few."""
    fates: list[Fate] = []
    partings: dict[int, list[Parting]] = {}
    referee: Referee | None = None
    for number, mutant in enumerate(made):
        failed = _noticed(trials, mutant, challenge)
        if failed is not None:
            case, seen = failed
            words = said(seen, printed=case.answer_is_printed, language=challenge.language)
            fates.append(Fate(mutant, "killed", by=f"{case.id}: {words}"))
            continue
        referee = referee or Referee(challenge, trials.sandbox, inputs_each=INPUTS, seed=seed)
        found = referee.partings(mutant.source)
        if not found:
            fates.append(Fate(mutant, "equivalent", inputs=len(referee.cases)))
            continue
        partings[number] = found
        fates.append(
            Fate(mutant, "different", inputs=len(referee.cases), difference=_difference(found, challenge.language))
        )
    if referee is None:
        return tuple(fates), (), 0, False
    return tuple(fates), tuple(_proposed(challenge, partings)), len(referee.cases), bool(referee.short)


def _noticed(trials: Trials, mutant: Mutant, challenge: Challenge) -> tuple[Case, Observation] | None:
    """The first case that notices `mutant`, also with its sets turned round: whether `list(names)` is noticed must
    not hang on the order that the set has in this start of Python."""
    failed = trials.first_failed(mutant.source, challenge.cases)
    if failed is None and challenge.language == "python" and (turned := PythonSource(mutant.source).turned()):
        failed = trials.first_failed(turned, challenge.cases)
    return failed


def _difference(found: Sequence[Parting], language: str) -> Difference:
    shortest = min(found, key=lambda p: (p.size, p.at))
    case = shortest.case
    answer = shown(case.expected, language) if case.compare == "property" else expectation(case, language)
    return Difference(written(case, language), answer, shortest.mutant)


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
        same = (case.expected, case.raises, case.prints) == (found.expected, found.raises, found.prints)
        return same, SequenceMatcher(None, _written(case), text, autojunk=False).ratio()

    nearest = max(own, key=likeness)
    digest = hashlib.sha256(text.encode()).hexdigest()[:6]
    return replace(found, id=f"found-{digest}", subtask=nearest.subtask)


def _written(case: Case) -> str:
    given = [list(case.args), dict(case.kwargs), case.stdin, dict(case.files)]
    return json.dumps([*given, case.expected, case.raises, case.prints], sort_keys=True)


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
