"""LangGraph checkpoints in our own two tables, leaner than the stock saver: one row holds a whole checkpoint.

The step (`step.py`) reads and writes these rows inside its own transactions; `PostgresCheckpointer` gives the same rows
to whoever wants them through LangGraph's interface: a graph run whole, state inspection, erasure.
Passes the base suite of langgraph's checkpoint conformance (`tests/graph/test_saver.py`).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    WRITES_IDX_MAP,
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    get_checkpoint_id,
    get_checkpoint_metadata,
)
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from graph.capture import Head, Write
from graph.threads import SQL, forget
from shared.store.connect import Connection

SERDE = JsonPlusSerializer()


def head_of(thread: str, row: Sequence[Any]) -> tuple[Head, list[dict[str, str]]]:
    """A row of `head`: the thread's head, and its pending tasks as {"task", "name"}."""
    kind, blob, metadata, first_step, pending, writes = row
    loaded: list[Write] = [
        (task, channel, SERDE.loads_typed((wkind, base64.b64decode(value)))) for task, channel, wkind, value in writes
    ]
    head = Head(thread, SERDE.loads_typed((kind, bytes(blob))), metadata, loaded, first_step)
    return head, pending


def write_rows(
    thread: str, checkpoint: str, task: str, path: str, writes: Sequence[tuple[str, Any]], ns: str = ""
) -> list[tuple[Any, ...]]:
    """Parameters of `put_write`, one for each write. Special channels have fixed negative places (LangGraph's rule)."""
    rows = []
    for place, (channel, value) in enumerate(writes):
        kind, blob = SERDE.dumps_typed(value)
        rows.append((thread, ns, checkpoint, task, path, WRITES_IDX_MAP.get(channel, place), channel, kind, blob))
    return rows


def checkpoint_row(
    thread: str, checkpoint: Checkpoint, metadata: Mapping[str, Any], parent: str | None, ns: str = ""
) -> tuple[Any, ...]:
    """Parameters of `put_checkpoint`."""
    kind, blob = SERDE.dumps_typed(checkpoint)
    return (thread, ns, checkpoint["id"], parent, kind, blob, json.dumps(metadata, default=str))


class PostgresCheckpointer(BaseCheckpointSaver[int]):
    """LangGraph's interface to our checkpoints, on one connection (autocommit). Not for several threads at once."""

    def __init__(self, conn: Connection) -> None:
        super().__init__(serde=SERDE)
        self._conn = conn

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        thread, ns = _address(config)
        wanted = get_checkpoint_id(config)
        row = self._conn.execute(SQL["get_checkpoint"], [thread, ns, wanted, wanted]).fetchone()
        return None if row is None else self._tuple(thread, *row)

    def list(
        self,
        config: RunnableConfig | None,
        *,
        filter: Mapping[str, Any] | None = None,  # noqa: A002  the base class's own name
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> Iterator[CheckpointTuple]:
        configurable = config["configurable"] if config else {}
        parameters = {
            "thread": configurable.get("thread_id"),
            "ns": configurable.get("checkpoint_ns"),
            "id": get_checkpoint_id(config) if config else None,
            "before": get_checkpoint_id(before) if before else None,
            "filter": json.dumps(filter or {}),
            "limit": limit,
        }
        for row in self._conn.execute(SQL["list_checkpoints"], parameters).fetchall():
            yield self._tuple(*row)

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        thread, ns = _address(config)
        facts = get_checkpoint_metadata(config, metadata)
        row = checkpoint_row(thread, checkpoint, facts, get_checkpoint_id(config), ns)
        self._conn.execute(SQL["put_checkpoint"], row)
        return _config(thread, ns, checkpoint["id"])

    def put_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        thread, ns = _address(config)
        special = all(channel in WRITES_IDX_MAP for channel, _ in writes)
        query = SQL["replace_write" if special else "put_write"]
        rows = write_rows(thread, config["configurable"]["checkpoint_id"], task_id, task_path, writes, ns)
        self._conn.cursor().executemany(query, rows)

    def delete_thread(self, thread_id: str) -> None:
        forget(self._conn, thread_id)

    def prune(self, thread_ids: Sequence[str], *, strategy: str = "keep_latest") -> None:
        for thread in thread_ids:
            if strategy == "delete":
                self.delete_thread(thread)
            else:
                self._conn.execute(SQL["keep_latest"], {"thread": thread})

    def _tuple(self, thread: str, *row: Any) -> CheckpointTuple:
        ns, id_, parent, kind, blob, metadata = row
        writes: list[Write] = [
            (task, channel, SERDE.loads_typed((wkind, bytes(value))))
            for task, channel, wkind, value in self._conn.execute(SQL["list_writes"], [thread, ns, id_])
        ]
        return CheckpointTuple(
            _config(thread, ns, id_),
            SERDE.loads_typed((kind, bytes(blob))),
            metadata,
            _config(thread, ns, parent) if parent else None,
            writes,
        )


def _address(config: RunnableConfig) -> tuple[str, str]:
    configurable = config["configurable"]
    return str(configurable["thread_id"]), str(configurable.get("checkpoint_ns", ""))


def _config(thread: str, ns: str, checkpoint: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread, "checkpoint_ns": ns, "checkpoint_id": checkpoint}}
