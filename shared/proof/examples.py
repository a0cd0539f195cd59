"""The Python in a challenge's texts: executed in the sandbox, and what was not as it says."""

from __future__ import annotations

import ast
import doctest
import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.curriculum.model import JSON
from shared.proof.parsing import parsed
from shared.proof.trial import cut, observed, plain, said
from shared.sandbox import Call, Sandbox

PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
ANY_FENCE = re.compile(r"^ *(?:```|~~~)\w*\n(.*?)^ *(?:```|~~~)", re.MULTILINE | re.DOTALL)

_HARNESS = """
def _goals_group_{number}():
    import io, sys
    space = {{name: value for name, value in globals().items() if not name.startswith("_goals_")}}
    told = []
    for kind, source in {steps!r}:
        out, before, hook = io.StringIO(), sys.stdout, sys.displayhook
        sys.stdout, sys.displayhook = out, lambda value: value is None or print(repr(value))
        try:
            exec(compile(source, "<example>", kind), space)
            told.append(out.getvalue())
        except Exception as error:
            told.append("!" + type(error).__name__ + ": " + str(error))
        finally:
            sys.stdout, sys.displayhook = before, hook
    return told
"""


@dataclass(frozen=True, slots=True)
class Step:
    """A plain block (`example` None), or one `>>>` example."""

    source: str
    example: doctest.Example | None

    def problem(self, told: str) -> str | None:
        first = self.source.strip().partition("\n")[0]
        raised = told[1:] if told.startswith("!") else None
        if self.example is None:
            return None if raised is None else f"`{first}` raises {raised}"
        if raised is not None:
            wanted = (self.example.exc_msg or "").strip()
            return None if wanted.rstrip(": ") == raised.rstrip(": ") else f"`{first}` raises {raised}"
        if doctest.OutputChecker().check_output(self.example.want, told, 0):
            return None
        return f"`{first}` gives `{cut(told.strip())}`, the text says `{cut(self.example.want.strip())}`"


def steps(markdown: str) -> list[Step]:
    """Python blocks in order: plain ones whole, `>>>` ones example by example. Raises ValueError for a broken one."""
    found = []
    for block in PYTHON.findall(markdown):
        if ">>>" not in block:
            found.append(Step(block, None))
            continue
        found += [Step(e.source, e) for e in doctest.DocTestParser().get_examples(block)]
    return found


def untrue(sandbox: Sandbox, program: str, texts: Sequence[str]) -> list[list[str]]:
    """For each text the problems of its examples, executed after `program`: nothing where all is as it says."""
    found: list[list[str]] = [[] for _ in texts]
    groups: dict[int, list[Step]] = {}
    for number, text in enumerate(texts):
        try:
            if own := steps(text):
                groups[number] = own
        except ValueError as error:
            found[number].append(str(error).partition("\n")[0])
    harness = "".join(
        _HARNESS.format(number=number, steps=[("single" if s.example else "exec", s.source) for s in own])
        for number, own in groups.items()
    )
    calls = [Call(str(number), f"_goals_group_{number}") for number in groups]
    for (number, own), seen in zip(groups.items(), observed(sandbox, program + "\n" + harness, calls), strict=True):
        if seen.outcome != "returned":
            found[number].append(f"the examples end with {said(seen)}")
            continue
        told = plain(seen)
        answers: list[JSON] = told if isinstance(told, list) else []
        found[number] += [p for step, one in zip(own, answers, strict=True) if (p := step.problem(str(one)))]
    return found


def calls_shown(markdown: str) -> list[tuple[str, list[JSON]]]:
    """(function, arguments) of each `>>> function(literals)`; other examples are left out."""
    found = []
    for step in steps(markdown):
        if step.example is None:
            continue
        try:
            statement = parsed(step.source.strip()).body[0]
            expression = statement.value if isinstance(statement, ast.Expr) else None
            if isinstance(expression, ast.Call) and isinstance(expression.func, ast.Name):
                found.append((expression.func.id, [ast.literal_eval(arg) for arg in expression.args]))
        except (SyntaxError, ValueError, IndexError):
            continue
    return found
