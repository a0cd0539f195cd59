"""Files that nobody reads are looked at, too: a few with every tick, in the order of keys, those of learners' copies
behind those of events, and then from the beginning. What is not what was written is made anew."""

from __future__ import annotations

import time
from dataclasses import dataclass

from shared.lake.copies.making import remake
from shared.lake.errors import Damaged
from shared.lake.manifest import SQL
from shared.lake.mending import mend
from shared.lake.objects import ObjectStore
from shared.lake.spanning import holds
from shared.store.connect import Connection

FILES = 2_000
BYTES = 256 * 1024 * 1024
SECONDS = 20.0
"""Of one look: whichever is used up first. A file is on this disk while it is looked at, a piece of it in memory."""


@dataclass(frozen=True, slots=True)
class Checked:
    """`files` were looked at; `mended` of them, or of copies they belong to, were made anew."""

    files: int
    mended: int


def check(
    conn: Connection, objects: ObjectStore, *, files: int = FILES, most: int = BYTES, seconds: float = SECONDS
) -> Checked:
    """Goes on where the last look ended, by one file at least, also by one of which the object store raises an error:
    that file comes again with the next round. `most`: bytes. Raises the errors of `objects`."""
    until, read = time.monotonic() + seconds, 0
    looked, made = 0, 0
    copies: set[str] = set()
    held: list[str] = []
    due = conn.execute(SQL["to_check"], {"limit": files}).fetchall()
    at = ""
    try:
        for key, size, sha256, learner in due:
            if looked and (read + size > most or time.monotonic() > until):
                break
            at, looked, read = key, looked + 1, read + size
            if learner in copies:
                continue
            if holds(objects, key, sha256):
                held.append(key)
                continue
            if learner is None:
                made += mend(conn, objects, Damaged(f"{key} is gone, or not what was written", key=key))
            else:
                copies.add(learner)
                made += remake(conn, objects, learner)
        else:
            at = at if len(due) == files else ""
    finally:
        conn.execute(SQL["checked"], [at])
        conn.execute(SQL["holds_again"], [held])
    return Checked(looked, made)
