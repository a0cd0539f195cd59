"""What a proof reads off a program's text, by language. Nothing is executed: the text may be anybody's."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Protocol

from shared.proof import likeness
from shared.proof.inputs import Constants
from shared.proof.mutate import Mutant, mutants
from shared.proof.orders import with_sets_turned
from shared.proof.parsing import parsed
from shared.proof.telling import tells


class Source(Protocol):
    """A program, read. `broken`: why it is none, and then nothing else may be asked. `functions`: the text of each that
    stands at its top level, by name."""

    @property
    def text(self) -> str: ...

    @property
    def broken(self) -> str | None: ...

    @property
    def functions(self) -> Sequence[Function]: ...

    def mutants(self) -> tuple[Mutant, ...]: ...

    def constants(self) -> Constants: ...

    def turned(self) -> str | None:
        """The same program where what has no order has another one; None where there is no such thing."""
        ...

    def telling(self) -> list[str]:
        """Its lines that tell something of the solution, without white space."""
        ...


class Function(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def text(self) -> str: ...

    @property
    def parameters(self) -> int: ...

    def tokens(self) -> list[str]:
        """Without names and values."""
        ...

    def build(self) -> list[str]:
        """Its tree as the kinds of its nodes."""
        ...


class PythonFunction:
    def __init__(self, node: ast.FunctionDef) -> None:
        self.name, self.parameters = node.name, len(node.args.args)
        self.text = ast.unparse(node)

    def tokens(self) -> list[str]:
        return likeness.normalised(self.text)

    def build(self) -> list[str]:
        return likeness.build(self.text)


class PythonSource:
    def __init__(self, text: str) -> None:
        self.text = text
        self._error: str | None = None
        try:
            self._tree = parsed(text)
        except SyntaxError as error:
            self._error = str(error)

    @property
    def broken(self) -> str | None:
        return self._error

    @property
    def functions(self) -> Sequence[Function]:
        return [PythonFunction(node) for node in self._tree.body if isinstance(node, ast.FunctionDef)]

    def mutants(self) -> tuple[Mutant, ...]:
        return mutants(self.text)

    def constants(self) -> Constants:
        values = [node.value for node in ast.walk(self._tree) if isinstance(node, ast.Constant)]
        numbers = {v for v in values if isinstance(v, int | float) and not isinstance(v, bool)}
        return tuple(sorted(numbers)), tuple(sorted({v for v in values if isinstance(v, str) and v}))

    def turned(self) -> str | None:
        return with_sets_turned(self.text)

    def telling(self) -> list[str]:
        lines = ("".join(line.split("#")[0].split()) for line in self.text.splitlines())
        return [line for line in lines if tells(line) and not line.startswith("def")]


LANGUAGES = frozenset({"python", "javascript", "typescript"})
"""Those whose programs can be read here. A challenge in another one cannot be proven yet."""


def read(texts: Sequence[str], language: str) -> list[Source]:
    """Each text, read. Raises Unavailable where the tool that reads the language is not installed."""
    if language == "python":
        return [PythonSource(text) for text in texts]
    from shared.proof.javascript.source import read as read_scripts  # here: needs node

    return list(read_scripts(texts, language))
