"""The columns of a family's files: the envelope of every event, then the fields of its types as columns of their own.

A family is the second word of a type (`goals.evaluation.recorded` → `evaluation`); it may hold several types and
versions. `data` is the whole fact as JSON, so that a row says everything its event says; the columns beside it are
those fields that are plain values, for queries. They follow from the catalogue: a field that is added there is a
column of the files written from then on (`shared/lake/spanning.py` reads both).
"""

from __future__ import annotations

import hashlib
import types
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pyarrow as pa

from shared.events import catalogue as _catalogue  # noqa: F401  registers every model
from shared.events.data import ERASABLE, REGISTRY

SCHEMA = 1
"""Of the envelope. It moves only where a reader of the old one would be wrong."""
INSTANT = pa.timestamp("us", tz="UTC")

ENVELOPE = pa.schema(
    [
        pa.field("position", pa.int64(), nullable=False),
        pa.field("version", pa.int64(), nullable=False),
        pa.field("id", pa.string(), nullable=False),
        pa.field("type", pa.string(), nullable=False),
        pa.field("schema_version", pa.int32(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("subject", pa.string(), nullable=False),
        pa.field("stream", pa.string(), nullable=False),
        pa.field("tenant", pa.string(), nullable=False),
        pa.field("time", INSTANT, nullable=False),
        pa.field("recorded", INSTANT, nullable=False),
        pa.field("correlation", pa.string(), nullable=False),
        pa.field("causation", pa.string()),
        pa.field("traceparent", pa.string()),
        pa.field("data", pa.string(), nullable=False),
    ]
)
TAKEN = {*ENVELOPE.names, "day", "family"}
SCALARS: dict[Any, pa.DataType] = {
    str: pa.string(),
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    datetime: INSTANT,
    date: pa.date32(),
}


def family_of(type_: str) -> str:
    return type_.split(".")[1]


def column_of(field: str) -> str:
    """A field's column: its own name, unless the envelope has that one."""
    return f"data_{field}" if field in TAKEN else field


@cache
def fields_of(family: str) -> dict[str, pa.DataType]:
    """Field → type, over all types and versions of a family. A field that is a number here and a whole number there is
    a number; one whose kinds do not fit together stays in `data` alone, and so do texts that can be erased."""
    found: dict[str, pa.DataType | None] = {}
    for (type_, _), model in sorted(REGISTRY.items()):
        if family_of(type_) != family:
            continue
        for name, info in model.model_fields.items():
            if name in ERASABLE[model]:
                continue
            kind = arrow(info.annotation)
            found[name] = widened(found[name], kind) if name in found else kind
    return {name: kind for name, kind in sorted(found.items()) if kind is not None}


def widened(one: pa.DataType | None, other: pa.DataType | None) -> pa.DataType | None:
    """The type that holds both; None where there is none."""
    if one is None or other is None or one == other:
        return one if one == other else None
    numbers = (pa.int32(), pa.int64(), pa.float64())
    if one in numbers and other in numbers:
        return max(one, other, key=numbers.index)
    return None


def schema_of(family: str) -> pa.Schema:
    """All columns of a file of this family, as it is written today."""
    return pa.schema([*ENVELOPE, *(pa.field(column_of(name), kind) for name, kind in fields_of(family).items())])


def columns_of(schema: pa.Schema) -> str:
    """A digest of names, types and their order: of two files with the same one, what holds for a column of the one
    holds for the other."""
    told = "".join(f"{field.name}\x1f{field.type}\n" for field in schema)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def arrow(annotation: Any) -> pa.DataType | None:
    """The column type of a plain value or a list of them; None for what stays in `data` alone."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return arrow(arguments[0])
    if origin in (Union, types.UnionType):
        kinds = {arrow(a) for a in arguments if a is not type(None)}
        return kinds.pop() if len(kinds) == 1 else None
    if origin is Literal:
        kinds = {SCALARS.get(type(a)) for a in arguments}
        return kinds.pop() if len(kinds) == 1 else None
    if origin in (tuple, list):
        if origin is tuple and (len(arguments) != 2 or arguments[1] is not ...):
            return None
        inner = arrow(arguments[0])
        return pa.list_(inner) if inner in SCALARS.values() else None
    return SCALARS.get(annotation) if isinstance(annotation, type) else None
