"""Every reason for refusing a challenge, in words."""

from __future__ import annotations

from shared.proof.model import Code, Reason

WORDS: dict[str, tuple[str, str]] = {
    "not_python": ("the reference is no Python: {error}", "la referencia no es Python: {error}"),
    "does_not_compile": (
        "the reference does not compile as {language}: {error}",
        "la referencia no compila como {language}: {error}",
    ),
    "language_unproven": (
        "a challenge in {language} cannot be proven yet",
        "un reto en {language} todavía no se puede probar",
    ),
    "checks_broken": (
        "the checks cannot be run: {error}",
        "las comprobaciones no se pueden ejecutar: {error}",
    ),
    "reference_fails": (
        "the reference fails case `{case}`: `{call}` gives `{got}`, expected `{expected}`",
        "la referencia no pasa el caso `{case}`: `{call}` da `{got}`, se esperaba `{expected}`",
    ),
    "reference_unstable": (
        "the reference answers case `{case}` differently from one of {runs} runs to the next: `{one}`, then `{other}`",
        "la referencia contesta al caso `{case}` de forma distinta en {runs} ejecuciones: `{one}`, luego `{other}`",
    ),
    "reference_unstable.sets": (
        "the reference's answer to case `{case}` hangs on the order of a set, which changes from one start of Python "
        "to the next: `{one}`, or `{other}`",
        "la respuesta de la referencia al caso `{case}` depende del orden de un conjunto, que cambia cada vez que se "
        "inicia Python: `{one}`, o `{other}`",
    ),
    "starter_passes": ("the starter passes every case", "el código inicial pasa todos los casos"),
    "starter_broken": (
        "the starter does not compile as {language} ({error}): a learner could not run it",
        "el código inicial no compila como {language} ({error}): no se podría ejecutar",
    ),
    "weak_cases.ratio": (
        "the cases notice {killed} of {mutants} mutants ({ratio:.1%}; {bar:.0%} are asked for)",
        "los casos detectan {killed} de {mutants} mutantes ({ratio:.1%}; se pide un {bar:.0%})",
    ),
    "weak_cases.unseen": (
        "no input of the kinds that cases show tells these mutants from the reference, so show other kinds: {some}",
        "ninguna entrada de los tipos que muestran los casos distingue estos mutantes de la referencia, así que hacen "
        "falta otros tipos: {some}",
    ),
    "weak_cases.different": (
        "no case notices that on line {line} {change}: `{call}` gives `{mutant}` instead of `{reference}`",
        "ningún caso detecta que en la línea {line} {change}: `{call}` da `{mutant}` en vez de `{reference}`",
    ),
    "lying_example": ("{where}: {problem}", "{where}: {problem}"),
    "no_example.none": ("{where} shows no example", "{where} no tiene ningún ejemplo"),
    "no_example.no_case": (
        "no example of {where} is one of the visible cases",
        "ningún ejemplo de {where} es uno de los casos visibles",
    ),
    "hint_gives_solution": (
        "hint {rung} ({language}) gives the solution: {why}",
        "la pista {rung} ({language}) da la solución: {why}",
    ),
    "hints_missing": ("{found} of {rungs} hints in {language!r}", "{found} de {rungs} pistas en {language!r}"),
    "text_missing": ("{what} is missing in {language!r}", "falta {what} en {language!r}"),
    "text_missing.variant": ("its variant is not filled in", "su variante no está rellenada"),
    "too_few_mutants": (
        "the reference has {mutants} mutants, {bar} are asked for: it is too small to tell good cases from bad",
        "la referencia tiene {mutants} mutantes, se piden {bar}: es demasiado pequeña para juzgar los casos",
    ),
    "too_few_inputs": (
        "{survivors} mutants survive and only {inputs} of {bar} inputs could be made to compare them on",
        "sobreviven {survivors} mutantes y solo se pudieron hacer {inputs} de {bar} entradas para compararlos",
    ),
    "no_visible_case": ("no case is visible to the learner", "ningún caso es visible para quien aprende"),
    "subtask_without_cases": ("sub-task `{subtask}` has no case", "la subtarea `{subtask}` no tiene casos"),
}


def reason(kind: str, *, es: dict[str, object] | None = None, **values: object) -> Reason:
    """`kind`: a code, or a code and a point and which of its sentences. `es`: what differs in Spanish."""
    english, spanish = WORDS[kind]
    code: Code = kind.partition(".")[0]  # type: ignore[assignment]  # the table's keys begin with codes
    return Reason(code, {"en": english.format(**values), "es": spanish.format(**{**values, **(es or {})})})
