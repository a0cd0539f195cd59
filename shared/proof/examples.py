"""The code in a challenge's texts: executed in the sandbox, and what was not as it says.

Python shows itself as doctests do; JavaScript as `javascript/examples.py` says. What a program reads stands in blocks
marked `stdin` and `file NAME`, and what the whole program then prints in one marked `stdout`, in any language.
"""

from __future__ import annotations

import ast
import doctest
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.curriculum.compare import prints_agree
from shared.curriculum.model import JSON, Case
from shared.proof.parsing import parsed
from shared.proof.trial import Trials, cut, plain, said
from shared.sandbox import Call

PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
READ = re.compile(r"^```(stdin|stdout|file [\w.-]+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
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


@dataclass(frozen=True, slots=True)
class Shown:
    """A call that a text shows, with what it reads there. `prints`: of a whole program."""

    call: str
    args: list[JSON] = field(default_factory=list)
    stdin: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    prints: str | None = None

    def is_case(self, case: Case) -> bool:
        read = (case.stdin, dict(case.files)) == (self.stdin, dict(self.files))
        return read and (case.call, list(case.args)) == (self.call, self.args)


def whole_programs(markdown: str) -> list[Shown]:
    """Each `stdout` block, with the `stdin` and `file` blocks since the one before it."""
    found, stdin, files = [], "", dict[str, str]()
    for marked, content in READ.findall(markdown):
        match marked.split():
            case ["stdin"]:
                stdin = content
            case ["file", name]:
                files[name] = content
            case _:
                found.append(Shown("", [], stdin, files, content))
                stdin, files = "", {}
    return found


def to_read(markdown: str) -> tuple[str, dict[str, str]]:
    """(stdin, files) that a text's calls of functions find: all its blocks of these kinds."""
    blocks = READ.findall(markdown)
    stdin = "".join(content for marked, content in blocks if marked == "stdin")
    return stdin, {marked.split()[1]: content for marked, content in blocks if marked.startswith("file ")}


def untrue(trials: Trials, program: str, texts: Sequence[str], *, whole: bool = False) -> list[list[str]]:
    """For each text the problems of its examples, executed after `program`: nothing where all is as it says.

    `whole`: `program` is one that runs as a whole; then code in a text stands alone.
    """
    if trials.language == "python":
        found = _untrue(trials, "" if whole else program, texts)
    else:
        from shared.proof.javascript.examples import untrue as of_scripts

        found = of_scripts(trials, "" if whole else program, texts)
    if whole:
        for problems, markdown in zip(found, texts, strict=True):
            problems += _printed(trials, program, whole_programs(markdown))
    return found


def _printed(trials: Trials, program: str, shown: Sequence[Shown]) -> list[str]:
    calls = [Call(str(n), "", (), {}, one.stdin, one.files) for n, one in enumerate(shown)]
    return [
        f"for `{cut(one.stdin.strip())}` it prints `{cut(seen.stdout.strip())}`"
        if seen.outcome == "returned"
        else f"for `{cut(one.stdin.strip())}` it ends with {said(seen)}"
        for one, seen in zip(shown, trials.observed(program, calls), strict=True)
        if seen.outcome != "returned" or not prints_agree(one.prints or "", seen.stdout)
    ]


def _untrue(trials: Trials, program: str, texts: Sequence[str]) -> list[list[str]]:
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
    calls = [Call(str(number), f"_goals_group_{number}", (), {}, *to_read(texts[number])) for number in groups]
    for (number, own), seen in zip(groups.items(), trials.observed(program + "\n" + harness, calls), strict=True):
        if seen.outcome != "returned":
            found[number].append(f"the examples end with {said(seen)}")
            continue
        told = plain(seen)
        answers: list[JSON] = told if isinstance(told, list) else []
        found[number] += [p for step, one in zip(own, answers, strict=True) if (p := step.problem(str(one)))]
    return found


def calls_shown(markdown: str, language: str = "python") -> list[Shown]:
    """Each call with literals that the text shows with its answer, and each run of a whole program."""
    if language != "python":
        from shared.proof.javascript.examples import calls_shown as of_scripts

        calls = of_scripts(markdown)
    else:
        calls = _calls(markdown)
    stdin, files = to_read(markdown)
    return [*whole_programs(markdown), *(Shown(call, args, stdin, files) for call, args in calls)]


def _calls(markdown: str) -> list[tuple[str, list[JSON]]]:
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
