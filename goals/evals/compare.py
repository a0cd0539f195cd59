"""Asks both columns in every situation and counts which checks hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from goals.evals.checks import CHECKS, Verdict, judged
from goals.evals.columns import Made
from goals.evals.situations import AGENTS, Agent, Situation
from shared.validators import Passes

Column = Literal["rules", "model"]
COLUMNS: tuple[Column, ...] = ("rules", "model")


@dataclass(frozen=True, slots=True)
class Answered:
    situation: Situation
    column: Column
    made: Made
    verdict: Verdict | None


@dataclass
class Comparison:
    """`answered`: of both columns, in the order asked. `ran`: the columns that were asked at all."""

    ran: tuple[Column, ...]
    answered: list[Answered] = field(default_factory=list)

    def of(self, column: Column, agent: Agent) -> list[Answered]:
        return [a for a in self.answered if a.column == column and a.situation.agent == agent]

    def held(self, column: Column, agent: Agent) -> Mapping[str, int]:
        """How many texts each check holds for; `said`: how many there are."""
        answers = [a for a in self.of(column, agent) if a.verdict is not None]
        counts = Counter(dict.fromkeys(CHECKS, 0))
        for answer in answers:
            counts.update(name for name, held in (answer.verdict.held if answer.verdict else {}).items() if held)
        return {"said": len(answers), **counts}

    def unsaid(self, column: Column) -> Mapping[str, int]:
        """Why nothing came, and how often."""
        return Counter(a.made.why for a in self.answered if a.column == column and not a.made.text)

    def cost(self) -> tuple[int, int, list[float]]:
        """Of the model column: tokens, millionths of a dollar, milliseconds of each question that was sent."""
        called = [a.made.called for a in self.answered if a.made.called is not None]
        tokens = sum(c.input_tokens + c.output_tokens for c in called)
        return tokens, sum(c.cost for c in called), sorted(c.ms for c in called if c.attempts)


Ask = Callable[[Situation], Made]


def compare(
    situations: Sequence[Situation],
    columns: Mapping[Column, Ask],
    passes: Callable[[Situation], Passes | None] = lambda _: None,
    seen: Callable[[Answered], None] = lambda _: None,
) -> Comparison:
    """`passes`: gives what runs a program on the situation's cases, where there is a sandbox. `seen`: told of each
    answer, for a progress bar."""
    result = Comparison(tuple(c for c in COLUMNS if c in columns))
    for answer in _answers(situations, columns, passes):
        result.answered.append(answer)
        seen(answer)
    return result


def _answers(
    situations: Iterable[Situation], columns: Mapping[Column, Ask], passes: Callable[[Situation], Passes | None]
) -> Iterator[Answered]:
    for situation in situations:
        for column in COLUMNS:
            if column in columns:
                made = columns[column](situation)
                verdict = judged(made.text, situation, passes(situation)) if made.text else None
                yield Answered(situation, column, made, verdict)


def agents_of(comparison: Comparison) -> list[Agent]:
    return [agent for agent in AGENTS if any(comparison.of(column, agent) for column in COLUMNS)]
