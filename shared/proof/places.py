"""Where a change may be made in a syntax tree, and the tree with it made."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence

Path = tuple[tuple[str, int | None], ...]
"""From the root: the field, and the place in it where the field is a list."""

Replacement = ast.AST | Sequence[ast.stmt]

_LEFT_ALONE = {"annotation", "returns", "decorator_list", "format_spec", "type_ignores", "type_params", "ctx"}


def placed(node: ast.AST, path: Path = ()) -> Iterator[tuple[Path, ast.AST]]:
    """Each node that may change, parents first: no docstrings, imports, annotations or decorators.

    Nor what is in a `raise`: cases compare an exception's class, so no case could notice its words.
    """
    if isinstance(node, ast.Import | ast.ImportFrom):
        return
    yield path, node
    if isinstance(node, ast.Raise):
        return
    for field, value in ast.iter_fields(node):
        if field in _LEFT_ALONE:
            continue
        for index, item in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(item, ast.AST) and not _docstring(item):
                yield from placed(item, (*path, (field, index)))


def _docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def replaced(tree: ast.Module, path: Path, new: Replacement) -> ast.Module:
    """A copy of `tree` with `new` at `path`; a sequence of statements takes the place of one."""
    made = copy.deepcopy(tree)
    node: ast.AST = made
    for field, index in path[:-1]:
        value = getattr(node, field)
        node = value if index is None else value[index]
    field, index = path[-1]
    fresh = copy.deepcopy(new)
    if index is None:
        setattr(node, field, fresh)
    elif isinstance(fresh, ast.AST):
        getattr(node, field)[index] = fresh
    else:
        getattr(node, field)[index : index + 1] = fresh
    return ast.fix_missing_locations(made)


class _Plain(ast.NodeTransformer):
    """One spelling for what is the same in every program: docstrings, `not a < b`, a last `return None`, `pass`, the
    order of the exceptions that one `except` names."""

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.type, ast.Tuple):
            node.type.elts.sort(key=ast.dump)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        body = [s for s in node.body if not _docstring(s)]
        while len(body) > 1 and (isinstance(body[-1], ast.Pass) or _returns_none(body[-1])):
            body.pop()
        node.body = body or [ast.Pass()]
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=ast.Compare(left=left, ops=[sign], comparators=right)):
                return ast.Compare(left, [OPPOSITE[type(sign)]()], right)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                return ast.Constant(-value)
        return node


def _returns_none(node: ast.stmt) -> bool:
    return isinstance(node, ast.Return) and (
        node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None)
    )


OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


def normalised(source: str) -> str:
    """The tree as text, without places, layout and docstrings: equal texts are the same program."""
    return ast.dump(_Plain().visit(ast.parse(source)))
