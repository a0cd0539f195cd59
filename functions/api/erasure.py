"""Erasing a learner: what is theirs is deleted; the log keeps facts that say nothing about a person."""

from __future__ import annotations

from functions.api.services import SOURCE, SQL, Services
from graph.threads import forget, lock
from shared.auth import accounts
from shared.auth.tokens import Claims
from shared.events.catalogue.learners import LearnerErased
from shared.events.record import new_event
from shared.ids import derived_id
from shared.learning import standing as learner_model
from shared.store import payloads
from shared.store.append import Outgoing, Receipt
from shared.store.connect import Connection


def erase(here: Services, claims: Claims) -> Receipt:
    """Answers of a model first, in Redis, where from now on no more are kept of theirs; then all in one transaction.
    Repeating it is harmless. Raises Unavailable.

    Locks in the order of the graph's step: threads, then the log. Their names are read before, so that no table of the
    read model is held while it may be swapped; a goal that is made in between holds no text of theirs.
    """
    here.answers.forget(claims.learner)
    with here.connection() as conn:
        threads = _threads(conn, claims.learner)
        with conn.transaction():
            receipt, outgoing = _erase(here, conn, claims, threads)
    here.ingest.standing.forget(claims.learner)
    here.committed(outgoing)
    return receipt


def _erase(here: Services, conn: Connection, claims: Claims, threads: list[str]) -> tuple[Receipt, Outgoing]:
    for thread in threads:  # as the graph's step does: no run of theirs commits meanwhile
        lock(conn, thread)
    count = payloads.erase(conn, claims.learner)
    learner_model.erase(conn, claims.learner)
    accounts.close(conn, claims.learner)
    for thread in threads:
        forget(conn, thread)
    conn.execute(SQL["forget_rejections"], [claims.learner])
    return _record(here, conn, claims, count)


def _threads(conn: Connection, learner: str) -> list[str]:
    goals = [f"goal/{row[0]}" for row in conn.execute(SQL["goals_all"], [learner])]
    return [f"learner/{learner}", *sorted(goals)]


def _record(here: Services, conn: Connection, claims: Claims, count: int) -> tuple[Receipt, Outgoing]:
    event = new_event(
        LearnerErased(payloads=count),
        id=derived_id("erased", claims.learner),
        source=SOURCE,
        subject=claims.learner,
        time=here.clock(),
        correlation=derived_id("erased", claims.learner),
        tenant=claims.tenant,
    )
    appended = here.store.append_one(conn, [event])
    result = appended.results[0]
    assert isinstance(result, list)  # noqa: S101  append_one raises otherwise; for the type checker
    return result[0], appended.outgoing
