"""What a crash cut off is run again: requests in the log whose end is not there."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from functions.api.ending import receipt_of
from functions.api.run import Job, Run, challenge_for, run_id
from shared.curriculum import Curriculum
from shared.errors import GoalsError, NotFound
from shared.store.connect import Pool
from shared.store.log import event_of
from shared.store.queries import load

if TYPE_CHECKING:
    from functions.api.runs import Runs

SQL = load(Path(__file__).with_name("queries.sql"))
EVERY = 60.0
"""Seconds."""
OLD = 120.0
"""Seconds a request must be old after the first look: it may be another instance's, and go on."""
log = structlog.get_logger(__name__)


class Recovery:
    """A thread of its own, from `start` until `ending` is set."""

    def __init__(self, runs: Runs, pool: Pool, curriculum: Curriculum, ending: threading.Event) -> None:
        self._runs, self._pool, self._curriculum, self._ending = runs, pool, curriculum, ending
        self._thread = threading.Thread(target=self._often, name="run recovery", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def join(self) -> None:
        if self._thread.is_alive():
            self._thread.join(5)

    def once(self, *, older: float = 0.0, window: int = 20_000, most: int = 200) -> int:
        """Runs what was requested and never finished, among the log's last `window` events; gives how many.

        `older`: seconds a request must be old, so that another instance's runs are left to it. Where both run it,
        the second result is a duplicate by its id: harmless.
        """
        with self._pool.connection() as conn:
            rows = conn.execute(SQL["unfinished_runs"], [window, older, most]).fetchall()
            requests = {run_id(event.subject, event.id): event for event in map(event_of, rows)}
            done = {row[0] for row in conn.execute(SQL["known_runs"], [list(requests)])}
            left = []
            for identity, request in requests.items():
                if identity in done or self._runs.knows(identity):
                    continue
                try:
                    challenge = challenge_for(conn, self._curriculum, request.data["goal"])
                    job = Job.of(conn, request, len(challenge.cases))
                    run = Run(identity, request.data["goal"], request.subject, request.id, job)
                    left.append((run, request, job, challenge))
                except NotFound as error:
                    log.warning("run.not_recovered", run=identity, error=error.detail)
        for run, request, job, challenge in reversed(left):
            if self._ending.is_set():
                break
            _, first = self._runs.admit(run, recovered=True)
            if first and job.code:
                self._runs.launch(run, receipt_of(request), job, challenge).result()
            elif first:
                self._runs.leave(run)  # erased meanwhile: there is nothing left to run
        return len(left)

    def _often(self) -> None:
        older = 0.0
        while not self._ending.is_set():
            try:
                if count := self.once(older=older):
                    log.info("run.recovered", count=count)
                older = OLD
            except (psycopg.Error, PoolTimeout, GoalsError) as error:
                log.warning("run.recovery_waits", error=str(error))
            self._ending.wait(EVERY)
