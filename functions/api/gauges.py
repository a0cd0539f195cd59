"""What stands still or waits, read when figures are collected: queues, threads, the log's head, how far the lake and
the learner model are."""

from __future__ import annotations

from collections.abc import Iterator

from functions.api.services import SQL, Services
from graph.topology import QUEUES
from shared.learning import standing as learner_model
from shared.store import outbox
from shared.telemetry import Gauge


def gauges(here: Services) -> Iterator[Gauge]:
    """Raises what the database or the broker raises."""
    with here.connection() as conn:
        waiting, threads = conn.execute(SQL["waiting"]).fetchone() or (0, 0)
        busy, oldest = conn.execute(SQL["threads_busy"]).fetchone() or (0, 0)
        head, lake = conn.execute(SQL["positions"]).fetchone() or (0, 0)
        model = learner_model.position(conn)
        yield Gauge("goals_outbox", "Rows still to be published.", outbox.depth(conn))
    yield Gauge("goals_waiting_inputs", "Inputs that the graph has not taken yet.", waiting)
    yield Gauge("goals_waiting_threads", "Threads they wait for.", threads)
    yield Gauge("goals_busy_threads", "Threads with a task under way.", busy)
    yield Gauge("goals_busy_oldest_seconds", "Since the longest of them moved.", oldest)
    yield Gauge("goals_log_position", "Of the newest event.", head)
    yield Gauge("goals_lake_lag_events", "Events that are not in the lake yet.", head - lake)
    yield Gauge("goals_learner_model_lag_events", "Events that the learner model has not come to yet.", head - model)
    yield Gauge("goals_runs_going", "Runs of learners' code under way.", here.runs.going)
    for queue in QUEUES:
        yield Gauge("goals_queue_messages", "That wait in a queue.", here.bus.depth(queue.name), {"queue": queue.name})
