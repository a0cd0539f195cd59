"""Questions, answers and short messages, in both languages. About the work, with its figures; no talent, no pity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from shared.spoken import Words

Moment = Literal["solved", "equal_failures", "return"]

ANSWERS: Mapping[Words, Mapping[str, str]] = {
    "en": {
        "great": "Great, more of this",
        "good": "Good",
        "flat": "So-so",
        "stuck": "Stuck",
        "tired": "Tired",
        "not_now": "Not now",
        "never_ask": "Never ask again",
    },
    "es": {
        "great": "Genial, más así",
        "good": "Bien",
        "flat": "Regular",
        "stuck": "No avanzo",
        "tired": "Cansancio",
        "not_now": "Ahora no",
        "never_ask": "No preguntar más",
    },
}

QUESTIONS: Mapping[Words, Mapping[Moment, str]] = {
    "en": {
        "solved": "How did that one go?",
        "equal_failures": "The same case keeps failing. How is it going?",
        "return": "Good to see you back. How do you feel about starting?",
    },
    "es": {
        "solved": "¿Qué tal ha ido este?",
        "equal_failures": "Sigue fallando el mismo caso. ¿Qué tal va?",
        "return": "Qué bien verte de nuevo. ¿Con qué ánimo empiezas?",
    },
}

BECAUSE: Mapping[Words, Mapping[Moment, str]] = {
    "en": {
        "solved": "A goal was just solved.",
        "equal_failures": "The same failure came {count} times in a row.",
        "return": "First run after {days} days.",
    },
    "es": {
        "solved": "Se acaba de resolver un objetivo.",
        "equal_failures": "El mismo fallo se repitió {count} veces seguidas.",
        "return": "Primera ejecución tras {days} días.",
    },
}

SIGNALS: Mapping[Words, Mapping[str, str]] = {
    "en": {
        "answer": "answered “{answer}”",
        "equal_failures": "the same failure {count} times in a row",
        "stalled": "{count} failing runs in a row without a new case passed",
    },
    "es": {
        "answer": "respondió «{answer}»",
        "equal_failures": "el mismo fallo {count} veces seguidas",
        "stalled": "{count} ejecuciones fallidas seguidas sin ningún caso nuevo",
    },
}

MESSAGES: Mapping[Words, Mapping[str, str]] = {
    "en": {
        "persisted": "{failures} runs failed before this one, and each told you something: now all {total} cases pass.",
        "may_be_stuck": "{best} of {total} cases already pass. A hint or one very small input may show what is left.",
        "return": "Your work is as you left it: at best, {best} of {total} cases passed here.",
        "stuck": "{best} of {total} cases pass after {runs} runs, and that stays. The next step will be a smaller one.",
        "stuck_new": "The next step will be a smaller one.",
        "tired": "{best} of {total} cases pass, and it is saved. It will wait for you as it is.",
        "tired_new": "Everything is saved. It will wait for you as it is.",
        "flat": "What comes next leans on what you have already solved.",
        "great": "Then the next one may ask for a little more.",
    },
    "es": {
        "persisted": "Antes fallaron {failures} ejecuciones y cada una te dijo algo: ahora pasan los {total} casos.",
        "may_be_stuck": "Ya pasan {best} de {total} casos. Una pista o una entrada muy pequeña puede mostrar el resto.",
        "return": "Tu trabajo está como lo dejaste: aquí llegaron a pasar {best} de {total} casos.",
        "stuck": "Tras {runs} ejecuciones pasan {best} de {total} casos, y eso queda. El próximo paso será menor.",
        "stuck_new": "El próximo paso será más pequeño.",
        "tired": "Pasan {best} de {total} casos y está guardado. Te espera tal como está.",
        "tired_new": "Todo está guardado. Te espera tal como está.",
        "flat": "Lo siguiente se apoya en lo que ya resolviste.",
        "great": "Entonces el siguiente puede pedir un poco más.",
    },
}
