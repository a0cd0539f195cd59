"""Whether a learner writes of harm, to themselves, by others or to others, in English or Spanish.

No diagnosis and no judgement: it only decides whether to point to a person who can help. Narrow on purpose, in the
first person: programs kill processes every day. Both languages are always looked for: in distress one writes in the
language one grew up with.
"""

from __future__ import annotations

import io
import re
import tokenize

from shared.validators.patterns import first
from shared.validators.reading import Reading

_QUOTES = re.compile(r"[#'\"`]|//|/\*")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'"})
_WRITTEN = re.compile(r"//([^\n]*)|/\*(.*?)\*/|\"([^\"\n]*)\"|'([^'\n]*)'|`([^`]*)`", re.DOTALL)


def writes_of_harm(text: str) -> bool:
    """Of a text the learner wrote in words: a wish, a question, a target."""
    return first("harm", " ".join(Reading(text).text.translate(_APOSTROPHES).split())) is not None


def code_writes_of_harm(code: str) -> bool:
    """Of a program: only its comments and texts can be words to somebody."""
    if not _QUOTES.search(code):
        return False
    return any(writes_of_harm(words) for words in _words_of(code))


def _words_of(code: str) -> list[str]:
    """Comments in a row are one text. Where Python's tokens end early, the rest is read as other languages write."""
    found: list[str] = []
    comments: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.COMMENT:
                comments.append(token.string.lstrip("# "))
            elif token.type == tokenize.STRING:
                found.append(token.string)
    except (tokenize.TokenError, SyntaxError):
        comments += [line.partition("#")[2] for line in code.splitlines()]
    found += [" ".join(part for part in match if part) for match in _WRITTEN.findall(code)]
    return [*found, " ".join(comments)]
