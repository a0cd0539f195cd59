"""How much of a line tells something."""

import re

TELLING = 8
"""Characters (without spaces) from which on a line of the reference tells something."""

_EMPTY = r"None|True|False|self|null|undefined|true|false|\[\]|\{\}|\(\)|\"\"|''"
_ANYWHERE = re.compile(rf"return({_EMPTY})?|import\w+|continue|finally:|@property|@\w*dataclass")
"""Lines that stand in any program: an answer without content, a module, a word of the language."""


def tells(line: str) -> bool:
    """Whether `line`, its white space left out, tells something of a solution."""
    return len(line) >= TELLING and _ANYWHERE.fullmatch(line) is None
