"""Why a state moved, as a learner reads it."""

from __future__ import annotations

from collections.abc import Mapping

from shared.curriculum import text

Words = Mapping[str, str]

BECAUSE: Mapping[str, Words] = {
    "first_run": {"en": "First run.", "es": "Primera ejecución."},
    "run_again": {"en": "Run again after a pause.", "es": "Otra ejecución tras una pausa."},
    "run_after_all": {"en": "Run after it had left the plan.", "es": "Ejecutado después de salir del plan."},
    "opened": {"en": "Opened.", "es": "Abierto."},
    "paused": {"en": "You laid it aside.", "es": "Lo has dejado para más tarde."},
    "swapped": {"en": "You asked for another in its place.", "es": "Has pedido otro en su lugar."},
    "solved": {
        "en": "All {total} cases pass. Runs: {runs}, hints: {hints}.",
        "es": "Pasan los {total} casos. Ejecuciones: {runs}; pistas: {hints}.",
    },
    "stuck": {
        "en": "{stalled} runs in a row passed no new case; {best} of {total} pass.",
        "es": "{stalled} ejecuciones seguidas sin ningún caso nuevo; pasan {best} de {total}.",
    },
    "unstuck": {
        "en": "A new case passes: {best} of {total} now.",
        "es": "Pasa un caso nuevo: ya van {best} de {total}.",
    },
    "abandoned": {
        "en": "Planned for {day}, never opened, and no longer in the plan.",
        "es": "Estaba previsto para el {day}, no se abrió y ya no está en el plan.",
    },
    "placing": {
        "en": "Your profile is stated; short goals will show where you start.",
        "es": "Has rellenado tu perfil; unos retos cortos mostrarán por dónde empiezas.",
    },
    "learning": {
        "en": "Your profile is stated; the plan begins with the course.",
        "es": "Has rellenado tu perfil; el plan empieza con el curso.",
    },
    "placed": {
        "en": "Placement is over: {solved} of {count} solved.",
        "es": "Se acabó la prueba inicial: {solved} de {count} resueltos.",
    },
    "silent": {
        "en": "No sign of work for {days} days, so nothing new is planned until you are back.",
        "es": "Sin señales de trabajo en {days} días: no se planifica nada nuevo hasta que vuelvas.",
    },
    "back": {"en": "You are back.", "es": "Has vuelto."},
    "course_started": {
        "en": "First run on a goal of this course.",
        "es": "Primera ejecución en un reto de este curso.",
    },
    "course_completed": {
        "en": "All {count} concepts have mastery of {gate} or more.",
        "es": "Los {count} conceptos tienen un dominio de {gate} o más.",
    },
    "resumed": {"en": "You took it up again.", "es": "Lo has retomado."},
    "rests": {
        "en": "You take days off until {day}: nothing is planned, reviews wait, nothing is lost.",
        "es": "Te tomas días libres hasta el {day}: no se planifica nada, los repasos esperan y nada se pierde.",
    },
    "rest_over": {"en": "Your days off are over.", "es": "Se acabaron tus días libres."},
    "course_joined": {"en": "You joined the course.", "es": "Te has unido al curso."},
    "course_left": {
        "en": "You left the course; what you did in it stays.",
        "es": "Has dejado el curso; lo que hiciste en él se conserva.",
    },
    "course_paused": {"en": "You laid the course aside.", "es": "Has dejado aparte el curso."},
    "course_resumed": {"en": "You took it up again.", "es": "Lo has retomado."},
    "contract_over": {
        "en": "Your contract is over since {day}; your work is kept.",
        "es": "Tu contrato terminó el {day}; tu trabajo se conserva.",
    },
    "not_covered": {
        "en": "Your contract does not cover this course; it covers {courses}.",
        "es": "Tu contrato no cubre este curso; cubre {courses}.",
    },
    "covered_again": {"en": "Your contract covers this course again.", "es": "Tu contrato vuelve a cubrir este curso."},
    "idle": {
        "en": "Not worked on since {day}: laid aside so that the plan is free. Open it, and it goes on.",
        "es": "Sin trabajo desde el {day}: se deja aparte para liberar el plan. Ábrelo y sigue donde estaba.",
    },
    "put_right": {
        "en": "All cases passed on {day}, and the goal had stayed {state}: put right.",
        "es": "Todos los casos pasaron el {day} y el reto seguía como {state}: corregido.",
    },
    "review_due": {"en": "Due since {due}.", "es": "Toca desde el {due}."},
    "review_done": {"en": "Practised; next on {due}.", "es": "Practicado; toca de nuevo el {due}."},
}


def say(key: str, language: str, **figures: object) -> str:
    return text(BECAUSE[key], language).format(**figures)
