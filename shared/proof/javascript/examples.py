"""The JavaScript (or TypeScript) in a challenge's texts.

A line `expression // → value` shows a value, `expression // prints "text"` what is printed, `expression // throws Name`
an error; everything else in a block is code that must run. All blocks of a text are one program.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Sequence

from shared.curriculum.compare import prints_agree
from shared.curriculum.model import JSON
from shared.proof.trial import Trials, cut, said
from shared.sandbox import Call, Observation

CODE = re.compile(r"^```(?:js|javascript|ts|typescript)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHOWN = re.compile(r"^(\S.*?);?[ \t]*//[ \t]*(→|prints\b|throws\b)[ \t]*(.*)$")
CALL = re.compile(r"^(\w+)\((.*)\)$")
MARK = "#goals#"
"""Printed before and after an example, so that what it prints itself can be told apart."""

TEMPLATES = {
    "→": '__told.push(["→", __written(await ({shown})), __written({claim})]);',
    "prints": 'console.log("{mark}"); await ({shown}); console.log("{mark}"); __told.push(["prints", "", {claim}]);',
    "throws": (
        'await (async () => {{ try {{ await ({shown}); return "nothing"; }} '
        "catch (e) {{ return e?.name ?? `${{e}}`; }} }})()"
        '.then((name) => __told.push(["throws", name, "{claim}"]));'
    ),
}
WRITTEN = (
    "function __written(value{any}) {{ return value === undefined ? 'undefined' : Number.isNaN(value) ? 'NaN' : "
    "JSON.stringify(value); }}\n"
)


def untrue(trials: Trials, program: str, texts: Sequence[str]) -> list[list[str]]:
    """As `shared.proof.examples.untrue`."""
    groups = {number: own for number, text in enumerate(texts) if (own := _body(text))}
    if not groups:
        return [[] for _ in texts]
    seen = _observed(trials, program, groups, texts)
    if len(groups) > 1 and any(one.outcome in ("compile_error", "syntax_error") for one in seen.values()):
        seen = {number: _observed(trials, program, {number: own}, texts)[number] for number, own in groups.items()}
    return [_problems(texts[number], seen[number]) if number in seen else [] for number in range(len(texts))]


def calls_shown(markdown: str) -> list[tuple[str, list[JSON]]]:
    """(function, arguments) of each example that calls a function with literals."""
    found = []
    for shown, _, _ in _examples(markdown):
        call = CALL.match(shown)
        if call is not None and (args := _literals(call[2])) is not None:
            found.append((call[1], args))
    return found


def _examples(markdown: str) -> list[tuple[str, str, str]]:
    lines = (line for block in CODE.findall(markdown) for line in block.splitlines())
    return [found.groups() for line in lines if (found := SHOWN.match(line))]  # type: ignore[misc]  # three groups


def _body(markdown: str) -> str:
    """The text's code as the body of a function, its examples told."""
    return "".join(
        TEMPLATES[found[2]].format(shown=found[1], claim=found[3].strip(), mark=MARK) + "\n"
        if (found := SHOWN.match(line))
        else line + "\n"
        for block in CODE.findall(markdown)
        for line in block.splitlines()
    )


def _observed(trials: Trials, program: str, groups: dict[int, str], texts: Sequence[str]) -> dict[int, Observation]:
    from shared.proof.examples import to_read

    typed = ": any" if trials.language == "typescript" else ""
    bodies = "".join(
        f"async function __goals_{number}() {{\nconst __told{typed and ': any[]'} = [];\n{body}return __told;\n}}\n"
        for number, body in groups.items()
    )
    calls = [Call(str(number), f"__goals_{number}", (), {}, *to_read(texts[number])) for number in groups]
    seen = trials.observed(f"{program}\n{WRITTEN.format(any=typed)}{bodies}", calls)
    return dict(zip(groups, seen, strict=True))


def _problems(markdown: str, seen: Observation) -> list[str]:
    if seen.outcome != "returned" or not isinstance(seen.value, list):
        return [f"the examples end with {said(seen)}"]
    printed = iter(seen.stdout.split(f"{MARK}\n")[1::2])
    found = []
    for (shown, kind, _), told in zip(_examples(markdown), seen.value, strict=True):
        got, want = (str(part) for part in told[1:3]) if isinstance(told, list) and len(told) == 3 else ("", "?")
        if kind == "prints":
            got = next(printed, "")
        if not (prints_agree(want, got) if kind == "prints" else got == want):
            found.append(f"`{cut(shown)}` gives `{cut(got.strip())}`, the text says `{cut(want)}`")
    return found


def _literals(written: str) -> list[JSON] | None:
    for read in (json.loads, _as_python):
        try:
            args = read(f"[{written}]")
        except (ValueError, SyntaxError):
            continue
        return list(args)
    return None


def _as_python(written: str) -> list[JSON]:
    """Literals that are no JSON: texts in single quotes, names of keys without quotes."""
    for name, python in (("true", "True"), ("false", "False"), ("null", "None")):
        written = re.sub(rf"\b{name}\b", python, written)
    found: list[JSON] = ast.literal_eval(re.sub(r"([{,]\s*)([A-Za-z_]\w*)\s*:", r'\1"\2":', written))
    return found
