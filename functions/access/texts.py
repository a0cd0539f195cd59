"""What a learner reads when access is refused (text and what would lift it) or granted."""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, str]

REFUSED: Mapping[str, tuple[Words, Words]] = {
    "unknown_learner": (
        {"en": "There is no such account here.", "es": "Aquí no existe esta cuenta."},
        {"en": "Sign in again, or sign up.", "es": "Vuelve a iniciar sesión o crea una cuenta."},
    ),
    "unknown_goal": (
        {"en": "There is no such goal.", "es": "No existe ese reto."},
        {"en": "Open one of today's goals.", "es": "Abre uno de los retos de hoy."},
    ),
    "goal_closed": (
        {"en": "This goal is closed: it was {state}.", "es": "Este reto está cerrado: {state}."},
        {"en": "Open one of today's goals.", "es": "Abre uno de los retos de hoy."},
    ),
    "no_contract": (
        {"en": "No contract covers your learning yet.", "es": "Todavía ningún contrato cubre tu aprendizaje."},
        {
            "en": "Ask your organisation to add you to its contract.",
            "es": "Pide a tu organización que te incluya en su contrato.",
        },
    ),
    "contract_not_started": (
        {"en": "Your contract starts on {date}.", "es": "Tu contrato empieza el {date}."},
        {"en": "Come back on {date}; your goals will be here.", "es": "Vuelve el {date}; tus retos estarán aquí."},
    ),
    "contract_ended": (
        {
            "en": "Your contract ended on {ends}, and its days of grace ({days}) are over.",
            "es": "Tu contrato terminó el {ends} y sus días de gracia ({days}) han pasado.",
        },
        {
            "en": "Ask your organisation to renew it. Your work is kept and can be exported.",
            "es": "Pide a tu organización que lo renueve. Tu trabajo se conserva y puedes exportarlo.",
        },
    ),
    "course_not_covered": (
        {"en": "Your contract does not cover the course {course}.", "es": "Tu contrato no cubre el curso {course}."},
        {
            "en": "It covers {courses}. Ask your organisation to add this one.",
            "es": "Cubre {courses}. Pide a tu organización que añada este.",
        },
    ),
    "no_seat": (
        {
            "en": "All {seats} seats of your organisation's contract are taken.",
            "es": "Las {seats} plazas del contrato de tu organización están ocupadas.",
        },
        {
            "en": "Ask your organisation for another seat. Your work is kept.",
            "es": "Pide otra plaza a tu organización. Tu trabajo se conserva.",
        },
    ),
    "terms_not_accepted": (
        {
            "en": "Version {version} of your contract's terms was to be accepted by {date}.",
            "es": "La versión {version} de las condiciones de tu contrato debía aceptarse antes del {date}.",
        },
        {
            "en": "Read your contract and accept them: it takes effect at once.",
            "es": "Lee tu contrato y acéptalas: tiene efecto al momento.",
        },
    ),
    "consent_missing": (
        {
            "en": "Your contract asks for your agreement, which you have not given: {missing}.",
            "es": "Tu contrato pide tu consentimiento, que no has dado: {missing}.",
        },
        {
            "en": "Give it with your acceptance, or ask your organisation for terms without it.",
            "es": "Dalo al aceptar, o pide a tu organización unas condiciones sin él.",
        },
    ),
    "not_enrolled": (
        {"en": "You are not enrolled in the course {course}.", "es": "No estás en el curso {course}."},
        {"en": "Enrol in it, or take it up again if it is paused.", "es": "Inscríbete, o retómalo si está en pausa."},
    ),
    "quota_used_up": (
        {
            "en": "Today's {limit} runs on the server are used up.",
            "es": "Ya has usado las {limit} ejecuciones de hoy en el servidor.",
        },
        {
            "en": "The next ones come at {reset}. You can go on running on your own machine.",
            "es": "Habrá más a las {reset}. Puedes seguir ejecutando en tu equipo.",
        },
    ),
    "hints_used_up": (
        {"en": "Today's {limit} hints are used up.", "es": "Ya has usado las {limit} pistas de hoy."},
        {
            "en": "The next ones come at {reset}. Runs and their feedback go on.",
            "es": "Habrá más a las {reset}. Las ejecuciones y sus comentarios siguen.",
        },
    ),
}

NONE_AT_ALL: Mapping[str, tuple[Words, Words]] = {
    "quota_used_up": (
        {
            "en": "Your contract holds no runs on the server.",
            "es": "Tu contrato no incluye ejecuciones en el servidor.",
        },
        {
            "en": "Ask your organisation for runs. You can go on running on your own machine.",
            "es": "Pide ejecuciones a tu organización. Puedes seguir ejecutando en tu equipo.",
        },
    ),
    "hints_used_up": (
        {"en": "Your contract holds no hints.", "es": "Tu contrato no incluye pistas."},
        {
            "en": "Ask your organisation for hints. Runs and their feedback go on.",
            "es": "Pide pistas a tu organización. Las ejecuciones y sus comentarios siguen.",
        },
    ),
}
"""Of a quota of 0: nothing was used up, and no other day brings more."""

CONSENTS: Mapping[str, Words] = {
    "mood": {"en": "to be asked how it goes", "es": "que se te pregunte cómo va"},
    "workspace": {
        "en": "to tell which languages and packages your workspace holds",
        "es": "decir qué lenguajes y paquetes hay en tu espacio de trabajo",
    },
    "models": {
        "en": "to have texts of yours sent to a language model",
        "es": "que textos tuyos se envíen a un modelo de lenguaje",
    },
    "progress": {
        "en": "to let your organisation see your progress",
        "es": "que tu organización vea tu progreso",
    },
}

STATES: Mapping[str, Words] = {
    "swapped": {"en": "swapped for another", "es": "lo cambiaste por otro"},
}

GRANTED: Words = {
    "en": "contract in force until {ends}; {used} of {limit} runs used today",
    "es": "contrato en vigor hasta el {ends}; {used} de {limit} ejecuciones usadas hoy",
}

TO_BE_CHECKED: Words = {
    "en": "the contract is to be looked at; nothing is run",
    "es": "se va a revisar el contrato; no se ejecuta nada",
}
