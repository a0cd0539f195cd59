"""Why each goal is in the plan, as a learner reads it."""

from __future__ import annotations

from collections.abc import Mapping

from shared.curriculum import text

Words = Mapping[str, str]

WHY: Mapping[str, Words] = {
    "placement": {
        "en": "To find where you start: one short challenge on {concept}.",
        "es": "Para ver por dónde empiezas: un reto corto sobre {concept}.",
    },
    "review_due": {
        "en": "{concept} was due for review on {due}; mastery {shown}.",
        "es": "Tocaba repasar {concept} el {due}; dominio {shown}.",
    },
    "review_early": {
        "en": "{concept}, last practised on {last}: once more before it fades; mastery {shown}.",
        "es": "{concept}, que practicaste por última vez el {last}: otra vez antes de que se olvide; dominio {shown}.",
    },
    "course_next": {
        "en": "Next in {course}: {concept}; mastery {shown}, learnt at {gate}.",
        "es": "Lo siguiente en {course}: {concept}; dominio {shown}, aprendido con {gate}.",
    },
    "course_first": {
        "en": "Next in {course}: {concept}, which you have not tried yet.",
        "es": "Lo siguiente en {course}: {concept}, que aún no has probado.",
    },
    "course_waited": {
        "en": "It is the turn of {course}, days without a goal of it: {days}. Next there: {concept}; mastery {shown}.",
        "es": "Le toca a {course}, días sin un reto suyo: {days}. Allí sigue: {concept}; dominio {shown}.",
    },
    "skill_first": {
        "en": "{concept} carries what comes next, and there is no evidence of it yet.",
        "es": "{concept} sostiene lo que viene, y aún no hay pruebas de ello.",
    },
    "skill_weakest": {
        "en": "{concept} is the weakest of what you need next: mastery {shown}, attempts so far: {attempts}.",
        "es": "{concept} es lo más flojo de lo que vas a necesitar: dominio {shown}, intentos hasta ahora: {attempts}.",
    },
    "daily_variety": {
        "en": "For variety: {concept}, last practised on {last}.",
        "es": "Para variar: {concept}, que practicaste por última vez el {last}.",
    },
    "daily_first": {
        "en": "For variety: {concept} is within reach, and you have not practised it yet.",
        "es": "Para variar: {concept} está a tu alcance y aún no lo has practicado.",
    },
    "daily_again": {
        "en": "To settle it: {concept} once more, in another problem.",
        "es": "Para afianzarlo: {concept} una vez más, en otro problema.",
    },
    "project": {
        "en": "{count} concepts stand at {bar} or more: time to put them together.",
        "es": "Tienes {count} conceptos con {bar} o más: es hora de juntarlos.",
    },
    "wish": {"en": "You asked for {concept}.", "es": "Has pedido {concept}."},
    "wish_first": {
        "en": "You asked for {concept}; it rests on {first}, where mastery is {shown}.",
        "es": "Has pedido {concept}; se apoya en {first}, con un dominio de {shown}.",
    },
    "swap_other": {
        "en": "In place of {title}, which you swapped: {concept} in another problem.",
        "es": "En lugar de {title}, que cambiaste: {concept} en otro problema.",
    },
    "swap_too_hard": {
        "en": "In place of {title}, which was too hard: {concept}, one step easier.",
        "es": "En lugar de {title}, que era demasiado difícil: {concept}, un paso más fácil.",
    },
    "swap_too_easy": {
        "en": "In place of {title}, which was too easy: {concept}, one step harder.",
        "es": "En lugar de {title}, que era demasiado fácil: {concept}, un paso más difícil.",
    },
    "swap_not_for_me": {
        "en": "In place of {title}, which was not for you: {concept} in another setting.",
        "es": "En lugar de {title}, que no era para ti: {concept} en otro contexto.",
    },
    "swap_seen_before": {
        "en": "In place of {title}, which you knew: {concept} in another problem.",
        "es": "En lugar de {title}, que ya conocías: {concept} en otro problema.",
    },
    "swap_unclear": {
        "en": "In place of {title}, which was unclear: {concept} in another problem.",
        "es": "En lugar de {title}, que no se entendía: {concept} en otro problema.",
    },
    "smaller_step": {
        "en": "A smaller step: {concept}, easier than your usual {target}.",
        "es": "Un paso más pequeño: {concept}, más fácil que tu {target} habitual.",
    },
    "review": {
        "en": "Something you know before something new: {concept}, mastery {shown}.",
        "es": "Algo que ya sabes antes de algo nuevo: {concept}, dominio {shown}.",
    },
    "stretch": {
        "en": "A stretch: {concept}, harder than your usual {target}.",
        "es": "Un reto mayor: {concept}, más difícil que tu {target} habitual.",
    },
    "stretch_going": {
        "en": "Your last {count} goals went well, without help: {concept}, a step harder than your usual {target}.",
        "es": "Tus {count} últimos retos salieron bien, sin ayuda: {concept}, más difícil que tu {target} habitual.",
    },
    "unstick": {
        "en": "{stalled} runs in a row passed no new case there: first a smaller goal on {concept}.",
        "es": "{stalled} ejecuciones seguidas sin ningún caso nuevo: antes, un reto más pequeño sobre {concept}.",
    },
    "page_stuck": {
        "en": "{stalled} runs in a row passed no new case ({best} of {total} pass).",
        "es": "{stalled} ejecuciones seguidas sin ningún caso nuevo (pasan {best} de {total}).",
    },
    "carried_open": {
        "en": "Begun on {day}: {best} of {total} cases pass.",
        "es": "Empezado el {day}: pasan {best} de {total} casos.",
    },
    "near": {"en": "{because} {near}", "es": "{because} {near}"},
    "near_workspace": {"en": "Your workspace has {what}.", "es": "Tu espacio de trabajo tiene {what}."},
    "near_target": {"en": "It is on the way to what you want: {what}.", "es": "Va hacia lo que quieres: {what}."},
    "to_write": {
        "en": "{because} Nothing you have not had is left of it, so this one is written for you.",
        "es": "{because} Ya no queda nada que no hayas hecho, así que este se escribe para ti.",
    },
    "carried": {"en": "Left from {day}: {because}", "es": "Quedó del {day}: {because}"},
}

PLAN: Mapping[str, Words] = {
    "placement": {
        "en": "Before the first plan, to see where you start: {used} of your {minutes} minutes.",
        "es": "Antes del primer plan, para ver por dónde empiezas: {used} de tus {minutes} minutos.",
    },
    "day": {
        "en": "{count} goals of {kinds} kinds, {used} of your {minutes} minutes.",
        "es": "{count} retos de {kinds} tipos, {used} de tus {minutes} minutos.",
    },
    "one": {"en": "One goal, {used} of your {minutes} minutes.", "es": "Un reto, {used} de tus {minutes} minutos."},
    "smaller_step": {"en": "Smaller steps today.", "es": "Hoy, pasos más pequeños."},
    "review": {"en": "Today something you know comes first.", "es": "Hoy, primero algo que ya sabes."},
    "pause": {"en": "Fewer goals today.", "es": "Hoy, menos retos."},
    "stretch": {"en": "Today something harder.", "es": "Hoy, algo más difícil."},
    "nothing": {
        "en": "Nothing new fits today: enrol in a course, or give the day more minutes.",
        "es": "Hoy no cabe nada nuevo: inscríbete en un curso o dale más minutos al día.",
    },
}

WISH: Mapping[str, Words] = {
    "planned": {"en": "You have had the goal you asked for.", "es": "Ya has tenido el reto que pediste."},
    "later": {
        "en": "{concept} does not fit today; it is tried again in the next days.",
        "es": "{concept} no cabe hoy; se volverá a intentar en los próximos días.",
    },
    "other_course": {
        "en": "{concept} is taught in {course}, which you are not in: join {slug}, and it comes.",
        "es": "{concept} se enseña en {course}, donde no estás: únete a {slug} y llegará.",
    },
    "not_covered": {
        "en": "{concept} is taught in {course}, which your contract does not cover.",
        "es": "{concept} se enseña en {course}, que tu contrato no cubre.",
    },
    "unknown": {
        "en": "Nothing is taught here by that name yet. Name a concept: the courses list them.",
        "es": "Aquí aún no se enseña nada con ese nombre. Nombra un concepto: los cursos los enumeran.",
    },
}


def say(words: Words, language: str, **figures: object) -> str:
    return text(words, language).format(**figures)
