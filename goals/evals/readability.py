"""How easily a text is read, by formulas: Flesch reading ease for English (Flesch 1948, "A new readability yardstick"),
Fernández Huerta's for Spanish (1959, "Medidas sencillas de lecturabilidad", in its corrected form 206.84 − 60 ·
syllables/words − 1.02 · words/sentences). 100 is very easy, 60 plain, 30 an academic text.

Code, values and numbers are no words: they are taken out first. Syllables are counted by groups of vowels, which is
within a few per cent over a paragraph and rough for one word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

LONGEST_SENTENCE = 30
PLAIN = 50.0
"""What a text must reach: "fairly difficult" and better; learners read it beside their code."""

_CODE = re.compile(r"```.*?```|`[^`]*`|\w+\([^()]*\)|\[[^\]]*\]|\{[^}]*\}|'[^']*'|\"[^\"]*\"", re.DOTALL)
_SENTENCE = re.compile(r"[.!?…:;]+(?:\s|$)|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENGLISH = re.compile(r"[aeiouy]+")
_SPANISH = re.compile(r"[aeiouáéíóúü]+")
_HIATUS = re.compile(r"[aeoáéó][íú]|[íú][aeoáéó]|[aeoáéó]{2}")


def ease(text: str, language: Literal["en", "es"]) -> float | None:
    """The index of a text; None where it has no words."""
    sentences = [words for part in _SENTENCE.split(prose(text)) if (words := _WORD.findall(part))]
    words = [word.lower() for sentence in sentences for word in sentence]
    if not words:
        return None
    syllables = sum(SYLLABLES[language](word) for word in words) / len(words)
    length = len(words) / len(sentences)
    if language == "es":
        return 206.84 - 60 * syllables - 1.02 * length
    return 206.835 - 84.6 * syllables - 1.015 * length


def readable(text: str, language: Literal["en", "es"]) -> bool:
    """Plain enough, and no sentence that nobody gets to the end of."""
    index = ease(text, language)
    longest = max((len(_WORD.findall(part)) for part in _SENTENCE.split(prose(text))), default=0)
    return index is not None and index >= PLAIN and longest <= LONGEST_SENTENCE


def prose(text: str) -> str:
    """Without code, values and calls."""
    return _CODE.sub(" it ", text)


def _english(word: str) -> int:
    count = len(_ENGLISH.findall(word))
    silent = word.endswith("e") and not word.endswith(("le", "ee", "ye")) and count > 1
    silent_ed = word.endswith("ed") and not word.endswith(("ted", "ded")) and count > 1
    return max(count - (silent or silent_ed), 1)


def _spanish(word: str) -> int:
    return max(len(_SPANISH.findall(word)) + len(_HIATUS.findall(word)), 1)


SYLLABLES: Mapping[str, Callable[[str], int]] = {"en": _english, "es": _spanish}
