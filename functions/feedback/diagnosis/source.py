"""A learner's program as a tree, and the questions that several rules ask of it. The code is never run here."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from functions.feedback.failure import Failure, one_line

Loop = ast.For | ast.While
Block = Sequence[ast.stmt]
LOOPS = (ast.For, ast.While)
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The likely cause: a stable word (a table of texts.toml), the line to look at, words for the sentence."""

    cause: str
    line: int | None = None
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """`functions`: the top-level ones, by name; `entry`: the one the cases call; `others`: cases shown besides."""

    tree: ast.Module
    entry: str
    functions: Mapping[str, ast.FunctionDef]
    others: tuple[Failure, ...] = ()

    def at(self, line: int | None) -> list[ast.FunctionDef]:
        """All functions, the one around `line` first, then the entry."""

        def order(f: ast.FunctionDef) -> tuple[bool, bool]:
            inside = line is not None and f.lineno <= line <= (f.end_lineno or f.lineno)
            return not inside, f.name != self.entry

        return sorted(self.functions.values(), key=order)


def read(code: str, entry: str) -> Source | SyntaxError:
    """The program's tree, or why it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError) as error:
        return SyntaxError(str(error))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    return Source(tree, entry, functions)


def own(node: ast.AST) -> Iterator[ast.AST]:
    """Every node below `node`, without what stands in nested functions and classes; in the order of the text."""
    left = list(ast.iter_child_nodes(node))[::-1]
    while left:  # no recursion: a sum of nine hundred parts is nine hundred deep
        child = left.pop()
        yield child
        if not isinstance(child, SCOPES):
            left.extend(list(ast.iter_child_nodes(child))[::-1])


def blocks(node: ast.AST) -> Iterator[Block]:
    """Every list of statements below `node`, its own first."""
    for name in ("body", "orelse", "finalbody"):
        inner = getattr(node, name, None)
        if isinstance(inner, list) and inner:
            yield inner
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, SCOPES):
            yield from blocks(child)


def loops(function: ast.FunctionDef) -> list[Loop]:
    return [node for node in own(function) if isinstance(node, LOOPS)]


def parameters(function: ast.FunctionDef) -> list[str]:
    a = function.args
    return [arg.arg for arg in (*a.posonlyargs, *a.args, *a.kwonlyargs)]


def assigned(node: ast.AST) -> set[str]:
    """Names that are bound somewhere below `node`."""
    return {n.id for n in own(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store | ast.Del)}


def reads(node: ast.AST) -> set[str]:
    return {n.id for n in own(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def called(node: ast.AST) -> str:
    """The name of what a call calls: `f` of f(), `append` of x.append(); empty for no call."""
    match node:
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return name
        case _:
            return ""


def returns(function: ast.FunctionDef) -> list[ast.Return]:
    return [node for node in own(function) if isinstance(node, ast.Return)]


def ends(block: Block) -> bool:
    """Does every way through `block` return or raise?"""
    if not block:
        return False
    match block[-1]:
        case ast.Return() | ast.Raise():
            return True
        case ast.If(body=body, orelse=other):
            return ends(body) and ends(other)
        case ast.With(body=body):
            return ends(body)
        case ast.While(test=ast.Constant(value=True)) as loop:
            return not any(isinstance(n, ast.Break) for n in own(loop))
        case ast.Try(body=body, handlers=handlers):
            return ends(body) and all(ends(h.body) for h in handlers)
        case ast.Match(cases=cases):
            last = cases[-1].pattern
            return isinstance(last, ast.MatchAs) and last.pattern is None and all(ends(c.body) for c in cases)
        case _:
            return False


def written(node: ast.AST, width: int = 40) -> str:
    """A piece of the learner's code as one short line."""
    text = one_line(ast.unparse(node))
    return text if len(text) <= width else text[: width - 1] + "…"
