"""A run under way: the runner asked, what it says passed on, the end recorded. Whatever happens, followers get a last
frame."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from functions.api.ending import event_of, last_frame, told
from functions.api.outcome import finished, for_client
from functions.api.run import Job, Run
from functions.api.runner import Frame, Runner, request_of
from shared.clock import Clock
from shared.curriculum import Challenge
from shared.errors import GoalsError, TooManyRequests, Unavailable
from shared.events.record import NewEvent
from shared.refusals import say
from shared.store import log as events
from shared.store.append import Receipt
from shared.store.batching import BatchingAppender
from shared.store.connect import Pool
from shared.telemetry import meter, tracer

log = structlog.get_logger(__name__)


class Execution:
    """`ending`: set when the server stops. One for all runs; each call is one run, in the thread that calls."""

    def __init__(
        self, pool: Pool, appender: BatchingAppender, runner: Runner, clock: Clock, ending: threading.Event
    ) -> None:
        self._pool, self._appender, self._runner = pool, appender, runner
        self._clock, self._ending = clock, ending

    def __call__(self, run: Run, job: Job, challenge: Challenge) -> None:
        """Streams and records. Raises nothing: what fails is a run that the recovery runs again."""
        with tracer().span("run", job.correlation, root=True, purpose=job.purpose, language=challenge.language):
            self._execute(run, job, challenge)

    def _execute(self, run: Run, job: Job, challenge: Challenge) -> None:
        try:
            began = time.perf_counter()
            cases, end = self._stream(run, job, challenge)
            if run.over:
                return  # cancelled
            ms = (time.perf_counter() - began) * 1_000
            body = finished(
                goal=run.goal,
                run=run.id,
                purpose=job.purpose,
                code=job.ref,
                challenge=challenge,
                cases=cases,
                end=end,
                ms=ms,
            )
            meter().ran(body.verdict, body.mode, body.ms / 1_000)
            event = event_of(body, run, job, self._clock)
            receipt = self._record(event)
            if receipt.new:
                frame = last_frame(event.type, event.data, receipt.position, body.report)
            else:  # it was ended elsewhere: what is in the log is what it came to
                with self._pool.connection() as conn:
                    [end_of] = events.of_ids(conn, run.learner, [run.id])
                    frame = told(conn, end_of)
            run.add(frame, last=True)
        except Exception as error:  # a thread's end: the recovery runs it again
            log.error("run.not_recorded", run=run.id, exc_info=error)
            run.add({"type": "problem", "problem": Unavailable(say("run_not_recorded"))}, last=True)

    def _stream(self, run: Run, job: Job, challenge: Challenge) -> tuple[list[Frame], Frame | None]:
        """The cases and the runner's last word (None: it failed us). A full runner is asked again for a while."""
        request = request_of(run.id, challenge, job.code, run.learner)
        for pause in (0.3, 1.0, 2.0, 4.0, 0.0):
            if run.over:
                break
            try:
                return self._listen(run, challenge, self._runner.run(request))
            except TooManyRequests as error:
                log.warning("run.waits", run=run.id, error=error.detail)
                if run.nudged.wait(pause):
                    break
            except GoalsError as error:
                log.error("run.fault", run=run.id, error=error.detail)
                break
            except Exception as error:  # the runner's failure is ours, never the learner's
                log.error("run.fault", run=run.id, exc_info=error)
                break
        return [], None

    def _listen(self, run: Run, challenge: Challenge, frames: Iterator[Frame]) -> tuple[list[Frame], Frame | None]:
        cases: list[Frame] = []
        visible = {case.id for case in challenge.visible_cases}
        with _closed(frames):
            for frame in frames:
                if run.over:
                    return cases, None
                match frame.get("kind"):
                    case "queued":
                        run.add({"type": "queued", "position": frame["position"]})
                    case "printed" if frame["case"] in visible:
                        run.add({"type": "printed", "case": frame["case"], **{n: frame[n] for n in ("stream", "text")}})
                    case "printed":
                        pass  # a hidden case's output says what is asked
                    case "case":
                        cases.append(frame)
                        run.add({"type": "case", "index": len(cases), "of": len(challenge.cases), **for_client(frame)})
                    case "finished":
                        return cases, frame
                    case _:
                        log.error("run.fault", run=run.id, error=str(frame.get("detail", frame))[:300])
                        return cases, None
        log.error("run.fault", run=run.id, error="the runner ended without a last word")
        return cases, None

    def _record(self, event: NewEvent) -> Receipt:
        """Tries for a while: a finished run is worth waiting for a store that restarts."""
        for pause in (0.1, 0.5, 2.0, 5.0):
            try:
                return self._appender.submit([event]).result(15)[0]
            except (Unavailable, TooManyRequests) as error:
                log.warning("run.record_waits", run=event.id, error=error.detail)
                if self._ending.wait(pause):
                    break
        return self._appender.submit([event]).result(15)[0]


@contextmanager
def _closed(frames: Iterator[Frame]) -> Iterator[None]:
    """Ends the iterator whatever happens: for a runner that means the run is cancelled."""
    try:
        yield
    finally:
        if close := getattr(frames, "close", None):
            close()
