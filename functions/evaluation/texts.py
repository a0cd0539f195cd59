"""Why mastery moved, in the learner's language: the outcome, the help, and what was expected of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from shared.spoken import words

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


def because(language: str, challenge: str, outcome: Outcome, expected: float) -> str:
    """One sentence with its figures. `challenge`: its name as the learner knows it, or its slug."""
    said, hints = words(language), outcome.rung
    return (SOLVED if outcome.correct else FAILED)[said].format(
        challenge=challenge,
        number=outcome.number,
        runs=RUNS[said][outcome.number != 1],
        passed=outcome.passed,
        total=outcome.total,
        help=HELP[said][min(hints, 2)].format(hints=hints),
        expected=round(100 * expected),
    )


ANSWERS: Mapping[str, Mapping[str, str]] = {
    "challenge_changed": {
        "en": "“{challenge}” is not the challenge it was then: that attempt no longer counts. {moved}",
        "es": "«{challenge}» ya no es el reto de entonces: ese intento deja de contar. {moved}",
    },
    "too_high": {
        "en": "That solution no longer counts, as you say it should not. {moved}",
        "es": "Esa solución deja de contar, como pides. {moved}",
    },
    "first_try": {
        "en": "A first try on “{challenge}” counted against you; it no longer does. {moved}",
        "es": "Un primer intento en «{challenge}» contaba en tu contra; ya no cuenta. {moved}",
    },
    "slip": {
        "en": "You solved “{challenge}” by yourself soon after, so the failed submission no longer counts. {moved}",
        "es": "Poco después resolviste «{challenge}» sin ayuda, así que el envío fallido deja de contar. {moved}",
    },
    "limit": {
        "en": "Three attempts were taken out in the last 30 days, which is the most. {open}",
        "es": "En los últimos 30 días ya se han retirado tres intentos, el máximo. {open}",
    },
    "stands": {
        "en": (
            "The figure {shown} rests on {attempts} attempts; the last, on “{challenge}”, was measured as it was."
            " {open}"
        ),
        "es": (
            "La cifra {shown} se apoya en {attempts} intentos; el último, en «{challenge}», se midió tal como fue."
            " {open}"
        ),
    },
    "no_attempt": {
        "en": "No attempt of yours counts here, so there is nothing to take out. {open}",
        "es": "Aquí no cuenta ningún intento tuyo, así que no hay nada que retirar. {open}",
    },
    "not_yours": {
        "en": "There is no attempt of yours with that name. {open}",
        "es": "No hay ningún intento tuyo con ese nombre. {open}",
    },
}
MOVED = {"en": "Mastery: {before} → {after}.", "es": "Dominio: {before} → {after}."}
OPEN = {
    "en": "A goal on it, solved without hints of rung 3 or more, moves it most.",
    "es": "Lo que más la mueve: un reto resuelto sin pistas del nivel 3 o superior.",
}
REWEIGHED = {
    "en": "Weighed again at your word: an attempt on “{challenge}” no longer counts.",
    "es": "Calculado de nuevo a petición tuya: un intento en «{challenge}» deja de contar.",
}


def answer(language: str, rule: str, *, challenge: str, attempts: int, before: float, after: float) -> str:
    """What became of a doubt. `before`, `after`: the figure, equal where it was not moved."""
    said = words(language)
    return ANSWERS[rule][said].format(
        challenge=challenge,
        attempts=attempts,
        shown=f"{before:.2f}",
        moved=MOVED[said].format(before=f"{before:.2f}", after=f"{after:.2f}"),
        open=OPEN[said],
    )


def reweighed(language: str, challenge: str) -> str:
    """Why a figure moved although nothing was attempted."""
    return REWEIGHED[words(language)].format(challenge=challenge)
