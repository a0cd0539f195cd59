"""A text as it would be read: look-alikes folded, what is code told from what is prose, sentences apart."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

_FENCE = re.compile(r"(```|~~~)[^\n`]*\n?(.*?)(?:\1|\Z)", re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")
_QUOTED = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"\n]*\"|(?<!\w)'[^'\n]*'(?!\w)")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


@dataclass(frozen=True)
class Reading:
    """`raw`: as written. `text`: in compatibility form (NFKC), without characters that cannot be seen."""

    raw: str

    @cached_property
    def text(self) -> str:
        folded = "…".join(unicodedata.normalize("NFKC", part) for part in self.raw.split("…"))  # the sign of a cut
        return "".join(c for c in folded if unicodedata.category(c) != "Cf")

    @cached_property
    def blocks(self) -> tuple[str, ...]:
        """Fenced code; a fence that is never closed reaches to the end."""
        return tuple(body for _, body in _FENCE.findall(self.text))

    @cached_property
    def spans(self) -> tuple[str, ...]:
        """Code within a sentence."""
        return tuple(_INLINE.findall(_FENCE.sub(" ", self.text)))

    @cached_property
    def prose(self) -> str:
        """What is left without code and without quoted words."""
        return _QUOTED.sub(" ", self.told)

    @cached_property
    def told(self) -> str:
        """What is left without code."""
        return _INLINE.sub(" ", _FENCE.sub(" ", self.text))

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """With the code in them, without fenced code."""
        return tuple(s.strip() for s in _SENTENCE.split(_FENCE.sub(" ", self.text)) if s.strip())


def squeezed(text: str) -> str:
    """Without any white space, in lower case: spacing hides nothing."""
    return "".join(text.split()).lower()
