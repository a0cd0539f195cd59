"""SQL stands in `.sql` files as named queries (`-- name: x`); this reads them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import LiteralString, cast

_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


@cache
def load(path: Path) -> dict[str, LiteralString]:
    """The queries of one file by name. They are constant text of ours, hence LiteralString."""
    parts = _NAME.split(path.read_text("utf-8"))
    names, bodies = parts[1::2], parts[2::2]
    if len(set(names)) != len(names):
        raise ValueError(f"{path.name} names a query twice")
    return {name: cast(LiteralString, body.strip().removesuffix(";")) for name, body in zip(names, bodies, strict=True)}


SQL = load(Path(__file__).with_name("queries.sql"))
