"""Whether a hint holds the solution: its lines, code of the same build, or a function that simply passes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from shared.curriculum.model import Challenge, Text
from shared.proof.examples import ANY_FENCE
from shared.proof.likeness import built_alike, functions, likeness
from shared.proof.parsing import parsed
from shared.proof.trial import first_failed
from shared.sandbox import Sandbox

TOKENS = 0.8
BUILD = 0.9
"""From here on two functions count as the same: in tokens without names and values, and in the build of their trees."""

TELLING = 8
"""Characters (without spaces) from which on a line of the reference tells something."""


def given_away(challenge: Challenge, sandbox: Sandbox) -> Iterator[tuple[str, int, Text]]:
    """(language, rung from 1, why) for each hint that gives the solution."""
    telling = _telling(challenge.reference)
    own = functions(challenge.reference)
    for language, rungs in challenge.hints.items():
        for number, rung in enumerate(rungs, start=1):
            why = _line_in(rung, telling) or _alike(rung, own) or _passes(rung, challenge, sandbox)
            if why is not None:
                yield language, number, why


def _telling(reference: str) -> list[str]:
    lines = ("".join(line.split("#")[0].split()) for line in reference.splitlines())
    return [line for line in lines if len(line) >= TELLING and not line.startswith("def") and line != "returnNone"]


def _line_in(rung: str, telling: list[str]) -> Text | None:
    run_together = "".join(rung.split())
    found = next((line for line in telling if line in run_together), None)
    if found is None:
        return None
    return {
        "en": f"it holds the reference's own `{found}` (spaces left out)",
        "es": f"contiene `{found}`, que es de la referencia (sin espacios)",
    }


def _alike(rung: str, own: list[str]) -> Text | None:
    for shown in _functions_in(rung):
        for other in own:
            tokens, build = likeness(shown, other), built_alike(shown, other)
            if tokens >= TOKENS or build >= BUILD:
                return {
                    "en": f"its code is like the reference ({tokens:.0%} of the tokens, {build:.0%} of the build)",
                    "es": f"su código se parece a la referencia ({tokens:.0%} de las fichas, {build:.0%} del armazón)",
                }
    return None


def _passes(rung: str, challenge: Challenge, sandbox: Sandbox) -> Text | None:
    """A function of the hint, under the challenge's own name, against the cases of that name."""
    cases = [case for case in challenge.cases if case.call == challenge.entry]
    arity = {len(case.args) + len(case.kwargs) for case in cases}
    for block in _blocks(rung):
        for node in block.body:
            if isinstance(node, ast.FunctionDef) and len(node.args.args) in arity and cases:
                program = f"{ast.unparse(block)}\n{challenge.entry} = {node.name}\n"
                if first_failed(sandbox, program, [replace(case, call=challenge.entry) for case in cases]) is None:
                    return {
                        "en": f"its function `{node.name}` passes every case",
                        "es": f"su función `{node.name}` pasa todos los casos",
                    }
    return None


def _blocks(rung: str) -> Iterator[ast.Module]:
    for block in ANY_FENCE.findall(rung):
        try:
            yield parsed(block)
        except SyntaxError:
            continue  # `>>>`, or not Python


def _functions_in(rung: str) -> Iterator[str]:
    for block in _blocks(rung):
        yield from (ast.unparse(node) for node in block.body if isinstance(node, ast.FunctionDef))
