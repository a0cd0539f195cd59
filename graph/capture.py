"""A checkpointer over one checkpoint in memory: how a single task runs as a real Pregel task, away from its graph.

Pregel asks for the thread's head and gets ours; tasks of the same superstep that we must not run appear to have
finished; what Pregel wants to save stays here, for the step to commit. It never touches a database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    copy_checkpoint,
)

NO_WRITES = "__no_writes__"
"""LangGraph's own mark of a task that finished without writing (`langgraph._internal._constants.NO_WRITES`, private:
`tests/graph/test_capture.py` pins it). A sibling that bears it is not run again and writes nothing. Memory only."""

Write = tuple[str, str, Any]
"""(task id, channel, value)"""


@dataclass(frozen=True, slots=True)
class Head:
    """A thread's newest checkpoint and the writes its tasks have made so far. `first_step`: where its run began."""

    thread: str
    checkpoint: Checkpoint
    metadata: CheckpointMetadata
    writes: Sequence[Write] = ()
    first_step: int = 0

    @property
    def id(self) -> str:
        return self.checkpoint["id"]

    def finished(self) -> set[str]:
        """Ids of the tasks that have their writes."""
        return {task for task, _, _ in self.writes}

    def config(self) -> RunnableConfig:
        return config_of(self.thread, self.id)


def config_of(thread: str, checkpoint: str | None = None) -> RunnableConfig:
    configurable: dict[str, Any] = {"thread_id": thread, "checkpoint_ns": ""}
    if checkpoint is not None:
        configurable["checkpoint_id"] = checkpoint
    return {"configurable": configurable}


@dataclass
class Captured:
    """What Pregel wanted to save: task writes in order, and the checkpoints after them, newest last."""

    writes: dict[str, list[tuple[str, Any]]] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    checkpoints: list[tuple[Checkpoint, CheckpointMetadata]] = field(default_factory=list)


class Capture(BaseCheckpointSaver[int]):
    """`masked`: ids of sibling tasks that must seem finished."""

    def __init__(self, head: Head | None, masked: Sequence[str] = ()) -> None:
        super().__init__()
        self.captured = Captured()
        self._tuple = None if head is None else self._present(head, masked)

    @staticmethod
    def _present(head: Head, masked: Sequence[str]) -> CheckpointTuple:
        writes: list[Write] = [*head.writes, *((task, NO_WRITES, None) for task in masked)]
        # Pregel changes the checkpoint it is given in place: the head must stay as it was read.
        return CheckpointTuple(head.config(), copy_checkpoint(head.checkpoint), head.metadata, None, writes)

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        return self._tuple

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        self.captured.checkpoints.append((checkpoint, metadata))
        return config_of(config["configurable"]["thread_id"], checkpoint["id"])

    def put_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        self.captured.writes[task_id] = list(writes)
        self.captured.paths[task_id] = task_path

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        return self.get_tuple(config)

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        return self.put(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        self.put_writes(config, writes, task_id, task_path)
