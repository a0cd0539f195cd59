"""How far the model has come, what it weighs, and how it goes: one learner's part, or all of it to be learnt anew.

Without numpy, which only those need who predict or learn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from shared.learning.version import version
from shared.store.connect import Connection
from shared.store.queries import load

SQL = load(Path(__file__).with_name("queries.sql"))
ABANDONED = timedelta(hours=1)
"""A fold by other code that has not moved for so long goes: nobody keeps it any more."""


@dataclass(frozen=True, slots=True)
class Stands:
    """`position`: the log is learnt from up to here; `learnt`: outcomes; `ready`: it has once been at the log's end."""

    version: str
    position: int
    learnt: int
    ready: bool


def stands(conn: Connection) -> Stands | None:
    """None where nothing was ever learnt by this code."""
    row = conn.execute(SQL["stands"], [version()]).fetchone()
    return Stands(*row) if row else None


def position(conn: Connection) -> int:
    """The log is learnt from up to here; 0 where nothing was."""
    found = stands(conn)
    return found.position if found else 0


def begun(conn: Connection, now: datetime) -> Stands:
    """The same; begins where there is nothing."""
    found = stands(conn)
    if found is None:
        conn.execute(SQL["begin"], [version(), now])
        found = Stands(version(), 0, 0, False)
    return found


def moved(conn: Connection, before: int, after: int, *, learnt: int, ready: bool, now: datetime) -> None:
    conn.execute(
        SQL["moved"],
        {"version": version(), "before": before, "after": after, "learnt": learnt, "ready": ready, "now": now},
    )


def erase(conn: Connection, learner: str) -> None:
    """In the erasing transaction. What is still to be folded of theirs is deleted by the fold itself."""
    conn.execute(SQL["erase_learner"], {"learner": learner})


def sweep_out(conn: Connection, now: datetime) -> list[str]:
    """Deletes what other versions of the code had learnt, once nobody goes on with it; gives the versions. In a
    transaction of its own."""
    gone = [v for (v,) in conn.execute(SQL["others"], [version(), now - ABANDONED])]
    forget(conn, gone)
    return gone


def forget(conn: Connection, versions: Sequence[str]) -> None:
    """Deletes whole models, in a transaction of its own: the next sweep learns that of this code anew, from the log's
    beginning. Waits for a writer."""
    if versions:
        conn.execute(SQL["lock"])
        conn.execute(SQL["drop_fold"], {"versions": list(versions)})


@dataclass(frozen=True, slots=True)
class Lag:
    """`events` of the log are still to come; `learnt`: outcomes so far; `parts`, `bytes`: what is kept."""

    learnt: int
    ready: bool
    events: int
    parts: int
    bytes: int


def lag(conn: Connection) -> Lag:
    asked = {"version": version()}
    stands_, weighed = conn.execute(SQL["lag"], asked).fetchone(), conn.execute(SQL["weighed"], asked).fetchone()
    assert stands_ is not None and weighed is not None  # noqa: S101  both are of one row
    return Lag(*stands_, *map(int, weighed))
