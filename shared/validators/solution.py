"""No text gives the solution: not its lines, not code of the same shape, not code that passes the cases.

For Python the trees are compared as well (`shared.proof.likeness`). What the learner wrote or was shown is theirs.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from shared.proof.likeness import built_alike, functions, likeness
from shared.proof.parsing import parsed
from shared.validators.ground import Ground
from shared.validators.reading import Reading, squeezed
from shared.validators.tokens import tokens

TELLING = 8
"""Characters, without spaces, from which on a line of the reference tells something."""
PIECE = 3
"""Characters of an operation from which on it says something."""
WINDOW = 7
"""Tokens of a line of the reference from which on its shape tells something."""
EXAMPLES_WINDOW = 20
"""The same for a worked example, which may use the same few words of the language for its own problem."""
ALIKE = 0.8
"""Token likeness from which on two pieces of code are one; for whole functions, of trees: BUILT."""
BUILT = 0.9

_SIGN = re.compile(r"[<>=%*+/&|(\[-]")
_OPERAND = re.compile(r"(?:<=|>=|==|!=|<|>|%|\*\*|//|\+=|-=)\s*\d+")
_OPERATION = re.compile(r"(?:[A-Za-z_]\w*\s*)?(?:<=|>=|==|!=|<|>|%|\*\*|//|\+=|-=)\s*\w+(?:\.\w+)*")
_STRUCTURE = re.compile(r"^(?:def|func|function|export|class|package|import|from|else|try|finally|}|{|return None)")


def likened(reading: Reading, ground: Ground) -> str | None:
    """Verbatim lines, lines of the same shape, or all the code together like the reference."""
    if not ground.reference.strip():
        return None
    rules = (_verbatim, _piece, _shaped, _together, _trees)
    return next((why for rule in rules if (why := rule(reading, ground)) is not None), None)


def _telling(ground: Ground) -> Iterator[str]:
    known = squeezed(ground.known)
    for line in ground.reference.splitlines():
        bare = re.split(r"\s#" if ground.programming == "python" else r"\s//", line)[0].strip()
        if _STRUCTURE.match(bare) or len(squeezed(bare)) < TELLING or squeezed(bare) in known:
            continue
        yield bare


def _verbatim(reading: Reading, ground: Ground) -> str | None:
    text = squeezed(reading.text.replace("`", ""))
    for line in _telling(ground):
        bare = squeezed(line).rstrip("{;")
        if bare in text or bare[::-1] in text:
            return f"holds `{line}` of the reference"
    return None


def _piece(reading: Reading, ground: Ground) -> str | None:
    """The deciding piece of a line: a comparison, a sum, a call of the reference that the program does not have."""
    if ground.kind == "example":
        return None
    reference = squeezed(ground.reference)
    known = squeezed(ground.known)
    pieces = [*reading.spans, *(found[0] for found in _OPERATION.finditer(reading.told))]
    for found in _OPERAND.finditer("\n".join(pieces)):  # whatever the name on its left
        if squeezed(found[0]) in reference and squeezed(found[0]) not in known:
            return f"holds `{found[0]}`, a piece of the reference"
    for piece in pieces:
        bare = squeezed(piece).rstrip(":;{")
        if len(bare) >= PIECE and _SIGN.search(bare.replace("()", "")) and bare in reference and bare not in known:
            return f"holds `{piece}`, a piece of the reference"
    return None


def _shaped(reading: Reading, ground: Ground) -> str | None:
    told = tokens(reading.text.replace("`", "\n"), ground.programming)
    window = EXAMPLES_WINDOW if ground.kind == "example" else WINDOW
    for line in _telling(ground):
        shape = tokens(line, ground.programming)
        while shape and shape[-1] in {":", "{", "}"}:
            shape.pop()
        for piece in (shape, shape[1:] if shape[:1] == ["return"] else shape):
            enough = len(piece) >= window and sum(t != "n" for t in piece) >= 3
            if enough and _within(piece, told) and not _within(piece, tokens(ground.known, ground.programming)):
                return f"has the shape of `{line}`"
    return None


def _together(reading: Reading, ground: Ground) -> str | None:
    known = squeezed(ground.known)
    new = [code for code in (*reading.blocks, *reading.spans) if squeezed(code) not in known]
    whole = ground.kind == "example"
    body = tokens(ground.reference if whole else "\n".join(ground.reference.splitlines()[1:]), ground.programming)
    told = [token for code in new for token in tokens(code, ground.programming)]
    if (len(new) < 2 and not reading.blocks) or len(told) < WINDOW or len(body) < WINDOW:
        return None
    alike = SequenceMatcher(None, told, body, autojunk=False).ratio()
    return f"its code is {alike:.0%} the reference" if alike >= ALIKE else None


def _trees(reading: Reading, ground: Ground) -> str | None:
    if ground.programming != "python":
        return None
    try:
        own = functions(ground.reference)
    except SyntaxError:
        return None
    for block in reading.blocks:
        for shown in _functions(block):
            for other in own:
                if likeness(shown, other) >= ALIKE or built_alike(shown, other) >= BUILT:
                    return f"its function is built like the reference: `{shown.splitlines()[0]}`"
    return None


def tree_of(code: str) -> ast.Module | None:
    """A module; bare statements with `return` are read as a function's body."""
    import textwrap

    text = textwrap.dedent(code.strip("\n")).strip()
    for form in (text, re.sub(r"\b(?:for|to|y|and|si|if)\s*$", "", text).strip()):
        try:
            return parsed(form)
        except SyntaxError:
            continue
    return None


def _functions(block: str) -> Iterator[str]:
    tree = tree_of(block)
    for node in tree.body if tree else ():
        if isinstance(node, ast.FunctionDef):
            yield ast.unparse(node)


def _within(piece: Sequence[str], whole: Sequence[str]) -> bool:
    width = len(piece)
    return any(list(whole[n : n + width]) == list(piece) for n in range(len(whole) - width + 1))
