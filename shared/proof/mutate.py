"""Mutants of a Python program: one small mistake each, as a learner makes it. A good set of cases notices them all.

Our own, since mutmut and cosmic-ray take seconds to minutes a challenge: this one works on the tree alone.
"""

from __future__ import annotations

import ast
import hashlib
from dataclasses import dataclass

from shared.curriculum.model import Text
from shared.proof.operators import Telling, slips
from shared.proof.parsing import parsed
from shared.proof.places import normalised, placed, replaced

MOST = 200
"""Mutants of one program at most; where more could be made, they are taken evenly over the whole program."""

SHOWN = 60

TOLD: dict[Telling, Text] = {
    "becomes": {"en": "`{before}` becomes `{after}`", "es": "`{before}` pasa a ser `{after}`"},
    "left_out": {"en": "`{before}` is left out", "es": "se omite `{before}`"},
    "into_loop": {"en": "the return moves into the loop", "es": "el return pasa dentro del bucle"},
    "each_pass": {"en": "the start value is set again at each pass", "es": "el valor inicial se repite en cada vuelta"},
    "one_pass": {"en": "the loop ends after its first pass", "es": "el bucle acaba tras su primera vuelta"},
    "skips_first": {"en": "the loop skips the first item", "es": "el bucle se salta el primer elemento"},
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """`id`: line, operator, digest of the changed program: the same for the same original. `words`: what changed."""

    id: str
    operator: str
    line: int
    words: Text
    source: str


def mutants(source: str, *, most: int = MOST) -> tuple[Mutant, ...]:
    """Every mutant of `source` that compiles, no two the same program, none the same as the original.

    Raises SyntaxError where `source` is no Python.
    """
    tree = parsed(source)
    seen = {normalised(source)}
    found = []
    made = [(path, node, slip) for path, node in placed(tree) if path for slip in slips(node)]
    if len(made) > most:
        made = [made[i * len(made) // most] for i in range(most)]
    for path, node, (operator, new, telling) in made:
        text = ast.unparse(replaced(tree, path, new)) + "\n"
        if not _compiles(text) or (same := normalised(text)) in seen:
            continue
        seen.add(same)
        line = _line(node)
        found.append(
            Mutant(
                id=f"L{line}-{operator}-{hashlib.sha256(same.encode()).hexdigest()[:8]}",
                operator=operator,
                line=line,
                words=_told(telling, node, new),
                source=text,
            )
        )
    return tuple(found)


def _line(node: ast.AST) -> int:
    """Its own, or (a slice or a comprehension has none) that of its first part."""
    return next(n.lineno for n in ast.walk(node) if isinstance(n, ast.expr | ast.stmt))


def _compiles(source: str) -> bool:
    try:
        compile(source, "<mutant>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def _told(telling: Telling, node: ast.AST, new: object) -> Text:
    return changed(_shown(node), _shown(new), telling)


def changed(before: str, after: str, telling: Telling = "becomes") -> Text:
    """A slip in words. `before`, `after`: code; only its first line is shown."""
    return {
        language: words.replace("{before}", _first(before)).replace("{after}", _first(after))
        for language, words in TOLD[telling].items()
    }


def _shown(what: object) -> str:
    return ast.unparse(ast.fix_missing_locations(what)) if isinstance(what, ast.AST) else ""


def _first(text: str) -> str:
    first = text.strip().partition("\n")[0]
    return first if len(first) <= SHOWN else first[: SHOWN - 1] + "…"
