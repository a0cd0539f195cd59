"""Runs of learners' code: allowed, requested, begun, cancelled. Each exactly once, whoever asks again.

A run's id follows from the learner and the client's own event id, so a resend finds the run that is there: going on
(it is joined) or over (it is told again). What goes on is in `executing.py`; what a crash cut off, in `recovering.py`.
"""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from functions.access.agent import judge
from functions.access.lookup import subject
from functions.api.ending import ENDS, FINISHED, SOURCE, event_of, receipt_of, told
from functions.api.executing import Execution
from functions.api.recovering import Recovery
from functions.api.run import Job, Run, challenge_for, other_event, run_id
from functions.api.runner import Frame, Runner
from shared.auth.tokens import Claims
from shared.clock import Clock
from shared.curriculum import Challenge, Curriculum
from shared.errors import Conflict, NotAllowed, NotAuthenticated, NotFound, TooManyRequests
from shared.events.catalogue.agents import AccessDenied
from shared.events.catalogue.learners import RunCancelled
from shared.events.record import Event, NewEvent, new_event
from shared.ids import derived_id
from shared.readmodel import View
from shared.refusals import say
from shared.store import log as events
from shared.store.append import Receipt
from shared.store.batching import BatchingAppender
from shared.store.connect import Connection, Pool
from shared.store.log import event_of as event_of_row
from shared.store.queries import load

SQL = load(Path(__file__).with_name("queries.sql"))
REQUESTED = "goals.run.requested"


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
        self._pool, self._appender, self._curriculum = pool, appender, curriculum
        self._runner, self._clock = runner, clock
        self._at_once, self._each = at_once, each
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="run")
        self._going: dict[str, Run] = {}
        self._of: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._execute = Execution(pool, appender, runner, clock, self._ending)
        self.recovery = Recovery(self, pool, curriculum, self._ending)

    def start(self) -> None:
        self.recovery.start()

    def stop(self) -> None:
        """Waits for what goes on (a run lasts seconds): its end is recorded before the process leaves."""
        self._ending.set()
        with self._lock:
            for run in self._going.values():
                run.nudged.set()
        self._threads.shutdown(wait=True)
        self.recovery.join()

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
            return going, going.joined(request)
        with self._pool.connection() as conn:
            known = {event.id: event for event in events.of_ids(conn, claims.learner, [request.id, identity])}
            stored, done = known.get(request.id), known.get(identity)
            if stored is not None and not _same(conn, stored, request):
                raise other_event()
            if stored is not None and done is not None:
                return self._again(conn, stored, done), receipt_of(stored)
            if stored is None:
                self._allow(conn, claims, request)
            challenge = challenge_for(conn, self._curriculum, goal)
            cases = len(challenge.cases)
            job = Job.of(conn, stored, cases) if stored else Job.new(request, cases)
        run, first = self.admit(Run(identity, goal, claims.learner, request.id, job))
        if not first:
            return run, run.joined(request)
        try:
            receipt = receipt_of(stored) if stored else self._appender.submit([request]).result(15)[0]
            end = None if receipt.new else self._end(run)
        except BaseException:
            self.leave(run)
            run.fail()
            raise
        if end is None:
            self.launch(run, receipt, job, challenge)
        else:  # it came to its end between our look at the log and our turn
            run.accept(receipt)
            run.add(end, last=True)
            self.leave(run)
        return run, receipt

    def _end(self, run: Run) -> Frame | None:
        with self._pool.connection() as conn:
            ends = events.of_ids(conn, run.learner, [run.id])
            return told(conn, ends[0]) if ends else None

    def _again(self, conn: Connection, request: Event, done: Event) -> Run:
        run = Run(done.id, done.data["goal"], done.subject, request.id)
        run.accept(receipt_of(request))
        run.add(told(conn, done), last=True)
        return run

    def knows(self, identity: str) -> bool:
        """Whether this run goes on in this process."""
        return identity in self._going

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
            frame = told(conn, end)
        if end.type == FINISHED:
            raise Conflict(say("run_over"))
        run.add(frame, last=True)
        for _ in range(20):  # it may be on its way to the runner still
            if self._runner.cancel(run.id) or run.left.wait(0.05):
                break
        return frame, receipt or receipt_of(end)

    def _sought(self, learner: str, named: str) -> tuple[Run, Job | None]:
        """The learner's run, with its job where its end is not recorded yet."""
        derived = run_id(learner, named)
        with self._lock:
            run = self._going.get(named) or self._going.get(derived)
        if run is not None and run.learner == learner:
            run.requested()  # recorded, or it never will be
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
                raise NotFound(say("no_run", run=named[:64]))
            job = Job.of(conn, asked[0], len(challenge_for(conn, self._curriculum, asked[0].data["goal"]).cases))
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
            raise NotAuthenticated(say("unknown_learner"))
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

    def admit(self, run: Run, *, recovered: bool = False) -> tuple[Run, bool]:
        """The run that goes on under this id, and whether it is this one: then it is to be launched, or left. Raises
        TooManyRequests, but not where it is `recovered`."""
        with self._lock:
            if going := self._going.get(run.id):
                return going, False
            full = self._of[run.learner] >= self._each or len(self._going) >= self._at_once
            if full and not recovered:
                raise TooManyRequests(say("too_many_runs"))
            self._going[run.id] = run
            self._of[run.learner] += 1
            return run, True

    def leave(self, run: Run) -> None:
        """Nobody executes it any more."""
        with self._lock:
            run.left.set()
            if self._going.pop(run.id, None) is not None:
                self._of[run.learner] -= 1
                if not self._of[run.learner]:
                    del self._of[run.learner]

    def launch(self, run: Run, receipt: Receipt, job: Job, challenge: Challenge) -> Future[None]:
        """In a thread of its own. `run` is admitted; `receipt`: of its request."""
        run.accept(receipt)
        return self._threads.submit(self._run, run, job, challenge)

    def _run(self, run: Run, job: Job, challenge: Challenge) -> None:
        try:
            self._execute(run, job, challenge)
        finally:
            self.leave(run)


def _same(conn: Connection, stored: Event, asked: NewEvent) -> bool:
    """Whether what was recorded under an id is what is asked for now."""
    return (
        stored.type == REQUESTED and stored.data["goal"] == asked.data["goal"] and Job.of(conn, stored, 0).is_of(asked)
    )
