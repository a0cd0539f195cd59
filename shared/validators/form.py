"""Rules on the form of a text: its length, whether it can be read, whether it leads elsewhere."""

from __future__ import annotations

import re
import unicodedata

from shared.validators.ground import LIMITS, Ground
from shared.validators.reading import Reading

RUN = 40
"""Characters without a space from which on nobody reads a word: it is encoded, or a name of the learner's."""

_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}")
_SPACED = re.compile(r"(?:(?<!\w)\w[ .·_-]){6,}\w(?!\w)")
_LINK = re.compile(
    r"\w+://|\bwww\.|\bmailto:|<\s*/?\s*(?:a|img|script|iframe|style|svg|object|form|input|link|meta)\b|\]\(\S|^\s*\[[^\]]+\]:\s*\S"
    r"|!\[|[\w.+-]+@[\w-]+\.\w+|\b(?:javascript|data|vscode|command|file):\S"
    r"|\b[\w-]{2,}\.(?:com|org|net|edu|gov|info|biz|dev|io|co|me|ru|cn|xyz|site|online|app|ai|ly|gg|es|mx|uk)\b(?!\s*\()",
    re.IGNORECASE | re.MULTILINE,
)


def empty(reading: Reading, _ground: Ground) -> str | None:
    return None if any(c.isalnum() for c in reading.prose) else "no word in it"


def too_long(reading: Reading, ground: Ground) -> str | None:
    limit = LIMITS[ground.kind]
    return f"{len(reading.raw)} characters of {limit}" if len(reading.raw) > limit else None


def unreadable(reading: Reading, ground: Ground) -> str | None:
    """Control and invisible characters, words of mixed scripts, encoded or spelled-out text."""
    for c in reading.raw:
        if unicodedata.category(c) in {"Cc", "Cf", "Co", "Cs", "Cn"} and c not in "\n\t":
            return f"holds the character U+{ord(c):04X}"
    for word in re.findall(r"[^\W\d_]+", reading.text):
        scripts = {unicodedata.name(c, "?").split()[0] for c in word} - {"FEMININE", "MASCULINE"}
        if len(scripts) > 1 and "LATIN" in scripts:
            return f"`{word}` mixes scripts"
    for run in reading.text.split():
        if len(run) > RUN and not _known(run.strip("`.,:;()"), ground):
            return f"`{run[:20]}…` is no word"
    for code in _ENCODED.findall(reading.text):
        if code not in ground.known and any(c.isdigit() or c.isupper() for c in code[1:]) and "_" not in code:
            return f"`{code[:20]}` looks encoded"
    spelled = next((found[0] for found in _SPACED.finditer(reading.told) if found[0] not in ground.known), None)
    return f"`{spelled}` is spelled out" if spelled else None


def _known(run: str, ground: Ground) -> bool:
    """All of it, or, where it was cut, its beginning."""
    begin, cut, rest = run.partition("…")
    return run in ground.known or (bool(cut) and not rest.strip("`'\".,:;()]}") and begin in ground.known)


def outside(reading: Reading, ground: Ground) -> str | None:
    """Links, addresses, markup that loads or runs something. Attributes of the learner's own code are none."""
    for found in _LINK.finditer(reading.text):
        if found[0].lower() not in ground.code.lower() or "://" in found[0]:
            return f"leads outside: `{found[0]}`"
    return None
