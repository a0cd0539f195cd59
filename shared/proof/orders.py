"""The same program where every set has another order.

A set's order changes from one start of Python to the next, and runs that come from one warm process share it: ten equal
runs do not show that an answer hangs on it. So the program is run once more with its sets turned round.
"""

from __future__ import annotations

import ast

_TURNED = """
import builtins as _goals_builtins

def _goals_turned(base):
    def wrapped(name):
        def method(self, *others):
            answer = getattr(base, name)(self, *others)
            return made(answer) if type(answer) is base else answer
        return method
    def iterate(self):
        return reversed(list(base.__iter__(self)))
    def pop(self):
        for item in self:
            self.remove(item)
            return item
        raise KeyError("pop from an empty set")
    names = "__or__ __ror__ __and__ __rand__ __sub__ __rsub__ __xor__ __rxor__ copy union intersection difference"
    body = {name: wrapped(name) for name in (names + " symmetric_difference").split() if hasattr(base, name)}
    made = type(base.__name__, (base,), {**body, "__iter__": iterate, **({"pop": pop} if hasattr(base, "pop") else {})})
    return made

set = _goals_turned(_goals_builtins.set)
frozenset = _goals_turned(_goals_builtins.frozenset)
"""


class _Displays(ast.NodeTransformer):
    """`{1, 2}` and `{x for …}` as calls of `set`, which the program then finds turned."""

    def visit_Set(self, node: ast.Set) -> ast.AST:
        self.generic_visit(node)
        return _call(ast.List(node.elts, ast.Load()))

    def visit_SetComp(self, node: ast.SetComp) -> ast.AST:
        self.generic_visit(node)
        return _call(ast.ListComp(node.elt, node.generators))


def _call(of: ast.expr) -> ast.Call:
    return ast.Call(ast.Name("set", ast.Load()), [of], [])


def with_sets_turned(source: str) -> str | None:
    """`source` with every set iterated backwards; None where it has no sets. Raises SyntaxError."""
    tree = ast.parse(source)
    has_sets = any(
        isinstance(node, ast.Set | ast.SetComp) or (isinstance(node, ast.Name) and node.id in ("set", "frozenset"))
        for node in ast.walk(tree)
    )
    if not has_sets:
        return None
    return _TURNED + ast.unparse(ast.fix_missing_locations(_Displays().visit(tree))) + "\n"
