"""How alike two pieces of Python are when names, numbers and texts no longer count."""

from __future__ import annotations

import ast
import builtins
import io
import keyword
import tokenize
from collections.abc import Sequence
from difflib import SequenceMatcher

_KEPT = set(keyword.kwlist) | set(dir(builtins))
_LAYOUT = {tokenize.NL, tokenize.COMMENT, tokenize.ENCODING, tokenize.ENDMARKER, tokenize.NEWLINE}


def normalised(source: str) -> list[str]:
    """Tokens; a name that is neither keyword nor built-in becomes `n`, any number `0`, any text `''`."""
    tokens = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        match token.type:
            case tokenize.NAME:
                tokens.append(token.string if token.string in _KEPT else "n")
            case tokenize.NUMBER:
                tokens.append("0")
            case tokenize.STRING:
                tokens.append("''")
            case tokenize.INDENT | tokenize.DEDENT:
                tokens.append(tokenize.tok_name[token.type])
            case kind if kind not in _LAYOUT:
                tokens.append(token.string)
    return tokens


def functions(source: str) -> list[str]:
    return [ast.unparse(node) for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]


def likeness(one: str, other: str) -> float:
    """0 nothing in common to 1 the same, in order of tokens (Ratcliff/Obershelp)."""
    return alike(normalised(one), normalised(other))


def built_alike(one: str, other: str) -> float:
    """0 to 1: how alike the two trees are, as the sequence of their kinds of nodes, statement by statement."""
    return alike(build(one), build(other))


def alike(one: Sequence[str], other: Sequence[str]) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def build(source: str) -> list[str]:
    return [type(node).__name__ for node in ast.walk(ast.parse(source)) if not isinstance(node, _LEAVES)]


_LEAVES = ast.expr_context | ast.Name | ast.Constant | ast.arg | ast.arguments | ast.Module
