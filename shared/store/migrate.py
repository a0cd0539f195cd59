"""Numbered SQL files, each applied once, in order, under one lock; then the read model, if its version moved."""

from __future__ import annotations

from pathlib import Path
from typing import LiteralString

from shared.store.connect import connect

FOLDER = Path(__file__).with_name("migrations")


def migrate(conninfo: str) -> list[str]:
    """Brings a database to the present schema; gives the names of what it applied.

    Repeatable, and safe to run twice at once.
    """
    applied = []
    with connect(conninfo, name="goals-migrate") as conn:
        conn.execute("SET statement_timeout = 0; SET lock_timeout = 0")
        conn.execute("SELECT pg_advisory_lock(7471)")
        conn.execute("CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, at timestamptz DEFAULT now())")
        done = {name for (name,) in conn.execute("SELECT name FROM migrations")}
        for file in sorted(FOLDER.glob("*.sql")):
            if file.stem in done:
                continue
            with conn.transaction():
                conn.execute(_trusted(file))
                conn.execute("INSERT INTO migrations (name) VALUES (%s)", [file.stem])
            applied.append(file.stem)
        conn.execute("SELECT pg_advisory_unlock(7471)")
    return applied


def _trusted(file: Path) -> LiteralString:
    """Our own migration: constant text, whatever the type checker may think of a file."""
    text: LiteralString = file.read_text("utf-8")  # type: ignore[assignment,unused-ignore]
    return text
