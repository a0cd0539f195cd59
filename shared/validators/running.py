"""Code found in a text, as programs that can be run against the challenge's cases.

What could be a solution is run, not guessed at: a function, an arrow function, a lambda, an expression of the
parameters, a body with a return. What the learner wrote is passed over: it just failed.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Sequence

from shared.validators.ground import Ground, Passes
from shared.validators.reading import Reading, squeezed
from shared.validators.solution import tree_of

MOST = 6
"""Programs tried for one text."""
_RETURN = re.compile(r"\b(?:return|devuelve)\s+([^\n.;`“”]{3,120})")
_FUNCTION = re.compile(r"\bfunction\s+([A-Za-z_$][\w$]*)\s*\(|\b(?:const|let)\s+([A-Za-z_$][\w$]*)\s*=[^=\n]*=>")
_ARROW = re.compile(r"\s*(?:async\s*)?(?:\([^)]*\)|[A-Za-z_$][\w$]*)\s*=>")


def executed(reading: Reading, ground: Ground, passes: Passes | None) -> str | None:
    """Code of the text, run against the cases. A worked example's function is run under the challenge's name."""
    if not ground.entry:
        return None
    programs = {"python": _programs, "javascript": _scripts, "typescript": _scripts}.get(ground.programming)
    for program in _unique(programs(reading, ground))[:MOST] if programs else ():
        if passes is None:
            return "could be a solution, and there is no sandbox to find out"
        if all(passes(program)):  # also where nothing could be found out
            return f"its code passes every case: `{program[:80]}`"
    return None


def _scripts(reading: Reading, ground: Ground) -> Iterator[str]:
    """JavaScript and TypeScript: functions and arrow functions, under the challenge's name."""
    known = squeezed(ground.known)
    for piece in (*reading.blocks, *reading.spans):
        if squeezed(piece) in known:
            continue
        for name in ("".join(found) for found in _FUNCTION.findall(piece)):
            alias = (
                "" if name == ground.entry else f"\nfunction {ground.entry}(...given) {{ return {name}(...given); }}\n"
            )
            yield piece + alias
        if _ARROW.match(piece):
            yield f"const {ground.entry} = {piece.strip().rstrip(';')};\n"


def _programs(reading: Reading, ground: Ground) -> Iterator[str]:
    arguments = _parameters(ground)
    known = squeezed(ground.known)
    pieces = [*reading.blocks, *reading.spans, *_RETURN.findall(reading.told)]
    for piece in pieces:
        if squeezed(piece) in known:
            continue  # the learner's own, and it just failed
        tree = tree_of(piece)
        if tree is None:
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _arity(node.args) == len(arguments):
                yield f"{ast.unparse(tree)}\n{ground.entry} = {node.name}\n"
        for found in ast.walk(tree):
            if isinstance(found, ast.Lambda) and _arity(found.args) == len(arguments):
                yield f"{ground.entry} = {ast.unparse(found)}\n"
        if len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr | ast.Return):
            value = tree.body[0].value
            if value is not None and not isinstance(value, ast.Name | ast.Constant):
                yield from _answering(value, ground.entry, arguments)
        elif any(isinstance(node, ast.Return) for node in ast.walk(tree)):
            yield from _body(tree, ground.entry, arguments)


def _answering(value: ast.expr, entry: str, arguments: Sequence[str]) -> Iterator[str]:
    """A function that answers with this expression; its free names are the parameters, in order of appearance."""
    free = _free(value)
    if not free or len(free) > len(arguments):
        return
    names = arguments if set(free) <= set(arguments) else [*free, *(f"_{n}" for n in range(len(arguments) - len(free)))]
    yield f"def {entry}({', '.join(names)}):\n    return {ast.unparse(value)}\n"


def _body(tree: ast.Module, entry: str, arguments: Sequence[str]) -> Iterator[str]:
    written = "\n".join(f"    {line}" for line in ast.unparse(tree).splitlines())
    yield f"def {entry}({', '.join(arguments)}):\n{written}\n"


def _free(value: ast.expr) -> list[str]:
    bound = {n.id for n in ast.walk(value) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    bound |= {a.arg for n in ast.walk(value) if isinstance(n, ast.Lambda) for a in n.args.args}
    used = [n.id for n in ast.walk(value) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    return list(dict.fromkeys(name for name in used if name not in bound and not hasattr(builtins, name)))


def _parameters(ground: Ground) -> list[str]:
    tree = tree_of(ground.reference)
    for node in tree.body if tree else ():
        if isinstance(node, ast.FunctionDef) and node.name == ground.entry:
            return [arg.arg for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return []


def _arity(args: ast.arguments) -> int:
    return len(args.posonlyargs) + len(args.args) + len(args.kwonlyargs)


def _unique(found: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(found))
