"""Our checkpointer keeps LangGraph's own promises: its conformance suite, and the stock saver's results."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import CheckpointTuple
from langgraph.checkpoint.conformance import checkpointer_test
from langgraph.checkpoint.conformance.validate import validate
from langgraph.checkpoint.memory import InMemorySaver

from graph.build import build
from graph.capture import config_of
from graph.node import Hands
from graph.saver import PostgresCheckpointer
from shared.readmodel import View
from shared.store import connect
from shared.store.connect import Connection
from tests.graph.conftest import START, standard_bodies


class InAnEventLoop(PostgresCheckpointer):
    """The suite is asynchronous; our saver is not. Each call is simply made."""

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        return self.get_tuple(config)

    async def alist(self, config: RunnableConfig | None, **kwargs: Any) -> AsyncIterator[CheckpointTuple]:
        for found in self.list(config, **kwargs):
            yield found

    async def aput(self, config: Any, checkpoint: Any, metadata: Any, new_versions: Any) -> RunnableConfig:
        return self.put(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: Any, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        self.put_writes(config, writes, task_id, task_path)

    async def adelete_thread(self, thread_id: str) -> None:
        self.delete_thread(thread_id)

    async def aprune(self, thread_ids: Sequence[str], *, strategy: str = "keep_latest") -> None:
        self.prune(thread_ids, strategy=strategy)


def test_it_passes_langgraph_s_conformance_suite(database: str) -> None:
    @checkpointer_test(name="lean postgres")
    async def lean() -> AsyncGenerator[InAnEventLoop, None]:
        with connect(database) as conn:
            yield InAnEventLoop(conn)

    report = asyncio.run(validate(lean))
    failed = {name: r.failures for name, r in report.results.items() if r.detected and not r.passed}
    assert not failed
    assert report.passed_all_base()


def test_a_graph_run_whole_on_it_ends_as_on_the_stock_saver(conn: Connection) -> None:
    given = {
        "learner": "ada",
        "tenant": "public",
        "goal": "g0",
        "trigger": "run",
        "inputs": [{"id": "e", "type": "goals.hint.asked", "facts": {}, "position": 1, "at": "", "correlation": "e"}],
        "at": "2026",
        "findings": None,
        "made": None,
        "written": None,
    }
    hands = Hands(View(conn), lambda: START, lambda _: None)
    ends = []
    for saver in (PostgresCheckpointer(conn), InMemorySaver()):
        graph = build(standard_bodies(), checkpointer=saver, interrupt=False)
        graph.invoke(given, config_of("t"), context=hands, durability="sync")
        ends.append(graph.get_state(config_of("t")))
    assert ends[0].values == ends[1].values
    assert ends[0].next == ends[1].next == ()
