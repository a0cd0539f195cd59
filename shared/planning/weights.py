"""The table of weights, checked when it is read, and what follows from it: a weight with its parts, and their words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Share = Annotated[float, Field(gt=0, le=1)]
Parts = Mapping[str, float]


class Weight(NamedTuple):
    """`value`: in [0, 1], the sum of `parts`. `parts`: the reason's name and each figure's → what it contributes."""

    value: float
    parts: Parts


class Table(BaseModel):
    """`reasons`: reason → `base` and the share of each figure. `words`: of each reason and each figure, for people."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reasons: dict[str, dict[str, Share]]
    words: dict[str, dict[str, str]]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        for reason, shares in self.reasons.items():
            if "base" not in shares:
                raise ValueError(f"reason {reason!r} has no base")
            if (total := sum(shares.values())) > 1 + 1e-9:
                raise ValueError(f"reason {reason!r} comes to {total:.3f}: base and shares may be 1 at most")
        figures = {name for shares in self.reasons.values() for name in shares if name != "base"}
        if clash := figures & set(self.reasons):
            raise ValueError(f"{sorted(clash)} are reasons and figures at once")
        known = figures | set(self.reasons)
        if known != set(self.words):
            raise ValueError(f"words are missing or without use: {sorted(known ^ set(self.words))}")
        if poor := sorted(name for name, words in self.words.items() if set(words) != {"en", "es"}):
            raise ValueError(f"words in English and Spanish are needed for {poor}")
        return self


def read(path: Path) -> Table:
    """Raises ValueError (of pydantic or tomllib) with what is wrong in the file."""
    return Table.model_validate(tomllib.loads(path.read_text("utf-8")))


TABLE = read(Path(__file__).with_name("weights.toml"))


def weigh(reason: str, *, table: Table = TABLE, **figures: float) -> Weight:
    """`figures`: those that the table has for `reason`, all of them; each is cut to [0, 1].

    Raises KeyError for a reason, and ValueError for figures, that the table does not have.
    """
    shares = table.reasons[reason]
    if set(figures) != set(shares) - {"base"}:
        raise ValueError(f"{reason} is weighed by {sorted(set(shares) - {'base'})}, not by {sorted(figures)}")
    parts = {reason: shares["base"]}
    parts |= {name: round(shares[name] * min(1.0, max(0.0, figure)), 3) for name, figure in figures.items()}
    return Weight(round(sum(parts.values()), 3), parts)


def explained(parts: Parts, language: str, *, table: Table = TABLE) -> str:
    """`0.84 = next in a course 0.70 + what is missing to full mastery 0.14`; empty where no parts were kept."""
    told = [f"{_word(table, name, language)} {part:.2f}" for name, part in parts.items() if round(part, 2)]
    return f"{sum(parts.values()):.2f} = {' + '.join(told)}" if told else ""


def _word(table: Table, name: str, language: str) -> str:
    """A name that the table had once and has no more is shown as it is."""
    words = table.words.get(name, {})
    return words.get(language) or words.get("en") or name


def document(table: Table = TABLE) -> str:
    """The table as `docs/planning.md` shows it."""
    lines = ["| reason | base | and what adds to it, at most | at most |", "|---|---|---|---|"]
    for reason, shares in sorted(table.reasons.items(), key=lambda item: (-sum(item[1].values()), item[0])):
        more = "; ".join(f"{_word(table, n, 'en')}: {s:.2f}" for n, s in shares.items() if n != "base")
        total = sum(shares.values())
        lines.append(f"| `{reason}`: {_word(table, reason, 'en')} | {shares['base']:.2f} | {more} | {total:.2f} |")
    return "\n".join(lines)
