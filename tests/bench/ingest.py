"""Durable interactions a second through the API, against a bare batched insert of the same rows.

Both sides write the same rows to the same kind of table on the same server, in batches of the same size, and count a
batch when its commit has been confirmed. Bodies are made before the clock starts. Rounds alternate.
"""

from __future__ import annotations

import http.client
import json
import statistics
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
from psycopg.types.json import Jsonb
from pydantic_core import to_json

from shared.settings import Settings
from shared.store.queries import SQL
from tests.bench.parts import api, assign, free_port, fresh, learner

BATCH = 100
CLIENTS = 16
BATCHES = 160
ROUNDS = 3


def bodies(count: int, goal: str) -> list[bytes]:
    now = datetime.now(UTC).isoformat()
    return [
        json.dumps(
            [
                {
                    "specversion": "1.0",
                    "id": str(uuid.uuid4()),
                    "source": "/editor",
                    "type": "goals.code.edited",
                    "time": now,
                    "data": {"goal": goal, "inserted": 12, "deleted": 3, "seconds": 2.5},
                }
                for _ in range(BATCH)
            ]
        ).encode()
        for _ in range(count)
    ]


def through_the_api(port: int, tokens: list[str], goals: list[str]) -> float:
    work = [bodies(BATCHES // CLIENTS, goal) for goal in goals]

    def client(token: str, mine: list[bytes]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"content-type": "application/cloudevents-batch+json", "authorization": f"Bearer {token}"}
        for body in mine:
            connection.request("POST", "/v1/interactions", body, headers)
            response = connection.getresponse()
            text = response.read()
            assert response.status == 200, text[:300]
            assert text.count(b'"recorded"') == BATCH, text[:300]
        connection.close()

    began = time.perf_counter()
    with ThreadPoolExecutor(len(tokens)) as pool:
        list(pool.map(client, tokens, work))  # a client's failure is the bench's
    return BATCHES * BATCH / (time.perf_counter() - began)


COLUMNS = (
    "position", "stream", "version", "id", "source", "type", "schema_version", "subject", "tenant", "time",
    "correlation", "data",
)  # fmt: skip
INSERT = f"INSERT INTO events ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"  # noqa: S608


def bare(conninfo: str, *, as_the_store: bool) -> float:
    """`executemany` in a transaction a batch, which psycopg pipelines; or the store's own statement. Nothing else: no
    lock, no read model, no queues, no HTTP, no checks."""
    now = datetime.now(UTC)
    data = {"goal": "g1", "inserted": 12, "deleted": 3, "pasted": 0, "seconds": 2.5, "idle": 0}
    with psycopg.connect(conninfo, autocommit=True) as conn:
        (head,) = conn.execute("SELECT coalesce(max(position), 0) FROM events").fetchone() or (0,)
        batches = []
        for n in range(BATCHES):
            rows = []
            for position in range(head + n * BATCH + 1, head + (n + 1) * BATCH + 1):
                id_ = str(uuid.uuid4())
                rows.append(
                    (position, "activity/bare", position, id_, "/learners/bare", "goals.code.edited", 1, "bare",
                     "public", now, id_, data)
                )  # fmt: skip
            batches.append(rows)
        began = time.perf_counter()
        for rows in batches:
            if as_the_store:
                conn.execute(
                    SQL["insert_events"], [to_json([dict(zip(COLUMNS, r, strict=True)) for r in rows]).decode()]
                )
            else:
                with conn.transaction():
                    conn.cursor().executemany(INSERT, [(*r[:-1], Jsonb(r[-1])) for r in rows])
        return BATCHES * BATCH / (time.perf_counter() - began)


def bench(settings: Settings) -> dict[str, float]:
    port = free_port()
    theirs, ours = fresh(settings, "bench_bare"), fresh(settings, "bench_ingest")
    api_rates, bare_rates, store_rates = [], [], []
    with api(ours, port):
        people = [learner(port) for _ in range(CLIENTS)]
        goals, tokens = [assign(ours, who) for who, _ in people], [token for _, token in people]
        through_the_api(port, tokens, goals)
        for _ in range(ROUNDS):
            bare_rates.append(bare(theirs.database_url, as_the_store=False))
            api_rates.append(through_the_api(port, tokens, goals))
            store_rates.append(bare(theirs.database_url, as_the_store=True))
    mine, other, own = (statistics.median(rates) for rates in (api_rates, bare_rates, store_rates))
    return {
        "interactions_per_s": mine,
        "executemany_rows_per_s": other,
        "store_statement_rows_per_s": own,
        "ratio": mine / other,
        "ratio_to_store_statement": mine / own,
    }


if __name__ == "__main__":
    import tempfile
    from pathlib import Path

    from tests.bench.parts import servers

    with tempfile.TemporaryDirectory(prefix="goals-bench-") as folder:
        Path(folder).chmod(0o755)
        with servers(Path(folder)) as found:
            print(bench(found))
