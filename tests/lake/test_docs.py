"""docs/lake.md is the contract with the desktop app: it names every column, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pytest

from shared.lake.copies.datasets import DATASETS, Dataset

PAGE = (Path(__file__).parents[2] / "docs" / "lake.md").read_text("utf-8")
WORDS = {
    pa.string(): "text",
    pa.int32(): "int32",
    pa.float64(): "double",
    pa.bool_(): "bool",
    pa.date32(): "day",
    pa.timestamp("us", "UTC"): "instant",
    pa.list_(pa.string()): "list of text",
}


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda d: d.name)
def test_every_column_is_documented_with_its_type(dataset: Dataset) -> None:
    section = PAGE.split(f"\n`{dataset.name}`, by {dataset.grain} of `{dataset.by}`", 1)[1]
    rows = re.findall(r"^\| (`[^|]+) \| ([^|]+) \|", section.split("\n\n")[1], re.MULTILINE)
    found = {name: kinds for names, kinds in rows for name in re.findall(r"`(\w+)`", names)}
    assert list(found) == dataset.schema.names
    for field in dataset.schema:
        assert WORDS[field.type] in found[field.name], field
