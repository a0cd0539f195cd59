"""Numbers written in words, English and Spanish, from nought to a hundred, and a thousand: `fifteen`, `treinta y uno`.

One is counted only where it stands for a number ("starts at one"): "one line at a time" names none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_EN = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen
"""
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ES = """
cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho
diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve
"""
_ES_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_ENGLISH, _ENGLISH_TENS, _SPANISH, _SPANISH_TENS = (words.split() for words in (_EN, _EN_TENS, _ES, _ES_TENS))

NUMERALS: dict[str, int] = {
    **{word: n for n, word in enumerate(_ENGLISH)},
    **{word: 20 + 10 * n for n, word in enumerate(_ENGLISH_TENS)},
    **{f"{ten} {_ENGLISH[n]}": 20 + 10 * t + n for t, ten in enumerate(_ENGLISH_TENS) for n in range(1, 10)},
    **{word: n for n, word in enumerate(_SPANISH)},
    **{word: 30 + 10 * n for n, word in enumerate(_SPANISH_TENS)},
    **{f"{ten} y {_SPANISH[n]}": 30 + 10 * t + n for t, ten in enumerate(_SPANISH_TENS) for n in range(1, 10)},
    "hundred": 100, "cien": 100, "thousand": 1000, "mil": 1000,
}  # fmt: skip

_WORDS = re.compile(r"\b(?:" + "|".join(sorted(NUMERALS, key=len, reverse=True)).replace(" ", "[ -]+") + r")\b")
_BEFORE_ONE = re.compile(
    r"\b(?:at|to|be|with|from|than|by|is|con|por|en|desde|de|que|a|sea|es|argument of|value of)\s+$"
)
_AFTER_ONE = re.compile(
    r"\s+(?:of|more|less|line|time|step|case|side|by|that|de|m[aá]s|menos|l[ií]nea|vez|paso|caso)\b"
)


def numerals(text: str) -> Iterator[tuple[int, int]]:
    """(where it begins, the number) for each number in words."""
    plain = "".join(unicodedata.normalize("NFD", c)[0] for c in text.lower())
    for found in _WORDS.finditer(plain):
        number = NUMERALS[re.sub(r"[ -]+", " ", found[0])]
        counts = number != 1 or (
            _BEFORE_ONE.search(plain, 0, found.start()) and not _AFTER_ONE.match(plain, found.end())
        )
        if counts:
            yield found.start(), number
