"""Proofs told to a person, in Markdown: what was found, which mutants survived and why, what would notice them."""

from __future__ import annotations

from collections.abc import Sequence

from shared.curriculum.model import Text, text
from shared.proof.model import Fate, Proof
from shared.proof.strengthen import as_toml

SAID: dict[str, Text] = {
    "title": {"en": "Proof of {name}", "es": "Prueba de {name}"},
    "proven": {"en": "**Proven.** It may be published.", "es": "**Probado.** Se puede publicar."},
    "refused": {"en": "**Refused**, because:", "es": "**Rechazado**, porque:"},
    "figures": {
        "en": "{cases:.0f} cases ({visible:.0f} visible), {mutants:.0f} mutants: {killed:.0f} noticed "
        "({kill_ratio:.0%}), {equivalent:.0f} equivalent.",
        "es": "{cases:.0f} casos ({visible:.0f} visibles), {mutants:.0f} mutantes: {killed:.0f} detectados "
        "({kill_ratio:.0%}), {equivalent:.0f} equivalentes.",
    },
    "survivors": {"en": "Mutants that no case notices", "es": "Mutantes que ningún caso detecta"},
    "equivalent": {
        "en": "line {line}: {change}. Equivalent on {inputs} generated inputs: nobody could tell.",
        "es": "línea {line}: {change}. Equivalente en {inputs} entradas generadas: nadie lo notaría.",
    },
    "different": {
        "en": "line {line}: {change}. **Different**: `{call}` gives `{mutant}`, the reference `{reference}`.",
        "es": "línea {line}: {change}. **Distinto**: `{call}` da `{mutant}`, la referencia `{reference}`.",
    },
    "proposed": {"en": "Cases that would notice them", "es": "Casos que los detectarían"},
    "killed": {"en": "Mutants noticed, and by which case", "es": "Mutantes detectados, y por qué caso"},
}


def report(proof: Proof, language: str = "en") -> str:
    """One proof as a page."""

    def say(key: str, **values: object) -> str:
        return text(SAID[key], language).format(**values)

    lines = [f"## {say('title', name=proof.name)}", "", say(proof.verdict)]
    if proof.reasons:
        lines += ["", *(f"- `{reason.code}`: {text(reason.words, language)}" for reason in proof.reasons)]
    if proof.fates:
        lines += ["", say("figures", **proof.evidence)]
    if proof.survivors:
        lines += ["", f"### {say('survivors')}", ""]
        lines += [f"- {_survivor(fate, language)}" for fate in proof.survivors]
    if proof.proposed:
        cases = [as_toml(case, entry=proof.challenge.entry) for case in proof.proposed]
        lines += ["", f"### {say('proposed')}", "", "```toml", *cases, "```"]
    killed = [fate for fate in proof.fates if fate.verdict == "killed"]
    if killed:
        lines += ["", f"### {say('killed')}", ""]
        lines += [f"- {fate.mutant.line}: {text(fate.mutant.words, language)} → {fate.by}" for fate in killed]
    return "\n".join(lines) + "\n"


def reports(proofs: Sequence[Proof], language: str = "en") -> str:
    """All of them, the refused first."""
    ordered = sorted(proofs, key=lambda proof: (proof.proven, proof.name))
    return "\n".join(report(proof, language) for proof in ordered)


def _survivor(fate: Fate, language: str) -> str:
    values = {"line": fate.mutant.line, "change": text(fate.mutant.words, language), "inputs": fate.inputs}
    if fate.difference is not None:
        d = fate.difference
        values |= {"call": d.call, "mutant": d.mutant, "reference": d.reference}
    return text(SAID[fate.verdict], language).format(**values)
