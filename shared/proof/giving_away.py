"""Whether a hint holds the solution: its lines (but those the learner has from statement and starter), code of the same
build, or a program that simply passes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from shared.curriculum.model import Challenge, Text
from shared.proof.examples import ANY_FENCE
from shared.proof.likeness import alike
from shared.proof.sources import Function, Source, read
from shared.proof.trial import Trials
from shared.sandbox import Sandbox

TOKENS = 0.8
BUILD = 0.9
SHOWN = 0.5
"""From here on two functions count as the same: in tokens without names and values, and in the build of their trees."""


def given_away(challenge: Challenge, sandbox: Sandbox) -> Iterator[tuple[str, int, Text]]:
    """(language, rung from 1, why) for each hint that gives the solution."""
    trials = Trials.of(challenge, sandbox)
    rungs = [
        (language, number, rung) for language, all_ in challenge.hints.items() for number, rung in enumerate(all_, 1)
    ]
    blocks = [ANY_FENCE.findall(rung) for *_, rung in rungs]
    reference, *shown = read([challenge.reference, *(block for own in blocks for block in own)], challenge.language)
    waiting = iter(shown)
    known = "".join("".join([*challenge.statement.values(), challenge.starter]).split())
    telling = [] if reference.broken is not None else [line for line in reference.telling() if line not in known]
    own = reference.functions if reference.broken is None else []
    for (language, number, rung), there in zip(rungs, blocks, strict=True):
        programs = [source for source in (next(waiting) for _ in there) if source.broken is None]
        why = _line_in(rung, telling) or _alike(programs, own) or _passes(programs, challenge, trials)
        if why is not None:
            yield language, number, why


def shown_already(text: str, challenge: Challenge) -> bool:
    """Does what everybody sees (statement, starter, also in a comment) hold half of the reference's telling lines?"""
    (reference,) = read([challenge.reference], challenge.language)
    telling = [] if reference.broken is not None else reference.telling()
    run_together = "".join(text.split())
    return bool(telling) and sum(line in run_together for line in telling) >= SHOWN * len(telling)


def _line_in(rung: str, telling: list[str]) -> Text | None:
    run_together = "".join(rung.split())
    found = next((line for line in telling if line in run_together), None)
    if found is None:
        return None
    return {
        "en": f"it holds the reference's own `{found}` (spaces left out)",
        "es": f"contiene `{found}`, que es de la referencia (sin espacios)",
    }


def _alike(programs: Sequence[Source], own: Sequence[Function]) -> Text | None:
    for shown in (function for source in programs for function in source.functions):
        for other in own:
            tokens, build = alike(shown.tokens(), other.tokens()), alike(shown.build(), other.build())
            if tokens >= TOKENS or build >= BUILD:
                return {
                    "en": f"its code is like the reference ({tokens:.0%} of the tokens, {build:.0%} of the build)",
                    "es": f"su código se parece a la referencia ({tokens:.0%} de las fichas, {build:.0%} del armazón)",
                }
    return None


def _passes(programs: Sequence[Source], challenge: Challenge, trials: Trials) -> Text | None:
    """A program of the hint against the cases; a function of it under the challenge's own name."""
    cases = [case for case in challenge.cases if case.call == challenge.entry]
    if not challenge.entry:
        if any(trials.first_failed(source.text, cases) is None for source in programs):
            return {"en": "its program passes every case", "es": "su programa pasa todos los casos"}
        return None
    arity = {len(case.args) + len(case.kwargs) for case in cases}
    for source in programs:
        for function in source.functions:
            if function.parameters in arity and cases:
                program = source.text + ALIAS[challenge.language].format(entry=challenge.entry, name=function.name)
                if function.name == challenge.entry:
                    program = source.text
                if trials.first_failed(program, [replace(case, call=challenge.entry) for case in cases]) is None:
                    return {
                        "en": f"its function `{function.name}` passes every case",
                        "es": f"su función `{function.name}` pasa todos los casos",
                    }
    return None


ALIAS = {
    "python": "\n{entry} = {name}\n",
    "javascript": "\nfunction {entry}(...given) {{ return {name}(...given); }}\n",
    "typescript": "\nfunction {entry}(...given: any[]): any {{ return ({name} as any)(...given); }}\n",
}
"""How a program calls one of its functions by another name."""
