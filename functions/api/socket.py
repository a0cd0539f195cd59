"""The websocket `goals.v1`: CloudEvents in JSON, both ways.

Server to client: stored events with their `sequence`, in order and without a gap; and passing ones without
(`goals.welcome`, `goals.ack`, `goals.ping`, and of a run `goals.run.queued`, `goals.run.printed`, `goals.run.case`).
Client to server: interactions, each acknowledged by its own id, `goals.run.cancel`, and `goals.resume`. Cut off is the
normal case: connect again and resume behind the last `sequence`. Runs that go on are then told again from their first
frame, each with its number.
"""

from __future__ import annotations

import asyncio
import contextlib
from math import ceil
from typing import TYPE_CHECKING, Any

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from functions.api import ingest
from functions.api.incoming import parse, text_of
from functions.api.ingest import not_yours, refused, taken
from functions.api.outgoing import UNAUTHENTICATED, Closed, Outgoing, goodbye
from functions.api.problems import asked_in
from functions.api.run import LIVE, Run, spoken
from shared.auth.tokens import LEEWAY, Claims
from shared.errors import GoalsError, InvalidInput, TooManyRequests, Unavailable
from shared.http import readable
from shared.refusals import say
from shared.spoken import Words

if TYPE_CHECKING:
    from functions.api.sockets import Sockets

log = structlog.get_logger(__name__)


class Socket:
    def __init__(self, sockets: Sockets, websocket: WebSocket, claims: Claims, after: int | None) -> None:
        self._all = sockets
        self._websocket = websocket
        self._claims = claims
        self._out = Outgoing(websocket, sockets.feeds, claims.learner, sockets.clock, sockets.timing, after)
        self._following: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._recording: set[asyncio.Task[None]] = set()
        self._expires = asyncio.Event()

    @property
    def learner(self) -> str:
        return self._claims.learner

    def end(self, closed: Closed) -> None:
        self._out.end(closed)

    async def live(self) -> None:
        """Runs the socket until one side ends it; leaves nothing running behind but learners' runs."""
        feed = await self._all.feeds.join(self.learner, self._out.wake)
        if self._out.resumed:
            self._take_up()
        head = feed.head
        welcome = {"learner": self.learner, "sequence": str(head), "resumed": self._out.resumed}
        self._out.say("goals.welcome", welcome)
        tasks = [
            asyncio.create_task(self._receive(), name="socket receive"),
            asyncio.create_task(self._out.send(feed, head), name="socket send"),
            asyncio.create_task(self._beat(), name="socket beat"),
            asyncio.create_task(self._expire(), name="socket expiry"),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._all.feeds.leave(self.learner, self._out.wake)
            for task in (*tasks, *self._tasks):
                task.cancel()
            results = await asyncio.gather(*tasks, *self._tasks, return_exceptions=True)
        closed = next((r for r in results if isinstance(r, Closed)), None)
        for result in (task.exception() for task in done if not task.cancelled()):
            if result is not None and not isinstance(result, Closed | WebSocketDisconnect):
                log.error("socket.failed", learner=self.learner, exc_info=result)
                closed = closed or Closed(1011, "resume")
        await goodbye(self._websocket, closed or Closed(1000, ""))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._all.timing.ping)
            self._out.say("goals.ping", {})

    async def _expire(self) -> None:
        """Ends the socket when its token has expired; a new token on the open socket puts that off."""
        while True:
            self._expires.clear()
            left = (self._claims.expires + LEEWAY - self._all.clock()).total_seconds()
            if left <= 0:
                raise Closed(UNAUTHENTICATED, "the access token has expired: refresh it and resume")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._expires.wait()

    async def _receive(self) -> None:
        while True:
            text = await text_of(self._websocket)
            identity: object = None
            try:
                message = parse(text)
                if not isinstance(message, dict):
                    raise InvalidInput(say("message_not_event"))
                identity = message.get("id")
                if "token" in message and "type" not in message:
                    self._renew(message["token"])
                else:
                    await self._take(message)
            except Closed:
                raise
            except GoalsError as error:
                await self._refuse(identity, error)

    async def _refuse(self, identity: object, error: GoalsError) -> None:
        self._out.ack(refused(identity, error, await self._language(ask=not isinstance(error, Unavailable))))

    async def _language(self, *, ask: bool) -> Words:
        """That of the learner's profile; what the handshake accepted where it is not known. `ask`: the database may be
        asked."""
        standing = self._all.ingest.standing
        known = await standing.language(self.learner) if ask else standing.spoken(self.learner)
        return known or asked_in(self._websocket.headers)

    def _renew(self, token: object) -> None:
        claims = self._all.tokens.verify(token) if isinstance(token, str) else None
        if claims is None or claims.learner != self.learner:
            raise Closed(UNAUTHENTICATED, "this token is not of the same learner")
        self._claims = claims
        self._expires.set()

    async def _take(self, message: dict[str, Any]) -> None:
        match message.get("type"):
            case "goals.resume":
                self._resume(message.get("data"))
            case "goals.ping":
                self._out.say("goals.pong", {})
            case "goals.pong":
                pass
            case ingest.RUN:
                self._room()
                await self._run(message)
            case "goals.run.cancel":
                self._room()
                self._task(self._cancel_run(message.get("id"), message.get("data")))
            case _:
                self._room()
                await self._interaction(message)

    def _room(self) -> None:
        wait = self._all.pace.take(self.learner, asyncio.get_running_loop().time())
        if wait:
            raise TooManyRequests(say("too_many_on_socket"), retry_after=ceil(wait))

    def _resume(self, data: object) -> None:
        after = data.get("after") if isinstance(data, dict) else None
        if isinstance(after, str) and after.isdecimal() and len(after) < 19:
            after = int(after)
        if not isinstance(after, int) or isinstance(after, bool) or not 0 <= after < 2**63:
            raise InvalidInput(say("resume_without_after"))
        self._out.release(after)
        self._take_up()

    async def _interaction(self, message: dict[str, Any]) -> None:
        event = self._all.ingest.check(message, self._claims)
        goal = event.data.get("goal")
        own = await self._all.ingest.standing.of(self.learner, [goal] if goal else [], afresh=bool(event.payloads))
        if goal is not None and goal not in own:
            raise not_yours(goal)
        if self._recording and self._all.ingest.depends(event):
            await asyncio.wait(self._recording)
        await self._all.ingest.admit(event)
        recording = self._task(self._record(event))
        self._recording.add(recording)
        recording.add_done_callback(self._recording.discard)

    async def _record(self, event: Any) -> None:
        try:
            results = await self._all.ingest.record([event], await self._language(ask=False))
        except GoalsError as error:
            await self._refuse(event.id, error)
        else:
            self._out.ack(results[0])

    async def _run(self, message: dict[str, Any]) -> None:
        event = self._all.ingest.check(message, self._claims, run=True)
        self._task(self._follow_run(event))

    async def _follow_run(self, event: Any) -> None:
        try:
            run, receipt = await asyncio.to_thread(self._all.runs.begin, self._claims, event)
        except GoalsError as error:
            await self._refuse(event.id, error)
            return
        self._out.ack(taken(receipt))
        await self._tell(run)

    def _take_up(self) -> None:
        """Follows the runs that go on, from their first frame: one who comes back may have missed some."""
        for run in self._all.runs.going_of(self.learner):
            self._task(self._tell(run))

    async def _tell(self, run: Run) -> None:
        """A run's passing frames, once on this socket, as there is room for them. Its end comes as a stored event,
        unless it could not be stored."""
        if run.id in self._following:
            return
        self._following.add(run.id)
        try:
            async for frame in run.follow():
                kind = frame["type"]
                if kind not in LIVE and kind != "problem":
                    continue
                await self._out.room()
                if kind == "problem":
                    frame = spoken(frame, await self._language(ask=False))
                told = {**frame, "run": run.id, "goal": run.goal, "request": run.request}
                self._out.say(f"goals.run.{kind}", told)
        finally:
            self._following.discard(run.id)

    async def _cancel_run(self, identity: object, data: object) -> None:
        named = data.get("run") if isinstance(data, dict) else None
        try:
            if not isinstance(named, str):
                raise InvalidInput(say("cancel_without_run"))
            _, receipt = await asyncio.to_thread(self._all.runs.cancel, self.learner, named)
        except GoalsError as error:
            await self._refuse(identity, error)
        else:
            self._out.ack({**taken(receipt), "id": readable(identity[:64]) if isinstance(identity, str) else None})

    def _task(self, work: Any) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("socket.task_failed", learner=self.learner, exc_info=error)
