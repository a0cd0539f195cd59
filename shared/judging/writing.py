"""Calls and values as the learner would write them in the language of the challenge. Bounded; never fails."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from shared.curriculum.model import Case

HOLDS = "anything that is "
"""How an answer is asked for that a check of the challenge accepts. In English, as the check's name is: who tells it to
a learner in another language leaves the name out."""
SHOWN = 500
"""Characters of a value shown."""


def written(case: Case, language: str = "python") -> str:
    """The call: `total([3, 9, 2], start=1)`. Of a whole program what it reads."""
    if not case.call:
        return shown(case.stdin, language) if case.stdin else ", ".join(sorted(case.files))
    words = [shown(arg, language) for arg in case.args]
    words += [f"{name}={shown(value, language)}" for name, value in case.kwargs.items()]
    return f"{case.call}({', '.join(words)})"


def expectation(case: Case, language: str = "python") -> str:
    if case.raises:
        return f"raises {case.raises}"
    if case.prints is not None:
        return f"prints {shown(case.prints, language)}"
    if case.compare == "property":
        return f"{HOLDS}{(case.check or '').replace('_', ' ')}"
    return shown(case.expected, language)


def shown(value: object, language: str = "python") -> str:
    """A bounded text that never fails: an integer may have more digits than Python will print."""
    try:
        text = WRITE.get(language, _script)(value)
    except (ValueError, RecursionError):
        big = isinstance(value, int)
        text = f"<int of {value.bit_length()} bits>" if big else "<holds an integer too large to show>"  # type: ignore[attr-defined]
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\\x00")
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _script(value: object) -> str:
    """As JavaScript writes it; what JavaScript has no word for, as Python does."""
    match value:
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case list() | tuple():
            return f"[{', '.join(map(_script, value))}]"
        case dict() if all(isinstance(key, str) for key in value):
            inside = ", ".join(
                f"{key if key.isidentifier() else _script(key)}: {_script(v)}" for key, v in value.items()
            )
            return f"{{ {inside} }}" if inside else "{}"
        case _:
            return repr(value)


WRITE: Mapping[str, Callable[[object], str]] = {"python": repr}
"""How each language writes a value; the others write it as JavaScript does."""
