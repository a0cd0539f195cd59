"""Whether a case holds: the one rule, for the runner and for proofs. What a check has to say is asked in a sandbox of
its own (`checking`). Nothing here may import from functions, graph or goals."""

from shared.judging.checking import answers
from shared.judging.verdict import Asked, Verdict, call_of, checked, verdict
from shared.judging.writing import expectation, shown, written

__all__ = [
    "Asked",
    "Verdict",
    "answers",
    "call_of",
    "checked",
    "expectation",
    "shown",
    "verdict",
    "written",
]
