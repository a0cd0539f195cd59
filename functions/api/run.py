"""One run and those who follow it; what it was asked to do."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from functions.api.runner import Frame
from shared.curriculum import Challenge, Curriculum
from shared.errors import Conflict, NotFound, Unavailable
from shared.events.catalogue.interactions import Purpose
from shared.events.record import Event, NewEvent
from shared.http import problem_of
from shared.ids import derived_id
from shared.readmodel import View
from shared.readmodel.challenges import challenge_of
from shared.refusals import say
from shared.spoken import Words
from shared.store import payloads
from shared.store.append import Receipt
from shared.store.connect import Connection


def run_id(learner: str, request: str) -> str:
    return derived_id("run", learner, request)


def other_event() -> Conflict:
    return Conflict(say("id_used_by_event"))


LIVE = frozenset({"queued", "printed", "case"})
"""Frames that are passing: each has its number `frame`, from 1, so that who hears them again knows which are new."""


def spoken(frame: Frame, language: Words) -> Frame:
    """A frame as it is told: a problem in the words of this language."""
    if frame["type"] != "problem":
        return frame
    return {**frame, "problem": problem_of(frame["problem"], language=language)}


@dataclass
class Run:
    """One run, going on or over. Frames: `accepted`, those of `LIVE`, at last `finished`, `cancelled` or `problem` (the
    error itself, until `spoken` puts it into words); anyone may follow from the first. `request`: the client's own id
    for it."""

    id: str
    goal: str
    learner: str
    request: str
    job: Job | None = None
    frames: list[Frame] = field(default_factory=list)
    over: bool = False
    told: int = 0
    nudged: threading.Event = field(default_factory=threading.Event)
    """Set when whoever executes it should look up: it is over, or the server stops."""
    left: threading.Event = field(default_factory=threading.Event)
    """Set when nobody executes it any more."""
    _receipt: Receipt | None = None
    _requested: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _wakes: list[Callable[[], object]] = field(default_factory=list)

    def accept(self, receipt: Receipt) -> None:
        """Its request is durable."""
        self._receipt = receipt
        self._requested.set()
        self.add({"type": "accepted", "run": self.id, "goal": self.goal, "position": receipt.position})

    def fail(self) -> None:
        """Its request could not be recorded."""
        self._requested.set()

    def joined(self, asked: NewEvent) -> Receipt:
        """For one who asks for the same run again. Raises Conflict where it is another one, Unavailable."""
        job = self.job
        if asked.data["goal"] != self.goal or (job is not None and not job.is_of(asked)):
            raise other_event()
        return self.requested()

    def requested(self) -> Receipt:
        """Of its request, once that is recorded. Raises Unavailable."""
        if not self._requested.wait(15) or self._receipt is None:
            raise Unavailable(say("run_not_recorded"))
        return replace(self._receipt, new=False)

    def add(self, frame: Frame, *, last: bool = False) -> None:
        """From any thread. What comes behind the last frame is not told."""
        with self._lock:
            if self.over:
                return
            if frame["type"] in LIVE:
                self.told += 1
                frame = {**frame, "frame": self.told}
            self.frames.append(frame)
            self.over = last
            wakes = tuple(self._wakes)
        if last:
            self.nudged.set()
        for wake in wakes:
            with suppress(RuntimeError):  # the follower's loop is gone
                wake()

    async def follow(self) -> AsyncIterator[Frame]:
        loop, news, told = asyncio.get_running_loop(), asyncio.Event(), 0

        def wake() -> None:
            loop.call_soon_threadsafe(news.set)

        with self._lock:
            self._wakes.append(wake)
        try:
            while True:
                news.clear()
                with self._lock:
                    frames, over = self.frames[told:], self.over
                for frame in frames:
                    yield frame
                told += len(frames)
                if over:
                    return
                await news.wait()
        finally:
            with self._lock:
                self._wakes.remove(wake)


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be run, from a request new or stored. `ref`: the payload reference of `code`; `total`: cases."""

    request: str
    purpose: Purpose
    code: str
    ref: str
    correlation: str
    traceparent: str | None
    tenant: str
    total: int

    @classmethod
    def new(cls, request: NewEvent, total: int) -> Job:
        return cls._made(request, code_of(request), total)

    @classmethod
    def of(cls, conn: Connection, request: Event, total: int) -> Job:
        return cls._made(request, payloads.text(conn, request.subject, request.data["code"]), total)

    def is_of(self, asked: NewEvent) -> bool:
        """Whether that asks for this. Code that was erased is like any."""
        return self.purpose == asked.data["purpose"] and self.code in ("", code_of(asked))

    @classmethod
    def _made(cls, request: Event | NewEvent, code: str, total: int) -> Job:
        data = request.data
        asked = (request.id, data["purpose"], code, data["code"])
        return cls(*asked, request.correlation, request.traceparent, request.tenant, total)


def code_of(request: NewEvent) -> str:
    return request.payloads[0].body if request.payloads else str(request.data["code"])


def challenge_for(conn: Connection, curriculum: Curriculum, goal: str) -> Challenge:
    """What is run for a goal. Raises NotFound."""
    view = View(conn)
    challenge = challenge_of(view, curriculum, view.goal(goal))
    if challenge is None:
        raise NotFound(say("no_challenge_of_goal", goal=goal[:64]))
    return challenge
