"""What the routes work with, put together once in `function.py`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from functions.api.admission import Admission
from functions.api.feed import Feeds
from functions.api.ingest import Ingest
from functions.api.pace import Pace
from functions.api.runs import Runs
from functions.api.sockets import Sockets
from shared.auth.keys import KeyRing
from shared.auth.limits import Limits
from shared.auth.passwords import Passwords
from shared.auth.tokens import Claims, Tokens
from shared.bus.port import Bus
from shared.clock import Clock, local_day
from shared.curriculum import Curriculum
from shared.errors import AccountGone, NotAllowed, NotAuthenticated
from shared.lake.objects import ObjectStore
from shared.models.cache import Cache
from shared.models.port import Model
from shared.readmodel import View
from shared.readmodel.challenges import title_of
from shared.readmodel.rows import Goal, Learner
from shared.refusals import say
from shared.settings import Settings
from shared.store.append import Outgoing, Store
from shared.store.batching import BatchingAppender
from shared.store.connect import Connection, Pool
from shared.store.queries import load

SQL = load(Path(__file__).with_name("queries.sql"))
SOURCE = "/functions/api"


@dataclass(frozen=True)
class Services:
    """`committed`: told what each transaction left to publish (relay and hints). `answers`: of a model, kept apart;
    `model`: the one that explains pages. `lake`: opens the object store, once; raises Unavailable."""

    settings: Settings
    clock: Clock
    pool: Pool
    store: Store
    appender: BatchingAppender
    committed: Callable[[Outgoing], None]
    bus: Bus
    curriculum: Curriculum
    ring: KeyRing
    tokens: Tokens
    passwords: Passwords
    limits: Limits
    pace: Pace
    feeds: Feeds
    ingest: Ingest
    admission: Admission
    runs: Runs
    sockets: Sockets
    answers: Cache
    lake: Callable[[], ObjectStore]
    model: Model

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        with self.pool.connection() as conn:
            yield conn

    @contextmanager
    def view(self) -> Iterator[View]:
        with self.pool.connection() as conn:
            yield View(conn)

    def present(self, view: View, claims: Claims) -> Learner:
        """The caller as a learner. Raises AccountGone."""
        learner = view.learner(claims.learner)
        if learner is None:
            raise AccountGone(say("account_gone"))
        return learner

    def title(self, view: View, goal: Goal, learner: Learner) -> str:
        """Of the goal's challenge, in the learner's language."""
        return title_of(view, self.curriculum, goal.learner, goal.challenge, learner.language)

    def today(self, learner: Learner) -> date:
        return local_day(self.clock(), learner.timezone)


async def services(request: Request) -> Services:
    """Dependencies that only look something up are `async`: FastAPI runs the others in a thread, for each request."""
    found: Services = request.app.state.services
    return found


Here = Annotated[Services, Depends(services)]

_bearer = HTTPBearer(bearerFormat="JWT", description="The access token of POST /v1/auth/token", auto_error=False)


async def caller(here: Here, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Claims:
    if credentials is None:
        raise NotAuthenticated(say("token_needed"))
    return here.tokens.verify(credentials.credentials)


Caller = Annotated[Claims, Depends(caller)]


def _with_role(*roles: str) -> Callable[[Claims], Awaitable[Claims]]:
    async def allowed(claims: Caller) -> Claims:
        if claims.roles.isdisjoint(roles):
            raise NotAllowed(say("role_needed", roles=", ".join(roles)))
        return claims

    return allowed


operator = _with_role("operator")
TermsSetter = Annotated[Claims, Depends(_with_role("organisation", "operator"))]
