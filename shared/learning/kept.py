"""What the fold reads and writes: the log's facts, the model's parts, the net's memory. All in its transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from shared.events.upcast import lifted
from shared.learner import LearnerModel
from shared.learner.forecasting import ASSIGNED, EVALUATED, HINTED, News, as_news
from shared.learner.model.net import MEMORY
from shared.learner.model.stored import GLOBAL, TRAINING, Part
from shared.learning.standing import SQL
from shared.learning.version import version
from shared.store.connect import Connection

ERASED = "goals.learner.erased"
TYPES = [ASSIGNED, HINTED, EVALUATED, ERASED]
"""Of events that the fold looks at."""


@dataclass(frozen=True, slots=True)
class Fact:
    """An event at its position: what it tells the model (None: nothing), or that `subject` was erased."""

    position: int
    subject: str
    erased: bool
    news: News | None


def facts(conn: Connection, after: int, head: int, limit: int) -> list[Fact]:
    """Of the events behind `after` and up to `head`, the first `limit` that the fold looks at, in order of positions.
    What an erased learner did before the erasure still teaches what all share, as it did when it happened; an event of
    theirs behind it tells nothing."""
    asked = {"after": after, "head": head, "types": TYPES, "limit": limit}
    rows = conn.execute(SQL["facts"], asked).fetchall()
    gone: dict[str, int] = dict(conn.execute(SQL["erased_at"], [list({row[1] for row in rows})])) if rows else {}
    found = []
    for position, subject, type_, schema, data, t, first_schema, first in rows:
        erased, news = type_ == ERASED, None
        if not erased and position < gone.get(subject, position + 1):
            assigned = None if first is None else lifted(ASSIGNED, first_schema, first)
            news = as_news(subject, type_, lifted(type_, schema, data), t, assigned)
        found.append(Fact(position, subject, erased, news))
    return found


def parts(conn: Connection, names: Collection[str]) -> dict[str, Part]:
    """Those of these that are kept."""
    return dict(conn.execute(SQL["parts"], [version(), list(names)])) if names else {}


def put(conn: Connection, changed: Mapping[str, Part]) -> int:
    """Writes parts in place of the old; gives how many bytes of JSON."""
    texts = [json.dumps(part, separators=(",", ":")) for part in changed.values()]
    conn.execute(SQL["put_parts"], [version(), list(changed), texts])
    return sum(map(len, texts))


def drop(conn: Connection, names: Collection[str]) -> None:
    if names:
        conn.execute(SQL["drop_parts"], [version(), list(names)])


def remember(conn: Connection, model: LearnerModel, since: int) -> int:
    """Adds the attempts from number `since` on to the memory and takes away what it has outlived; gives the bytes."""
    first, attempts, outcomes = model.net.since(since)
    if not len(outcomes):
        return 0
    body = attempts.tobytes(), outcomes.tobytes()
    conn.execute(SQL["remember"], [version(), first, *body])
    conn.execute(SQL["outlived"], [version(), model.net.kept - MEMORY])
    return sum(map(len, body))


def whole(conn: Connection) -> LearnerModel:
    """The model as it stands, without learners, items and concepts: these are fetched when they are needed."""
    model = LearnerModel.of(parts(conn, (GLOBAL, TRAINING)))
    width = len(model.net.prior)
    for first, attempts, outcomes in conn.execute(SQL["memory"], [version()]):
        x = np.frombuffer(attempts, np.float32).reshape(-1, width)
        model.net.recall(first, x, np.frombuffer(outcomes, np.uint8))
    return model


def names_of(news: Iterable[News]) -> dict[str, None]:
    """The parts that these rest on and change, in the order they are met."""
    return dict.fromkeys(name for one in news for name in one.names())
