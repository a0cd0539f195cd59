"""Claims in words about a run: how many of the cases, what a name's value was, how often something ran.

What stands in the run's record is true; what nobody counted or saw is not said. Patterns: claims.toml.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from shared.validators.ground import Ground
from shared.validators.reading import Reading, squeezed
from shared.validators.tokens import KEPT, pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    Patterns = Callable[[str], Sequence[re.Pattern[str]]]

Holds = Callable[[int, int], bool]

SHARES: tuple[tuple[str, Holds], ...] = (
    (r"more than half|over half|most|majority|m[aá]s de la mitad|mayor(?:[ií]a| parte)", lambda n, of: 2 * n > of),
    (r"nearly all|almost all|casi tod", lambda n, of: of > n > of / 2),
    (r"(?:less|fewer) than half|under half|menos de la mitad", lambda n, of: 2 * n < of),
    (r"half|mitad", lambda n, of: 2 * n == of),
    (r"\bfew\b|hardly any|poc[oa]s|apenas", lambda n, of: 0 < n <= of / 2),
    (r"some|several|algun[oa]s|vari[oa]s", lambda n, _of: n > 0),
    (r"(?:only|just|sol[oa]?|solamente|[uú]nic[oa]).*(?:hidden|ocult)", lambda n, _of: n > 0),
    (r"only|just|single|sol[oa]|[uú]nic[oa]", lambda n, _of: n == 1),
    (r"\bno\b|none|ning[uú]n", lambda n, _of: n == 0),
)
"""What a share of the cases says of `n` of them; the first that fits."""

_CONDITION = re.compile(
    r"\b(?:if|when|for which|whether|until|si|cuando|hasta que|which|what|how|qué|cuál|cuánt\w+)\b", re.IGNORECASE
)


def shares(reading: Reading, ground: Ground, patterns: Patterns) -> str | None:
    """ "More than half of the cases pass", "only the first case fails"."""
    for found in _claims(reading, patterns, "shares"):
        if ground.passed is None or ground.total is None:
            return f"counts cases where nothing ran: `{found[0]}`"
        failing = found["verb"].lower().startswith(("fail", "fall"))
        number = ground.total - ground.passed if failing else ground.passed
        share = found[0].lower()
        holds = next((holds for pattern, holds in SHARES if re.search(pattern, share)), None)
        hidden = re.search(r"hidden|ocult", share) is not None
        if (holds is not None and not holds(number, ground.total)) or (hidden and failing and ground.expected):
            return f"says `{found[0]}`; {ground.passed} of {ground.total} pass"
    return None


def named_values(
    reading: Reading, ground: Ground, patterns: Patterns, same: Callable[[str, set[str]], bool]
) -> str | None:
    """ "hour is 4 at the end": of a name of the program a value that it neither had where the run stopped nor is given
    anywhere. Where a run leaves no values, nothing is known."""
    if ground.kind != "feedback" or not ground.there:
        return None
    names = {piece.text for piece in pieces(ground.code, ground.programming) if piece.kind == "name"} - KEPT
    code = squeezed(ground.code)
    for found in _claims(reading, patterns, "values"):
        name, value = found["name"], found[found.re.groups]
        if name not in names or not re.match(r"[`'\"“«]?(?:-?\d|None|True|False|\[|\{|\()|['\"“«]", value):
            continue
        true = {squeezed(told).strip("'\"") for of, told in ground.there if of == name}
        given = squeezed(value.strip("`“”«»"))
        if (
            not same(value, true | {squeezed(gave).strip("'\"") for gave in ground.gave})
            and f"{name.lower()}={given}" not in code
        ):
            return f"says that `{name}` was {value}"
    return None


def passes(reading: Reading, ground: Ground, patterns: Patterns) -> str | None:
    """ "The loop runs three times": nobody counted."""
    if ground.kind != "feedback":
        return None
    found = next(_claims(reading, patterns, "passes"), None)
    return f"says how often something ran: `{found[0]}`" if found else None


def _claims(reading: Reading, patterns: Patterns, table: str) -> Iterator[re.Match[str]]:
    """Sentences that ask or suppose claim nothing."""
    for sentence in reading.sentences:
        if sentence.rstrip("`*_ )").endswith("?"):
            continue
        for pattern in patterns(table):
            for found in pattern.finditer(sentence):
                if not _CONDITION.search(sentence[: found.start()]):
                    yield found
