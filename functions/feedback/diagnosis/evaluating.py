"""What an expression comes to where a learner's call is followed: over the tree, with the names as they stand.

What a function does when it is called, `following` knows.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from functions.feedback.diagnosis.known import EXCEPTIONS, FUNCTIONS, METHODS, VIEWS, power, shown
from functions.feedback.diagnosis.reckoning import COMPARE, SIZE, UNARY, TooHard, binary, weigh

STEPS = 9_000
"""Nodes that are looked at for all that is asked about one failing case."""
DEPTH = 60
"""Calls one inside another."""

Swaps = Mapping[int, ast.AST | Sequence[ast.stmt]]
"""By the `id` of a node what stands in its place: of a statement, any number of them."""

ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


class Names(dict[str, Any]):
    """The names of one call. `outer`: those around its function; `shared`: names that are the module's."""

    __slots__ = ("outer", "shared")

    def __init__(self, given: Mapping[str, Any], outer: Names | None) -> None:
        super().__init__(given)
        self.outer = outer
        self.shared: set[str] = set()


@dataclass(slots=True)
class Reckoner:
    """`reached`: the ids of what was looked at in the first call. `equal`: by a comparison's id and the place of its
    sign the value that both sides had there. `held`, `failed`: the ids of tests that did; `nothing`: of those that were
    0 or an empty text, with that. `left`: nodes that may still be looked at; `once`: by one call."""

    tree: ast.Module
    left: int = STEPS
    once: int = STEPS
    begun: int = STEPS
    swaps: Swaps = field(default_factory=dict)
    watching: bool = True
    reached: set[int] = field(default_factory=set)
    equal: dict[tuple[int, int], Any] = field(default_factory=dict)
    held: set[int] = field(default_factory=set)
    failed: set[int] = field(default_factory=set)
    nothing: dict[int, Any] = field(default_factory=dict)
    depth: int = 0
    printed: list[str] = field(default_factory=list)
    module: Names = field(default_factory=lambda: Names({}, None))

    def _block(self, block: Sequence[ast.stmt], names: Names) -> Any:
        """Runs statements; a tuple of what was returned, if anything was."""
        raise NotImplementedError

    def _function(
        self, name: str, parameters: ast.arguments, body: Sequence[ast.stmt] | ast.expr, outer: Names
    ) -> Callable[..., Any]:
        """A function or lambda, as one of ours."""
        a = parameters
        if a.vararg or a.kwarg or a.posonlyargs:
            raise TooHard
        order = [arg.arg for arg in a.args]
        known = order + [arg.arg for arg in a.kwonlyargs]
        defaults = dict(
            zip(order[len(order) - len(a.defaults) :], [self._value(d, outer) for d in a.defaults], strict=True)
        )
        defaults |= {
            arg.arg: self._value(d, outer) for arg, d in zip(a.kwonlyargs, a.kw_defaults, strict=True) if d is not None
        }

        def called(*given: Any, **named: Any) -> Any:
            if len(given) > len(order) or not set(named) <= set(known) - set(order[: len(given)]):
                raise TypeError(f"{name}() was given other arguments")
            names = Names({**defaults, **dict(zip(order, given, strict=False)), **named}, outer)
            if len(names) < len(known):
                raise TypeError(f"{name}() is missing arguments")
            self.depth += 1
            if self.depth > DEPTH:
                raise TooHard
            try:
                return self._within(body, names)
            finally:
                self.depth -= 1

        return called

    def _within(self, body: Sequence[ast.stmt] | ast.expr, names: Names) -> Any:
        """What a call with these names gives back."""
        if isinstance(body, ast.expr):
            return self._value(body, names)
        left = self._block(body, names)
        return left[0] if isinstance(left, tuple) else None

    def _bind(self, target: ast.expr, found: Any, names: Names) -> None:
        match target:
            case ast.Name(id=name):
                self._store(name, found, names)
            case ast.Subscript(value=of, slice=at):
                into = self._value(of, names)
                if not isinstance(into, list | dict):
                    raise TypeError
                into[self._index(at, names)] = found
                self._weighed(into)
            case ast.Tuple(elts=targets) | ast.List(elts=targets) if not any(
                isinstance(t, ast.Starred) for t in targets
            ):
                values = list(walked(found))
                if len(values) != len(targets):
                    raise ValueError("not as many values as names")
                for one, value in zip(targets, values, strict=True):
                    self._bind(one, value, names)
            case _:
                raise TooHard

    def _store(self, name: str, found: Any, names: Names) -> None:
        if name in names.shared:
            self.module[name] = found
        else:
            names[name] = found

    def _asked(self, test: ast.expr, names: Names) -> bool:
        found = self._truth(test, names)
        if self.watching:
            (self.held if found else self.failed).add(id(test))
        return bool(found)

    def _step(self, node: ast.AST) -> None:
        self.left -= 1
        if self.left < 0 or self.begun - self.left > self.once:
            raise TooHard
        if self.watching:
            self.reached.add(id(node))

    def _value(self, node: ast.expr, names: Names) -> Any:
        self._step(node)
        found: Any = self.swaps.get(id(node), node) if self.swaps else node
        evaluate = EVALUATE.get(type(found))
        if evaluate is None:
            raise TooHard
        return evaluate(self, found, names)

    def _constant(self, node: ast.Constant, names: Names) -> Any:
        return node.value

    def _name(self, node: ast.Name, names: Names) -> Any:
        around: Names | None = names
        while around is not None:
            if node.id in around:
                return around[node.id]
            around = around.outer
        if node.id in EXCEPTIONS:
            return EXCEPTIONS[node.id]
        if node.id == "print":
            return self._print
        if node.id in FUNCTIONS:
            return FUNCTIONS[node.id]
        raise NameError(node.id) if node.id not in dir(builtins) else TooHard

    def _binary(self, node: ast.BinOp, names: Names) -> Any:
        left, right = self._value(node.left, names), self._value(node.right, names)
        return self._weighed(power(left, right) if isinstance(node.op, ast.Pow) else binary(node.op, left, right))

    def _unary(self, node: ast.UnaryOp, names: Names) -> Any:
        if isinstance(node.op, ast.Not):
            return not self._truth(node.operand, names)
        return UNARY[type(node.op)](self._value(node.operand, names))

    def _truth(self, node: ast.expr, names: Names) -> Any:
        """The value of what is asked for being true."""
        found = self._value(node, names)
        if self.watching and not found and isinstance(found, int | float | str) and not isinstance(found, bool):
            self.nothing[id(node)] = found
        return found

    def _either(self, node: ast.BoolOp, names: Names) -> Any:
        stops_at, found = isinstance(node.op, ast.Or), None
        for part in node.values:
            found = self._truth(part, names)
            if bool(found) is stops_at:
                break
        return found

    def _compared(self, node: ast.Compare, names: Names) -> bool:
        left = self._value(node.left, names)
        for at, (op, other) in enumerate(zip(node.ops, node.comparators, strict=True)):
            right = self._value(other, names)
            if self.watching and isinstance(op, ORDER) and left == right:
                self.equal[id(node), at] = left
            if not COMPARE[type(op)](left, right):
                return False
            left = right
        return True

    def _chosen(self, node: ast.IfExp, names: Names) -> Any:
        return self._value(node.body if self._asked(node.test, names) else node.orelse, names)

    def _called(self, node: ast.Call, names: Names) -> Any:
        given = self._spread(node.args, names)
        named = {}
        for word in node.keywords:
            if word.arg is None:
                raise TooHard
            named[word.arg] = self._value(word.value, names)
        if isinstance(node.func, ast.Attribute):
            return self._method(node.func, given, named, names)
        function = self._value(node.func, names)
        if not callable(function):
            raise TypeError("not callable")
        return self._kept(function(*given, **named))

    def _method(self, node: ast.Attribute, given: list[Any], named: dict[str, Any], names: Names) -> Any:
        of = self._value(node.value, names)
        if isinstance(of, Mapping) and not isinstance(of, dict):  # a module
            if node.attr not in of:
                raise TooHard
            return self._kept(of[node.attr](*given, **named))
        method = METHODS.get((type(of), node.attr))
        if method is None:
            raise TooHard
        found = self._kept(method(of, *given, **named))
        if isinstance(of, list | dict | set):
            self._weighed(of)
        return found

    def _attribute(self, node: ast.Attribute, names: Names) -> Any:
        of = self._value(node.value, names)
        method = METHODS.get((type(of), node.attr)) or METHODS.get((of if isinstance(of, type) else None, node.attr))
        if isinstance(of, Mapping) and not isinstance(of, dict) and node.attr in of:
            return of[node.attr]
        if method is None:
            raise TooHard
        if isinstance(of, type):
            return method
        return lambda *given: method(of, *given)

    def _item(self, node: ast.Subscript, names: Names) -> Any:
        of = self._value(node.value, names)
        at = self._index(node.slice, names)
        if isinstance(of, str | list | tuple | dict | range):
            return self._weighed(of[at])
        raise TypeError("no items")

    def _index(self, at: ast.expr, names: Names) -> Any:
        if isinstance(at, ast.Slice):
            return slice(*(None if x is None else self._value(x, names) for x in (at.lower, at.upper, at.step)))
        return self._value(at, names)

    def _listed(self, node: ast.List | ast.Tuple | ast.Set, names: Names) -> Any:
        kind = list if isinstance(node, ast.List) else tuple if isinstance(node, ast.Tuple) else set
        return self._weighed(kind(self._spread(node.elts, names)))

    def _spread(self, parts: Sequence[ast.expr], names: Names) -> list[Any]:
        """Their values, those of `*part` one by one."""
        found: list[Any] = []
        for part in parts:
            if isinstance(part, ast.Starred):
                found += list(walked(self._value(part.value, names)))
            else:
                found.append(self._value(part, names))
        return found

    def _table(self, node: ast.Dict, names: Names) -> Any:
        found: dict[Any, Any] = {}
        for key, of in zip(node.keys, node.values, strict=True):
            if key is None:
                raise TooHard
            found[self._value(key, names)] = self._value(of, names)
        return self._weighed(found)

    def _gathered(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, names: Names) -> Any:
        """A generator is worked out at once: what a program asks of it last is asked first here."""
        inner = Names({}, names)
        found = [self._value(node.elt, inner) for _ in self._each(node.generators, inner)]
        return self._weighed(set(found) if isinstance(node, ast.SetComp) else found)

    def _tabled(self, node: ast.DictComp, names: Names) -> Any:
        inner = Names({}, names)
        return self._weighed(
            {self._value(node.key, inner): self._value(node.value, inner) for _ in self._each(node.generators, inner)}
        )

    def _each(self, walks: Sequence[ast.comprehension], names: Names) -> Iterator[None]:
        if not walks:
            yield
            return
        first, *rest = walks
        for one in walked(self._value(first.iter, names)):
            self._bind(first.target, one, names)
            if all(self._truth(test, names) for test in first.ifs):
                yield from self._each(rest, names)

    def _joined(self, node: ast.JoinedStr, names: Names) -> Any:
        found = ""
        for part in node.values:
            match part:
                case ast.Constant(value=str() as text):
                    found += text
                case ast.FormattedValue(value=of, conversion=-1, format_spec=form):
                    found += shown(self._value(of, names), "" if form is None else str(self._value(form, names)))
                case _:
                    raise TooHard
        return self._weighed(found)

    def _lambda(self, node: ast.Lambda, names: Names) -> Any:
        return self._function("lambda", node.args, node.body, names)

    def _print(self, *given: Any, sep: str = " ", end: str = "\n") -> None:
        text = sep.join(map(str, self._weighed(list(given)))) + end
        self.printed.append(self._weighed(text))
        if len(self.printed) > SIZE:
            raise TooHard

    def _kept(self, found: Any) -> Any:
        return found if callable(found) or isinstance(found, (Exception, *VIEWS)) else self._weighed(found)

    def _weighed(self, found: Any) -> Any:
        """The value; what is made of itself again and again soon costs more than there are steps."""
        if not isinstance(found, bool | float | None | range):
            self.left -= weigh(found) // 8
        return found


def walked(over: Any) -> Iterable[Any]:
    """What a loop goes through. The order of a set of texts is another in each run."""
    if isinstance(over, set) and not all(isinstance(one, int) for one in over):
        raise TooHard
    if isinstance(over, range) and len(over) > STEPS:
        raise TooHard
    if not isinstance(over, Iterable):
        raise TypeError("not iterable")
    return over


EVALUATE: Mapping[type[ast.AST], Callable[[Reckoner, Any, Names], Any]] = {
    ast.Constant: Reckoner._constant, ast.Name: Reckoner._name, ast.BinOp: Reckoner._binary,
    ast.UnaryOp: Reckoner._unary, ast.BoolOp: Reckoner._either, ast.Compare: Reckoner._compared,
    ast.IfExp: Reckoner._chosen, ast.Call: Reckoner._called, ast.Attribute: Reckoner._attribute,
    ast.Subscript: Reckoner._item, ast.List: Reckoner._listed, ast.Tuple: Reckoner._listed, ast.Set: Reckoner._listed,
    ast.Dict: Reckoner._table, ast.ListComp: Reckoner._gathered, ast.SetComp: Reckoner._gathered,
    ast.GeneratorExp: Reckoner._gathered, ast.DictComp: Reckoner._tabled, ast.JoinedStr: Reckoner._joined,
    ast.Lambda: Reckoner._lambda,
}  # fmt: skip
