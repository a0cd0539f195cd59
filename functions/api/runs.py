"""Runs of learners' code: allowed, requested, executed, streamed, recorded. Each exactly once, whoever asks again.

A run's id follows from the learner and the client's own event id, so a resend finds the run that is there: going on
(it is joined) or over (it is told again). What a crash cut off is run again at the next start.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from functions.access.agent import judge
from functions.access.lookup import subject
from functions.api.ending import ENDS, FINISHED, SOURCE, event_of, last_frame
from functions.api.outcome import finished, for_client
from functions.api.run import Job, Run, other_event
from functions.api.runner import Frame, Runner, request_of
from shared.auth.tokens import Claims
from shared.clock import Clock
from shared.curriculum import Challenge, Curriculum
from shared.errors import Conflict, GoalsError, NotAllowed, NotAuthenticated, NotFound, TooManyRequests, Unavailable
from shared.events.catalogue.agents import AccessDenied
from shared.events.catalogue.learners import RunCancelled
from shared.events.record import Event, NewEvent, new_event
from shared.http import problem_of
from shared.ids import derived_id
from shared.readmodel import View
from shared.readmodel.challenges import challenge_of
from shared.store import log as events
from shared.store import payloads
from shared.store.append import Receipt
from shared.store.batching import BatchingAppender
from shared.store.connect import Connection, Pool
from shared.store.log import event_of as event_of_row
from shared.store.queries import load
from shared.telemetry import meter, tracer

SQL = load(Path(__file__).with_name("queries.sql"))
REQUESTED = "goals.run.requested"
log = structlog.get_logger(__name__)


def run_id(learner: str, request: str) -> str:
    return derived_id("run", learner, request)


class Runs:
    """`at_once`: runs in this process; `each`: of one learner. Beyond: TooManyRequests."""

    def __init__(
        self,
        pool: Pool,
        appender: BatchingAppender,
        curriculum: Curriculum,
        runner: Runner,
        clock: Clock,
        *,
        at_once: int = 32,
        each: int = 4,
    ) -> None:
        self._pool = pool
        self._appender = appender
        self._curriculum = curriculum
        self._runner = runner
        self._clock = clock
        self._each = each
        self._at_once = at_once
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="run")
        self._going: dict[str, Run] = {}
        self._of: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._recovery = threading.Thread(target=self._recover_often, name="run recovery", daemon=True)

    def start(self) -> None:
        self._recovery.start()

    def stop(self) -> None:
        """Waits for what goes on (a run lasts seconds): its end is recorded before the process leaves."""
        self._ending.set()
        with self._lock:
            for run in self._going.values():
                run.nudged.set()
        self._threads.shutdown(wait=True)
        if self._recovery.is_alive():
            self._recovery.join(5)

    @property
    def going(self) -> int:
        return len(self._going)

    def begin(self, claims: Claims, request: NewEvent) -> tuple[Run, Receipt]:
        """Joins, tells again, or starts the run `request` asks for (a checked `goals.run.requested`). The receipt
        is that of the request.

        Raises NotAllowed (with reason and remedy; recorded as access.denied), NotFound, Conflict, TooManyRequests,
        StoreUnavailable.
        """
        identity, goal = run_id(claims.learner, request.id), request.data["goal"]
        with self._lock:
            going = self._going.get(identity)
        if going is not None:
            return going, going.joined(goal)
        with self._pool.connection() as conn:
            known = {event.id: event for event in events.of_ids(conn, claims.learner, [request.id, identity])}
            stored, done = known.get(request.id), known.get(identity)
            if stored is not None and (stored.type != REQUESTED or stored.data["goal"] != goal):
                raise other_event()
            if stored is not None and done is not None:
                return self._again(conn, stored, done), _receipt(stored)
            if stored is None:
                self._allow(conn, claims, request)
            challenge = _challenge(conn, self._curriculum, goal)
            cases = len(challenge.cases)
            job = Job.of(conn, stored, cases) if stored else Job.new(request, cases)
        run, first = self._admit(Run(identity, goal, claims.learner, request.id, job))
        if not first:
            return run, run.joined(goal)
        try:
            receipt = _receipt(stored) if stored else self._appender.submit([request]).result(15)[0]
        except BaseException:
            self._leave(run)
            run.fail()
            raise
        self._launch(run, receipt, job, challenge)
        return run, receipt

    def _again(self, conn: Connection, request: Event, done: Event) -> Run:
        run = Run(done.id, done.data["goal"], done.subject, request.id)
        run.accept(_receipt(request))
        run.add(_told(conn, done), last=True)
        return run

    def going_of(self, learner: str) -> list[Run]:
        """The learner's runs that go on in this process and are recorded, oldest first."""
        with self._lock:
            return [run for run in self._going.values() if run.learner == learner and run.frames]

    def cancel(self, learner: str, named: str) -> tuple[Frame, Receipt]:
        """Ends a run for good, wherever it goes on; `named`: the run, or the client's own id for it. Recorded first,
        then its processes are ended. It costs no quota. Cancelled again: the same answer.

        Raises NotFound, Conflict (it is over), StoreUnavailable.
        """
        run, job = self._sought(learner, named)
        receipt = None
        if job is not None:
            judged = sum(frame["type"] == "case" for frame in run.frames)
            body = RunCancelled(goal=run.goal, run=run.id, purpose=job.purpose, judged=judged, total=job.total)
            receipt = self._appender.submit([event_of(body, run, job, self._clock)]).result(15)[0]
        with self._pool.connection() as conn:
            [end] = events.of_ids(conn, learner, [run.id])
            frame = _told(conn, end)
        if end.type == FINISHED:
            raise Conflict("this run is over already", hint="its result stands")
        run.add(frame, last=True)
        for _ in range(20):  # it may be on its way to the runner still
            if self._runner.cancel(run.id) or run.left.wait(0.05):
                break
        return frame, receipt or _receipt(end)

    def _sought(self, learner: str, named: str) -> tuple[Run, Job | None]:
        """The learner's run, with its job where its end is not recorded yet."""
        derived = run_id(learner, named)
        with self._lock:
            run = self._going.get(named) or self._going.get(derived)
        if run is not None and run.learner == learner:
            run.joined(run.goal)  # its request is recorded, or never will be
            return run, run.job
        with self._pool.connection() as conn:
            found = events.of_ids(conn, learner, [named, derived])
            for end in found:
                if end.type in ENDS:
                    return Run(end.id, end.data["goal"], learner, end.causation or ""), None
            asked = [event for event in found if event.type == REQUESTED]
            if not asked:
                rows = conn.execute(SQL["recent_requests"], [learner])
                asked = [event for event in map(event_of_row, rows) if run_id(learner, event.id) == named]
            if not asked:
                raise NotFound(f"there is no run {named[:64]} of yours")
            job = Job.of(conn, asked[0], len(_challenge(conn, self._curriculum, asked[0].data["goal"]).cases))
        run = Run(run_id(learner, asked[0].id), asked[0].data["goal"], learner, asked[0].id)
        run.left.set()  # not in this process
        return run, job

    def _allow(self, conn: Connection, claims: Claims, request: NewEvent) -> None:
        goal, now = request.data["goal"], self._clock()
        who = subject(
            View(conn), self._curriculum, learner=claims.learner, language="en", now=now, goal=goal, runs=True
        )
        verdict = judge(who)
        if verdict.granted or verdict.shown is None:
            return
        if verdict.reason == "unknown_learner":
            raise NotAuthenticated(verdict.text, hint=verdict.remedy)
        denied = new_event(
            AccessDenied(goal=goal, reason=verdict.shown, text=verdict.text, remedy=verdict.remedy),
            id=derived_id("denied", claims.learner, request.id),
            source=SOURCE,
            subject=claims.learner,
            time=now,
            correlation=request.correlation,
            traceparent=request.traceparent,
            tenant=claims.tenant,
        )
        self._appender.submit([denied]).result(15)
        if verdict.shown == "unknown_goal":
            raise NotFound(verdict.text, hint=verdict.remedy, reason=verdict.shown, remedy=verdict.remedy)
        raise NotAllowed(verdict.text, hint=verdict.remedy, reason=verdict.shown, remedy=verdict.remedy)

    def _admit(self, run: Run, *, recovered: bool = False) -> tuple[Run, bool]:
        with self._lock:
            if going := self._going.get(run.id):
                return going, False
            full = self._of[run.learner] >= self._each or len(self._going) >= self._at_once
            if full and not recovered:
                raise TooManyRequests("too many runs at once", hint="wait for one to finish")
            self._going[run.id] = run
            self._of[run.learner] += 1
            return run, True

    def _leave(self, run: Run) -> None:
        with self._lock:
            run.left.set()
            if self._going.pop(run.id, None) is not None:
                self._of[run.learner] -= 1
                if not self._of[run.learner]:
                    del self._of[run.learner]

    def _launch(self, run: Run, receipt: Receipt, job: Job, challenge: Challenge) -> Future[None]:
        run.accept(receipt)
        return self._threads.submit(self._traced, run, job, challenge)

    def _traced(self, run: Run, job: Job, challenge: Challenge) -> None:
        with tracer().span("run", job.correlation, root=True, purpose=job.purpose, language=challenge.language):
            self._execute(run, job, challenge)

    def _execute(self, run: Run, job: Job, challenge: Challenge) -> None:
        """In a thread of its own: runs, streams, records. Whatever happens, followers get their last frame."""
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
                    frame = _told(conn, end_of)
            run.add(frame, last=True)
        except Exception as error:  # a thread's end: the recovery runs it again
            log.error("run.not_recorded", run=run.id, exc_info=error)
            problem = Unavailable("the run could not be recorded", hint="send it again with the same id")
            run.add({"type": "problem", "problem": problem_of(problem)}, last=True)
        finally:
            self._leave(run)

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

    # --- after a crash

    def recover(self, *, older: float = 0.0, window: int = 20_000, most: int = 200) -> int:
        """Runs what was requested and never finished, among the log's last `window` events; gives how many.

        `older`: seconds a request must be old, so that another instance's runs are left to it. Where both run it,
        the second result is a duplicate by its id: harmless.
        """
        with self._pool.connection() as conn:
            rows = conn.execute(SQL["unfinished_runs"], [window, older, most]).fetchall()
            requests = {run_id(event.subject, event.id): event for event in map(event_of_row, rows)}
            done = {row[0] for row in conn.execute(SQL["known_runs"], [list(requests)])}
            left = []
            for identity, request in requests.items():
                if identity in done or identity in self._going:
                    continue
                try:
                    challenge = _challenge(conn, self._curriculum, request.data["goal"])
                    job = Job.of(conn, request, len(challenge.cases))
                    run = Run(identity, request.data["goal"], request.subject, request.id, job)
                    left.append((run, request, job, challenge))
                except NotFound as error:
                    log.warning("run.not_recovered", run=identity, error=error.detail)
        for run, request, job, challenge in reversed(left):
            if self._ending.is_set():
                break
            _, first = self._admit(run, recovered=True)
            if first and job.code:
                self._launch(run, _receipt(request), job, challenge).result()
            elif first:
                self._leave(run)  # erased meanwhile: there is nothing left to run
        return len(left)

    def _recover_often(self) -> None:
        older = 0.0
        while not self._ending.is_set():
            try:
                if count := self.recover(older=older):
                    log.info("run.recovered", count=count)
                older = 120.0
            except (psycopg.Error, PoolTimeout, GoalsError) as error:
                log.warning("run.recovery_waits", error=str(error))
            self._ending.wait(60)


@contextmanager
def _closed(frames: Iterator[Frame]) -> Iterator[None]:
    """Ends the iterator whatever happens: for a runner that means the run is cancelled."""
    try:
        yield
    finally:
        if close := getattr(frames, "close", None):
            close()


def _receipt(event: Event) -> Receipt:
    return Receipt(event.id, event.position, event.version, new=False)


def _challenge(conn: Connection, curriculum: Curriculum, goal: str) -> Challenge:
    view = View(conn)
    challenge = challenge_of(view, curriculum, view.goal(goal))
    if challenge is None:
        raise NotFound(f"the challenge of goal {goal[:64]} is not in the curriculum of this server")
    return challenge


def _told(conn: Connection, end: Event) -> Frame:
    """The last frame of a run whose end is in the log."""
    report = payloads.text(conn, end.subject, end.data["report"]) if end.type == FINISHED else ""
    return last_frame(end.type, end.data, end.position, report)
