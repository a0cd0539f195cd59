"""Why mastery moved, in the learner's language: the outcome, the help, and what was expected of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from functions.evaluation.weighing import Outcome

SOLVED = {
    "en": "Solved “{challenge}” in {number} {runs}, {help}; the model gave it {expected} %.",
    "es": "Resuelto «{challenge}» en {number} {runs}, {help}; el modelo le daba un {expected} %.",
}
FAILED = {
    "en": "“{challenge}”: {passed} of {total} cases passed on run {number}, {help}; the model gave it {expected} %.",
    "es": (
        "«{challenge}»: pasaron {passed} de {total} casos en la ejecución {number}, {help};"
        " el modelo le daba un {expected} %."
    ),
}
RUNS = {"en": ("run", "runs"), "es": ("ejecución", "ejecuciones")}
HELP = {
    "en": ("without hints", "with 1 hint", "with {hints} hints"),
    "es": ("sin pistas", "con 1 pista", "con {hints} pistas"),
}


def because(language: str, challenge: str, outcome: Outcome, expected: float, hints: int) -> str:
    """One sentence with its figures. `challenge`: its name as the learner knows it, or its slug."""
    words = "es" if language.partition("-")[0] == "es" else "en"
    return (SOLVED if outcome.correct else FAILED)[words].format(
        challenge=challenge,
        number=outcome.number,
        runs=RUNS[words][outcome.number != 1],
        passed=outcome.passed,
        total=outcome.total,
        help=HELP[words][min(hints, 2)].format(hints=hints),
        expected=round(100 * expected),
    )
