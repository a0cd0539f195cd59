"""One hop of the split graph against one superstep-task of the same graph run whole, in one process, with the stock
PostgresSaver (`durability="sync"`), with 1 and 8 processes, interleaved on the same server.

A hop is all a function does for one command: read the head, run the task, commit it, publish what comes next.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.bench.proxy import CountingProxy


def _given(thread: str) -> dict[str, Any]:
    facts = {"purpose": "submit", "passed": 3, "total": 3, "fault": False, "signature": ""}
    return {
        "learner": "ada", "tenant": "public", "goal": thread, "trigger": "run",
        "inputs": [
            {"id": "e", "type": "goals.run.finished", "facts": facts, "position": 1, "at": "", "correlation": "e"}
        ],
        "at": "2026", "findings": None, "made": None, "written": None,
    }  # fmt: skip


def _bodies(*, speaking: bool = False) -> dict[str, Any]:
    """Bodies that only route; `speaking`: each records an event as well."""
    from graph.decision import NODES, Decision, Said
    from shared.events.catalogue.agents import ProcessReviewed

    said = [Said(ProcessReviewed(thread="t", findings=("bench",)))] if speaking else []

    def body(update: Callable[[Any], dict[str, Any]]) -> Any:
        return lambda state, _view, _now: Decision(update=update(state), events=said)

    def passes(state: Any) -> dict[str, Any]:
        done = (state.get("findings") or {}).get("process", {}).get("passes", 0)
        return {"findings": {"process": {"done": True, "passes": done + 1}}}

    def orders(_: Any) -> dict[str, Any]:
        return {"orders": [{"goal": f"g{n}", "concept": "loops", "because": "next", "round": 1} for n in range(3)]}

    def made(state: Any) -> dict[str, Any]:
        order = state["order"]
        return {"made": [{"order": order, "ok": True, "goal": order["goal"], "concept": "loops"}]}

    special = {
        "access": lambda _: {"access": {"granted": True, "until": "9"}},
        "contract": lambda _: {"contract": {"kept": True, "until": "9"}},
        "process": passes,
        "planner": orders,
        "challenges": made,
        "courses": lambda s: {"written": [s["page"]["goal"]]},
    }
    return {name: body(special.get(name, lambda _: {})) for name in NODES}


def split_runs(conninfo: str, seconds: float, *, speaking: bool = False) -> list[float]:
    """Milliseconds of each hop of whole runs, started one after the other for `seconds`."""
    import json

    from psycopg.types.json import Jsonb

    from graph.build import build
    from graph.host import STORE
    from graph.saver import checkpoint_row
    from graph.step import NodeCommand, Step, node_message
    from graph.threads import SQL
    from graph.tick import tick
    from shared.bus.postgres import PostgresBus
    from shared.store import connect, outbox

    now = datetime(2026, 11, 23, tzinfo=UTC)
    bus = PostgresBus(conninfo)
    step = Step(build(_bodies(speaking=speaking)), STORE.publishing_to(bus), lambda: now)
    hops: list[float] = []
    with connect(conninfo) as conn:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            thread = f"goal/{uuid.uuid4()}"
            advance = tick(step.graph, thread, None, _given(thread), (), None)
            checkpoint, metadata = advance.captured.checkpoints[-1]
            with conn.transaction():
                row = checkpoint_row(thread, checkpoint, metadata, None)
                conn.execute(SQL["move_thread"], (*row, Jsonb(advance.tasks), 0))
            queue = [node_message(thread, checkpoint["id"], t, "ada", now, "e") for t in advance.tasks]
            while queue:
                message = queue.pop(0)
                data = json.loads(message.body)["data"]
                name = message.key.rsplit(".", 1)[-1]
                began = time.perf_counter()
                _, outgoing = step.run(conn, NodeCommand(data["thread"], data["checkpoint"], data["task"], name))
                outbox.send(conn, bus, outgoing)
                hops.append((time.perf_counter() - began) * 1e3)
                queue += outgoing.messages
    bus.close()
    return hops


def whole_runs(conninfo: str, seconds: float) -> list[float]:
    """Milliseconds of a task of the same graph run whole (a run's time over its tasks), for `seconds`."""
    import psycopg
    from langgraph.checkpoint.postgres import PostgresSaver
    from psycopg.rows import dict_row

    from graph.build import build
    from graph.capture import config_of
    from graph.node import Hands

    now = datetime(2026, 11, 23, tzinfo=UTC)
    tasks = 0

    def counted(body: Any) -> Any:
        def run(state: Any, view: Any, at: Any) -> Any:
            nonlocal tasks
            tasks += 1
            return body(state, view, at)

        return run

    hands = Hands(None, lambda: now, lambda _: None)  # type: ignore[arg-type]
    with psycopg.connect(conninfo, autocommit=True, prepare_threshold=0, row_factory=dict_row) as conn:
        graph = build({n: counted(b) for n, b in _bodies().items()}, checkpointer=PostgresSaver(conn), interrupt=False)
        each: list[float] = []
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            thread = str(uuid.uuid4())
            tasks = 0
            began = time.perf_counter()
            graph.invoke(_given(thread), config_of(thread), context=hands, durability="sync")
            each += [(time.perf_counter() - began) * 1e3 / tasks] * tasks
    return each


def _worker(kind: str, conninfo: str, seconds: float, results: Any) -> None:
    results.put({"split": split_runs, "whole": whole_runs}[kind](conninfo, seconds))


def in_processes(kind: str, conninfo: str, processes: int, seconds: float) -> list[float]:
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    workers = [context.Process(target=_worker, args=(kind, conninfo, seconds, results)) for _ in range(processes)]
    for worker in workers:
        worker.start()
    times = [ms for _ in workers for ms in results.get()]
    for worker in workers:
        worker.join()
    return times


def round_trips(conninfo: str) -> float:
    """Times the connection turned from sending to receiving, for each hop, seen by a proxy in between."""
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    at = conninfo_to_dict(conninfo)
    with CountingProxy(str(at["host"]), int(str(at["port"]))) as proxy:
        through = make_conninfo(conninfo, port=str(proxy.port))
        split_runs(through, 0.5, speaking=True)
        proxy.turns = 0
        hops = split_runs(through, 1.5, speaking=True)
    return proxy.turns / len(hops)


def bench(conninfo: str) -> dict[str, float]:
    import psycopg
    from langgraph.checkpoint.postgres import PostgresSaver
    from psycopg.conninfo import make_conninfo

    with psycopg.connect(conninfo, autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS bench_stock")
        admin.execute("CREATE DATABASE bench_stock")
    stock = make_conninfo(conninfo, dbname="bench_stock")
    with PostgresSaver.from_conn_string(stock) as saver:
        saver.setup()
    found: dict[str, float] = {}
    for processes in (1, 8):
        rounds = [
            (in_processes("split", conninfo, processes, 4), in_processes("whole", stock, processes, 4))
            for _ in range(2)
        ]
        split = [ms for s, _ in rounds for ms in s]
        whole = [ms for _, w in rounds for ms in w]
        found[f"hop_ms_{processes}"] = statistics.median(split)
        found[f"whole_ms_{processes}"] = statistics.median(whole)
        found[f"ratio_{processes}"] = statistics.median(split) / statistics.median(whole)
    found["round_trips"] = round_trips(conninfo)
    return found


if __name__ == "__main__":
    for name, value in bench(os.environ["BENCH_DATABASE"]).items():
        print(f"{name:16} {value:8.2f}")
