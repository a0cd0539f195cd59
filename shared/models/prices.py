"""What tokens cost: `prices.toml`, or the operator's own file."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from shared.errors import InvalidInput
from shared.models.fault import Usage

BUILT_IN = Path(__file__).with_name("prices.toml")


class Row(BaseModel):
    """US dollars for a million tokens, which is millionths of a dollar for one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: float = Field(ge=0, allow_inf_nan=False)
    cached: float = Field(ge=0, allow_inf_nan=False)
    output: float = Field(ge=0, allow_inf_nan=False)


_TABLE = TypeAdapter(dict[str, Row])


@dataclass(frozen=True, slots=True)
class Price:
    """`known` False: the model is not in the table, and this is the dearest of each column."""

    row: Row
    known: bool

    def of(self, usage: Usage) -> int:
        """Millionths of a US dollar, rounded up."""
        fresh = usage.input - usage.cached
        exact = fresh * self.row.input + usage.cached * self.row.cached + usage.output * self.row.output
        return math.ceil(round(exact, 6))


def price_of(model: str, path: Path | None = None) -> Price:
    """Raises InvalidInput where the operator's file cannot be read."""
    table = _read(path or BUILT_IN)
    fitting = [name for name in table if model == name or model.startswith(f"{name}-")]
    if fitting:
        return Price(table[max(fitting, key=len)], known=True)
    rows = table.values()
    dearest = Row(**{column: max(getattr(row, column) for row in rows) for column in Row.model_fields})
    return Price(dearest, known=False)


def _read(path: Path) -> Mapping[str, Row]:
    try:
        table = _TABLE.validate_python(tomllib.loads(path.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise InvalidInput(f"the price table {path.name} cannot be read: {error}") from error
    if not table:
        raise InvalidInput(f"the price table {path.name} is empty")
    return table
