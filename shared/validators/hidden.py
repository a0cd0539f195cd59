"""Nothing of a hidden case may be told: neither its call nor a value that only it holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from shared.curriculum.model import JSON, Case
from shared.validators.claims import cited
from shared.validators.ground import Ground, numbers
from shared.validators.reading import Reading, squeezed

TELLING = 3
"""Characters from which on a text or a collection, written out, says which case it is from."""

LONG = 8
"""Characters of a text that is recognised however it is spaced."""


def told(reading: Reading, ground: Ground) -> str | None:
    text, known = squeezed(reading.text), squeezed(ground.known)
    bare, lines = cited(reading.text)
    named = {*numbers(bare), *(str(line) for line in lines if line > ground.lines)}
    own = set(numbers(ground.known)) | ground.figures
    for case in ground.hidden:
        for call in _calls(case):
            if squeezed(call) in text and squeezed(call) not in known:
                return f"names the hidden call {call}"
        for value in (*case.args, *case.kwargs.values(), case.expected, case.prints, case.stdin, *case.files.values()):
            for part in _parts(value):
                if isinstance(part, int | float) and not isinstance(part, bool):
                    if abs(part) > 9 and str(part) in named and str(part) not in own and not _counts(part, ground):
                        return f"names {part}, which only a hidden case holds"
                    continue
                if isinstance(part, str):
                    if len(part.strip()) >= TELLING and _as_word(part, reading) and squeezed(part) not in known:
                        return f"names {part!r}, which only a hidden case holds"
                    continue
                for written in _written(part):
                    if written in text and written not in known:
                        return f"names {written}, which only a hidden case holds"
    return None


def _counts(part: float, ground: Ground) -> bool:
    failing = (ground.total or 0) - (ground.passed or 0)
    return part in {ground.passed, ground.total, failing, ground.lines}


def _parts(value: JSON) -> Iterator[JSON]:
    yield value
    if isinstance(value, list):
        for item in value:
            yield from _parts(item)
    if isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from _parts(item)


def _as_word(part: str, reading: Reading) -> bool:
    """A text within a longer word is chance; a long one without its spaces is none."""
    if re.search(rf"(?<!\w){re.escape(part.strip().lower())}(?!\w)", reading.text.lower()):
        return True
    return len(squeezed(part)) >= LONG and squeezed(part) in squeezed(reading.text)


def _written(part: JSON) -> Iterator[str]:
    if isinstance(part, list | dict) and part:
        yield squeezed(repr(part))
        yield squeezed(json.dumps(part, ensure_ascii=False))


def _calls(case: Case) -> Iterator[str]:
    if not case.call:
        return
    words = [repr(arg) for arg in case.args] + [f"{name}={value!r}" for name, value in case.kwargs.items()]
    yield f"{case.call}({', '.join(words)})"
    if not case.kwargs:
        yield f"{case.call}({', '.join(json.dumps(arg, ensure_ascii=False) for arg in case.args)})"
