"""The words around a lesson that are about this learner."""

from __future__ import annotations

from collections.abc import Mapping

from shared.curriculum import text

WORDS: Mapping[str, Mapping[str, str]] = {
    "for_you": {"en": "For you", "es": "Para ti"},
    "failed_case": {
        "en": "In **{goal}** the case `{case}` of “{subtask}” failed.",
        "es": "En **{goal}** falló el caso `{case}` de «{subtask}».",
    },
    "failed_hidden": {
        "en": "In **{goal}** a hidden case of “{subtask}” failed.",
        "es": "En **{goal}** falló un caso oculto de «{subtask}».",
    },
    "see": {"en": "See: [{title}](#{anchor}).", "es": "Mira: [{title}](#{anchor})."},
    "mastery": {
        "en": "Mastery {shown} (attempts: {attempts}); on your own {unassisted}, with hints {assisted}.",
        "es": "Dominio {shown} (intentos: {attempts}); por tu cuenta {unassisted}, con pistas {assisted}.",
    },
    "mastery_none": {
        "en": "No attempt on this concept yet.",
        "es": "Aún no hay ningún intento con este concepto.",
    },
    "hints": {"en": "Hints", "es": "Pistas"},
    "hints_left": {
        "en": "{given} of {total} opened. Ask for the next one when you want it: {next}.",
        "es": "{given} de {total} abiertas. Pide la siguiente cuando la quieras: {next}.",
    },
    "hints_all": {"en": "All {total} opened.", "es": "Las {total} abiertas."},
    "rung_1": {"en": "the concept behind it", "es": "el concepto que hay detrás"},
    "rung_2": {"en": "a question to ask yourself", "es": "una pregunta para hacerte"},
    "rung_3": {"en": "where to look", "es": "dónde mirar"},
    "rung_4": {"en": "a plan", "es": "un plan"},
    "rung_5": {"en": "a worked example of another problem", "es": "un ejemplo resuelto de otro problema"},
    "because": {
        "en": "For {concept}, which this goal trains.",
        "es": "Sobre {concept}, que es lo que entrena este reto.",
    },
}


def say(key: str, language: str, **figures: object) -> str:
    return text(WORDS[key], language).format(**figures)
