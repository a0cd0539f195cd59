"""What a learner's client has to fetch and to drop: everything, or what has changed behind its cursor."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from shared.lake.copies.making import Part, parts
from shared.lake.manifest import SQL
from shared.store.connect import Connection


@dataclass(frozen=True, slots=True)
class Told:
    """`whole`: `files` is all there is and the client's own list counts no more. `gone`: parts to drop. `digest`: of
    everything a copy holds at `change`, as `digest_of` makes it. `position`: of the log, up to which it tells."""

    change: int
    position: int
    whole: bool
    files: list[Part]
    gone: list[Part]
    digest: str


def tell(conn: Connection, learner: str, after: int) -> Told:
    """A cursor that is ahead of us (a store put back from a backup) is told everything."""
    with conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        row = conn.execute(SQL["learner_stands"], [learner]).fetchone()
        position, change = (int(row[0]), int(row[1])) if row else (0, 0)
        found = parts(conn, learner)
    whole = after <= 0 or after > change
    new = [p for p in found if whole or p.change > after]
    return Told(
        change,
        position,
        whole,
        [p for p in new if p.key],
        [] if whole else [p for p in new if not p.key],
        digest_of((path_of(p), p.sha256) for p in found if p.key),
    )


def path_of(part: Part) -> str:
    """Where it lies within a copy: `attempts/2026-11-000003-0a1b….parquet`. Never used again for other content."""
    return str(part.key).split("/", 2)[2]


def digest_of(files: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over `path sha256\\n` of each file, in the order of paths: equal for equal copies."""
    return hashlib.sha256("".join(f"{path} {sha256}\n" for path, sha256 in sorted(files)).encode()).hexdigest()
