"""A comparison as Markdown: the table, and every text that failed a check."""

from __future__ import annotations

from collections.abc import Iterator

from goals.evals.checks import CHECKS
from goals.evals.compare import COLUMNS, Answered, Column, Comparison, agents_of
from goals.evals.situations import Agent

NOT_RUN = "not run"


def cell(comparison: Comparison, column: Column, agent: Agent, check: str) -> str:
    """`55 of 57`, or that it was not run."""
    if column not in comparison.ran:
        return NOT_RUN
    held = comparison.held(column, agent)
    return f"{held[check]} of {held['said']}" if held["said"] else "none came"


def why_not(comparison: Comparison) -> str:
    """What to say of a model column that was not run."""
    if "model" in comparison.ran:
        return ""
    return "The model column was not run: no model is configured (GOALS_MODEL_KEY_FILE or GOALS_MODEL_URL)."


def spent(comparison: Comparison) -> str:
    """Tokens, money and time of the model column; empty where it was not run."""
    tokens, micros, times = comparison.cost()
    if "model" not in comparison.ran:
        return ""
    told = f"Model: {tokens} tokens, {micros / 1_000_000:.4f} dollars"
    if times:
        told += f", half of the questions answered within {times[len(times) // 2]:.0f} ms"
    unsaid = ", ".join(f"{count} × {why}" for why, count in comparison.unsaid("model").items())
    return f"{told}. Without an answer: {unsaid or 'none'}."


def markdown(comparison: Comparison, model: str) -> str:
    """`model`: its name, as asked."""
    return "\n".join(_lines(comparison, model)) + "\n"


def _lines(comparison: Comparison, model: str) -> Iterator[str]:
    yield "# What the rules say and what a model says"
    for agent in agents_of(comparison):
        count = max(len(comparison.of(column, agent)) for column in COLUMNS)
        yield f"\n## {agent}: {count} situations\n"
        yield f"| check | rules | model {model} |\n|---|---|---|"
        for check, meaning in CHECKS.items():
            cells = " | ".join(cell(comparison, column, agent, check) for column in COLUMNS)
            yield f"| {check}: {meaning} | {cells} |"
    yield f"\n{why_not(comparison) or spent(comparison)}"
    failed = [a for a in comparison.answered if a.verdict is not None and not all(a.verdict.held.values())]
    if failed:
        yield "\n## Texts that fail a check\n"
    for answer in failed:
        yield from _failed(answer)


def _failed(answer: Answered) -> Iterator[str]:
    verdict = answer.verdict
    if verdict is None:
        return
    checks = ", ".join(name for name, held in verdict.held.items() if not held)
    yield f"- **{answer.situation.name}** ({answer.situation.learner.language}, {answer.column}): {checks}"
    quoted = " ".join(answer.made.text.split())
    yield f"  > {quoted}"
    for fault in verdict.found:
        yield f"  - `{fault.rule}`: {' '.join(fault.why.split())}"
