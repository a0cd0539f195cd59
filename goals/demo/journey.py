"""Who walks: one learner with their clients, what they have seen, and how they wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from goals.client import Answered, Api, Event, Password, Session, Stream, Transport, interaction
from goals.client.errors import Unreachable
from goals.client.session import register
from goals.client.transport import AWAY
from goals.demo.knowledge import Knowledge
from shared.clock import utc_now
from shared.errors import GoalsError
from shared.ids import derived_id, new_id

Json = dict[str, Any]
ZONES = ("Europe/Madrid", "America/Bogota", "Asia/Tokyo")
"""The learner lives where it is day: the journey must not run into midnight."""


class Missing(GoalsError):
    """A step of the journey did not come about."""

    title = "Missing"
    status = 1


@dataclass
class Told:
    """What one step showed: lines for the learner, and the interactions whose ways are printed."""

    lines: list[str] = field(default_factory=list)
    correlations: list[str] = field(default_factory=list)


class Journey:
    """`operator`, `organisation`: sessions with these roles. `patience`: seconds a server may be away."""

    def __init__(
        self,
        server: str,
        seed: str,
        *,
        operator: Session,
        organisation: Session,
        patience: float = 120.0,
        limit: float = 120.0,
    ) -> None:
        self.server = server
        self.seed = seed
        self.limit = limit
        self.told = Told()
        self.knowledge = Knowledge()
        self.frames = 0
        self.fastest: float | None = None
        transport = Transport(server, patience=patience)
        self.email = f"demo-{sha256(seed.encode()).hexdigest()[:12]}@example.org"
        self.password = sha256(f"password {seed}".encode()).hexdigest()
        self.session = Password(transport, self.email, self.password)
        self.api = Api(transport, self.session)
        self.operator = Api(Transport(server, patience=patience), operator)
        self.organisation = Api(Transport(server, patience=patience), organisation)
        self._transport = transport
        self._stream: Stream | None = None
        self._me: Json | None = None

    # --- who and when

    def sign_up(self) -> bool:
        """An account, if there is none from an attempt before; gives whether it is new."""
        fields = {"email": self.email, "password": self.password, "name": "Ada", "language": "en"}
        try:
            register(self._transport, **fields, timezone=zone_by_day(utc_now()))
        except Answered as error:
            if error.status != 409:
                raise
            self.session.renew("")
            return False
        return True

    @contextmanager
    def listening(self) -> Iterator[None]:
        """The websocket is open from here on, from the learner's very first event; at the end all is closed."""
        try:
            with Stream(self.server, self.session, after=0, passing=self._passing) as stream:
                self._stream = stream
                yield
        finally:
            for api in (self.api, self.operator, self.organisation):
                api.transport.close()

    @property
    def stream(self) -> Stream:
        assert self._stream is not None  # noqa: S101  the journey begins by listening
        return self._stream

    @property
    def zone(self) -> ZoneInfo:
        if self._me is None:
            self._me = self.api.me()
        return ZoneInfo(self._me["timezone"])

    @property
    def day(self) -> date:
        """The day of the sign-up, where the learner lives."""
        first = self.seen("learner.registered")
        return first.time.astimezone(self.zone).date()

    def tomorrow(self, hour: int = 8) -> datetime:
        at = datetime.combine(self.day + timedelta(days=1), datetime.min.time(), self.zone)
        return (at + timedelta(hours=hour)).astimezone(UTC)

    # --- acting

    def id(self, *step: str) -> str:
        """Of a client event: the same seed and step give the same id, so that sending it again is harmless."""
        return derived_id("demo", self.seed, self.email, *step)

    def does(self, type_: str, data: Json, *step: str) -> str:
        """Over the websocket, acknowledged; gives the event's id."""
        identity = self.id(*step)
        self.stream.send(interaction(type_, data, id=identity, time=utc_now()), self.limit)
        self.told.correlations.append(identity)
        return identity

    def runs(self, goal: str, code: str, purpose: str, *step: str) -> Json:
        """Over HTTP, streamed; gives the last frame. A run that failed through no fault of the learner is a fault."""
        identity = self.id(*step)
        self.told.correlations.append(identity)
        for frame in self.api.run(goal, code, id=identity, purpose=purpose):
            if frame["type"] == "case":
                self.frames += 1
            if frame["type"] == "finished":
                if frame["fault"]:
                    raise Missing(f"the run {frame['run']} was a fault of the server")
                return frame
        raise Missing("the run never finished")

    def amend(self, contract: str, terms: Json) -> None:
        """As the organisation; sent again under the same id for as long as the server is away."""
        end, id_ = time.monotonic() + self.limit, new_id()
        while True:
            try:
                self.organisation.state_terms(contract, terms, id=id_)
                return
            except (Answered, Unreachable) as error:
                if error.status not in AWAY or time.monotonic() > end:
                    raise
            time.sleep(0.2)

    def _passing(self, event: Event) -> None:
        if event.type == "goals.run.case":
            self.frames += 1

    # --- seeing

    def say(self, *lines: str) -> None:
        self.told.lines.extend(lines)

    def seen(self, type_: str, wanted: Callable[[Event], bool] = lambda _: True, *, what: str = "") -> Event:
        """The first event of this type that is `wanted`, waited for. Raises Missing."""
        name = f"goals.{type_}"
        try:
            return self.stream.wait(lambda e: e.type == name and wanted(e), self.limit, what=what or name)
        except GoalsError as error:
            if error.status != 503:
                raise
            raise Missing(f"{what or name} did not come within {self.limit:.0f} s") from error

    def all(self, type_: str, wanted: Callable[[Event], bool] = lambda _: True) -> list[Event]:
        return [e for e in self.stream.events if e.type == f"goals.{type_}" and wanted(e)]

    def decided(self, type_: str, *step: str) -> Json | None:
        """The data of our own event of this step, if it was sent by an attempt before: what was chosen stays chosen."""
        identity = self.id(*step)
        return next((e.data for e in self.stream.events if e.type == f"goals.{type_}" and e.id == identity), None)

    def settled(self) -> None:
        """Returns when the system has nothing left to do, and we have seen all that came of it. Raises Missing."""
        end, calm = time.monotonic() + self.limit, 0
        while calm < 2:
            lag = self.operator.lag()
            calm = calm + 1 if not (lag["waiting"] or lag["busy"] or lag["runs"] or lag["outbox"]) else 0
            if time.monotonic() > end:
                raise Missing(f"the system is not done after {self.limit:.0f} s: {lag}")
            time.sleep(0.03)
        last = max((event.sequence for event in self.api.events(after=self.stream.sequence or 0)), default=0)
        if last:
            self.stream.wait(lambda e: e.sequence >= last, self.limit, what=f"event {last} on the websocket")

    def goals(self) -> dict[str, Json]:
        return {goal["goal"]: goal for goal in self.api.goals(everything=True)["goals"]}

    def variant(self, goal: str) -> str | None:
        """Which form of a parametric challenge this learner got: the event says it."""
        variant = self.seen("goal.assigned", lambda e: e.data["goal"] == goal).data["variant"]
        return str(variant) if variant is not None else None


def zone_by_day(now: datetime) -> str:
    """Where it is between 4 in the morning and 8 in the evening now, tomorrow is hours away."""
    return next(zone for zone in ZONES if 4 <= now.astimezone(ZoneInfo(zone)).hour < 20)


def need(condition: object, otherwise: str) -> None:
    """Raises Missing."""
    if not condition:
        raise Missing(otherwise)
