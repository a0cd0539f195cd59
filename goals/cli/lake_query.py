"""`goals lake query`: SQL over one's own copy, or over the lake where it lies."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from goals.cli.lake import Folder, place
from goals.cli.options import Email, Server
from goals.cli.screen import console
from goals.cli.up import Data, data_home
from shared.errors import InvalidInput

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from goals.analytics.opening import Filters

Whole = Annotated[bool, typer.Option("--lake", help="Of everybody, on the machine of the lake; not of your own copy.")]
Tenant = Annotated[str | None, typer.Option("--tenant", help="Only of this tenant.")]
Course = Annotated[str | None, typer.Option("--course", help="Only goals of this course.")]
Since = Annotated[
    str | None, typer.Option("--since", metavar="DAY", help="Only what was tried since then, as 2026-11-29.")
]


TABLE = 1_000
"""Rows of a table that nobody asked to be longer."""


def query(
    context: typer.Context,
    sql: Annotated[str | None, typer.Argument(help="A question in SQL; none: what there is to ask.")] = None,
    whole: Whole = False,
    form: Annotated[Literal["table", "csv", "json"], typer.Option("--format", help="How it is shown.")] = "table",
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help=f"Rows at most; of a table {TABLE:,}, if you do not say.")
    ] = None,
    tenant: Tenant = None,
    course: Course = None,
    since: Since = None,
    folder: Folder = None,
    data: Data = None,
    server: Server = None,
    account: Email = None,
) -> None:
    """Ask your copy (or the lake) in SQL. Ready views: cohort_progress, hardest_challenges, hint_use, retention_curves,
    time_to_mastery."""
    from goals.analytics.asking import piecewise
    from goals.analytics.opening import of_copy

    _fit(context, whole)
    if whole:
        opened = lake(data, sql or "", {"tenant": tenant, "course": course, "since": day(since)})
    else:
        where = folder.expanduser().absolute() if folder else place(server, account, None)[1]
        opened = of_copy(where, sql or "")
    most = limit or (TABLE if form == "table" else None)
    with opened as db:
        more = shown(piecewise(db, sql or TABLES, limit=most + 1 if most else None), form, most)
    if more:
        words = (
            "There are more rows than these {:,}: `--limit` brings more, `--format csv` and `json` alone all of them."
        )
        console(errors=True).print(words.format(most), soft_wrap=True)


def _fit(context: typer.Context, whole: bool) -> None:
    """No option is taken that changes nothing. What the environment says is not meant for this question alone."""
    others = ("folder", "server", "account") if whole else ("tenant", "course", "since", "data")
    sources = {name: context.get_parameter_source(name) for name in others}
    said = [f"--{name}" for name, source in sources.items() if source is not None and source.name == "COMMANDLINE"]
    if said:
        what = "your own copy, and --lake asks the lake" if whole else "the lake, and this asks your own copy"
        hint = "leave it out" if whole else "add `--lake`, on the machine of the lake; or write it into the question"
        raise InvalidInput(f"{' and '.join(said)} {'is' if len(said) == 1 else 'are'} for {what}", hint=hint)


@contextmanager
def lake(data: Path | None, sql: str, filters: Filters) -> Iterator[duckdb.DuckDBPyConnection]:
    """The lake of the system on this machine, or the one that the settings name."""
    from goals.analytics.opening import families_in, of_lake
    from goals.cli.local import parts
    from shared.lake.objects import open_objects
    from shared.store.connect import connect

    settings = parts((data or data_home()).expanduser().absolute())
    with (
        connect(settings.database_url, name="goals-query") as conn,
        of_lake(conn, open_objects(settings), families_in(sql), filters=filters) as db,
    ):
        yield db


def day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput(f"{text!r} is no day", hint="for example 2026-11-29") from None


TABLES = """
SELECT table_name AS "table", string_agg(column_name, ', ' ORDER BY column_index) AS columns
FROM duckdb_columns() WHERE NOT internal AND table_name NOT LIKE '%\\_none' ESCAPE '\\'
GROUP BY table_name ORDER BY table_name
"""


def shown(pieces: Iterator[pa.RecordBatch], form: str, most: int | None) -> bool:
    """Rows for people, or for programs, as they come; the first of `pieces` has none. Says whether there are more."""
    schema = next(pieces).schema
    rows = (row for piece in pieces for row in piece.to_pylist())
    some = islice(rows, most)
    if form == "json":
        _as_json({name: _plain(value) for name, value in row.items()} for row in some)
    elif form == "csv":
        out = csv.writer(sys.stdout)
        out.writerow(schema.names)
        out.writerows([_plain(value) for value in row.values()] for row in some)
    else:
        from rich.markup import escape
        from rich.table import Table

        pretty = Table(box=None, pad_edge=False)
        for name, kind in zip(schema.names, schema.types, strict=True):
            numeric = str(kind) in ("double", "int32", "int64", "uint64") or str(kind).startswith("decimal")
            pretty.add_column(name, justify="right" if numeric else "left", overflow="fold")
        for row in some:
            pretty.add_row(*(escape(_word(value)) for value in row.values()))
        console().print(pretty)
    return next(rows, None) is not None


def _as_json(rows: Iterator[dict[str, Any]]) -> None:
    """As `as_json` writes a list, one after another."""
    sys.stdout.write("[")
    end = "]\n"
    for number, row in enumerate(rows):
        told = indent(json.dumps(row, indent=2, ensure_ascii=False), "  ")
        sys.stdout.write(f"{',' if number else ''}\n{told}")
        end = "\n]\n"
    sys.stdout.write(end)


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)


def _word(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 1_000 else f"{value:,.0f}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
