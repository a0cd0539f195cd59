"""Which lines of a reference a hint may hold all the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.curriculum import Challenge
from shared.proof.giving_away import given_away
from shared.proof.telling import tells
from shared.sandbox import Sandbox

GUARD = """Another problem:

```python
def is_even_word(word):
    if len(word) % 2:
        return False
    return word.endswith("e")
```
"""


@pytest.mark.parametrize(
    "line", ["returnNone", "returnFalse", "return[]", "returnself", "importsys", "continue", "finally:", "total"]
)
def test_a_line_that_stands_in_any_program_tells_nothing(line: str) -> None:
    assert not tells(line)


@pytest.mark.parametrize("line", ["returnFalse,name", "returncount", "ifage<16:", "continueifodd", "return[0]"])
def test_a_line_with_content_tells_something(line: str) -> None:
    assert tells(line)


def test_a_hint_may_answer_false_where_the_reference_does(cable_car: Challenge, sandbox: Sandbox) -> None:
    guarded = replace(
        cable_car,
        reference=cable_car.reference.replace(
            "def fare(age):\n", "def fare(age):\n    if age is False:\n        return False\n"
        ),
        hints={**cable_car.hints, "en": (*cable_car.hints["en"][:4], GUARD)},
    )
    assert list(given_away(guarded, sandbox)) == []
    telling = replace(
        guarded, hints={**guarded.hints, "en": (*guarded.hints["en"][:4], "Ask `if age is False:` first.")}
    )
    assert [(language, rung) for language, rung, _ in given_away(telling, sandbox)] == [("en", 5)]
