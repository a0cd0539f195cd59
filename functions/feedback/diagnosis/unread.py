"""Code that Python cannot read, in plain words: by its message, and by the line's own signs, since "invalid syntax"
tells a learner nothing.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence

from functions.feedback.diagnosis.source import Diagnosis
from shared.validators.tokens import Piece, pieces

HEADS = {"if", "elif", "else", "for", "while", "def", "class", "try", "except", "finally", "with"}
FOREIGN = {"function", "func", "fn", "let", "const", "var", "switch", "foreach", "elseif", "elsif"}
"""First words of lines in other languages."""
SIGNS = {"&&", "||", "++", "--", "===", "!==", "=>", "?", "!", "$"}
RUN_TOGETHER = {"=<", "=>", "=!", "<>", "!=="}
ASKING = {"and", "or", "not"}
CLOSED_BY = {"(": ")", "[": "]", "{": "}"}

MESSAGES = tuple(
    (re.compile(pattern), cause)
    for pattern, cause in (
        (r"invalid character '(?P<sign>.)'", "odd-character"),
        (r"non-printable character", "unseen-character"),
        (r"closing parenthesis '(?P<sign>.)' does not match opening parenthesis '(?P<near>.)'", "brackets-differ"),
        (r"unmatched '(?P<sign>.)'", "never-opened"),
        (r"was never closed|unterminated|f-string: expecting '}'", "not-closed"),
        (r"Missing parentheses in call to '(?P<name>\w+)'", "brackets-missing"),
        (r"forgot a comma", "side-by-side"),
        (r"expected 'else'", "else-missing"),
        (r"expected 'except'", "except-missing"),
        (r"positional argument follows|follows (?:default|parameter with)", "order-in-brackets"),
        (r"invalid \w+ literal", "digits-and-letters"),
        (r"leading zeros", "leading-zero"),
        (r"cannot assign to (?P<name>True|False|None)\b", "kept-word"),
        (r"cannot assign|illegal expression for augmented|cannot delete|Maybe you meant '=='", "equals"),
        (r"line continuation character", "backslash"),
        (r"unicode error", "backslash-in-text"),
        (r"'(?P<name>\w+)' (?:outside|not properly in)", "outside"),
        (r"duplicate argument '(?P<name>\w+)'", "same-parameter"),
    )
)  # fmt: skip


def unread(message: str, line: int | None, column: int | None, code: str) -> Diagnosis:
    """`column`: from 1, where Python stopped; it points at the line before, where a bracket was left open."""
    lines = code.splitlines()
    text = lines[line - 1] if line and line <= len(lines) else ""
    found = list(pieces(text))
    foreign = _foreign(found)
    if foreign is not None:
        return Diagnosis(foreign[0], line, foreign[1])
    at = next((n for n, piece in enumerate(found) if piece.end >= (column or 1)), len(found))
    for pattern, cause in MESSAGES:
        if (seen := pattern.search(message)) is not None:
            words = {name: word for name, word in seen.groupdict().items() if word}
            return Diagnosis(_equals(found, at) if cause == "equals" else cause, line, words)
    cause, words = _by_signs(message, found, at)
    return Diagnosis(cause, line if code else None, words)


def _by_signs(message: str, found: Sequence[Piece], at: int) -> tuple[str, dict[str, str]]:
    words = [piece.text for piece in found]
    before, here = (words[at - 1] if at else ""), (words[at] if at < len(words) else "")
    head = bool(words) and words[0] in HEADS
    headless = "expected ':'" in message or words[-1:] in ([";"], [","], ["{"])
    if head and words[-1] != ":" and headless and (_open(words) == 0 or words[-1] == "{"):
        return "missing-colon", {}
    if words[:1] and keyword.iskeyword(words[0]) and words[1:2] == ["="]:
        return "kept-word", {"name": words[0]}
    if head and words[0] in {"def", "for"} and keyword.iskeyword(here) and before in {"(", ",", "for"}:
        return "kept-word", {"name": here}
    if "=" in words and "if" in words[: words.index("=")]:
        return "assign-for-compare", {}
    if _open(words[:at]) > 0 and here in {":", ""}:
        return "not-closed", {}
    if before in ASKING and not _is_value(found[at : at + 1]) and here not in {"(", "[", "{", "-", "not"}:
        return "half-question", {"sign": before}
    if _is_value(found[at - 1 : at]) and _is_value(found[at : at + 1]):
        return "side-by-side", {}
    if (
        at
        and at < len(found)
        and found[at - 1].kind == found[at].kind == "sign"
        and here in {"=", "==", "+=", "<", ">"}
    ):
        return "signs-apart", {"sign": f"{before} {here}"}
    if message != "invalid syntax" or not words:
        return "syntax", {"message": message}
    return ("unread-from", {"near": here}) if here else ("unfinished", {})


def _foreign(found: Sequence[Piece]) -> tuple[str, dict[str, str]] | None:
    """What belongs to other languages: their words, signs and comments."""
    words = [piece.text for piece in found]
    if {"'", '"'} & set(words):  # a text that is not closed: what follows may be its words
        return None
    if words[:2] == ["else", "if"]:
        return "foreign-sign", {"sign": "else if"}
    if words[:1] == ["//"] or words[:2] == ["/", "*"]:
        return "foreign-comment", {"sign": "".join(words[: 1 if words[0] == "//" else 2])}
    named = [piece.kind for piece in found[1:2]] == ["name"]
    if words and words[0] in FOREIGN and (named or words[0] in {"switch", "foreach"}):
        return "foreign-sign", {"sign": words[0]}
    last = words[:-1] if words[-1:] == [":"] else words
    if last and words[0] in HEADS and last[-1] in {"then", "do"}:
        return "foreign-sign", {"sign": last[-1]}
    if words[:1] == ["for"] and words[2:3] == ["of"]:
        return "foreign-sign", {"sign": "of"}
    for n, piece in enumerate(found):
        nearest = found[n + 1] if n + 1 < len(found) and found[n + 1].start == piece.end else None
        if nearest is not None and piece.text + nearest.text in RUN_TOGETHER:
            return "foreign-sign", {"sign": piece.text + nearest.text}
        if piece.text in SIGNS:
            return "foreign-sign", {"sign": piece.text}
    return None


def _equals(found: Sequence[Piece], at: int) -> str:
    """`=` where a question is asked, between a key and its value, or with no name on its left."""
    words = [piece.text for piece in found]
    if _open(words[:at], "{") > 0:
        return "pair-sign"
    if words and (words[0] in {"if", "elif", "while", "return", "assert", "not"} or "if" in words):
        return "assign-for-compare"
    return "no-name-on-the-left"


def _open(words: Sequence[str], of: str = "([{") -> int:
    closing = {CLOSED_BY[bracket] for bracket in of}
    return sum(word in of for word in words) - sum(word in closing for word in words)


def _is_value(found: Sequence[Piece]) -> bool:
    return any(
        piece.kind in {"number", "text"} or (piece.kind == "name" and not keyword.iskeyword(piece.text))
        for piece in found
    )
