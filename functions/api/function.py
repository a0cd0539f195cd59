"""Composition root of `api`: a web application rather than a node, with the same life cycle."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
from fastapi import FastAPI
from psycopg_pool import PoolTimeout

from functions.api.admission import Admission
from functions.api.app import create_app
from functions.api.feed import Feeds
from functions.api.gauges import gauges
from functions.api.ingest import Ingest
from functions.api.outgoing import Timing
from functions.api.pace import Pace
from functions.api.runner import HttpRunner, LocalRunner, Runner
from functions.api.runs import Runs
from functions.api.services import Services
from functions.api.serving import listening, serving, unsandboxed
from functions.api.sockets import Sockets
from functions.api.standing import Standing
from functions.api.stored import heads, reader
from graph.entries import thread_of, wake
from shared.auth.keys import load as load_keys
from shared.auth.limits import Limits
from shared.auth.passwords import Passwords
from shared.auth.tokens import Tokens
from shared.bus.opening import open_bus
from shared.bus.port import Bus
from shared.clock import Clock, utc_now
from shared.curriculum import load as load_curriculum
from shared.lake.objects.opening import Opening
from shared.models.opening import open_cache, open_model
from shared.push import Hints, Push, connect
from shared.readmodel import READ_MODEL
from shared.settings import Settings, environment
from shared.store import Outgoing, Store
from shared.store.batching import BatchingAppender
from shared.store.connect import pool
from shared.store.relay import Relay
from shared.telemetry import meter


class Api:
    """`app` is the ASGI application; its lifespan starts and stops everything. What is not given is opened.
    `host`: the address it will listen on, where that is known. Raises InvalidInput where the settings forbid it.
    """

    name = "api"

    def __init__(
        self,
        settings: Settings,
        *,
        host: str | None = None,
        bus: Bus | None = None,
        push: tuple[Push, Hints] | None = None,
        runner: Runner | None = None,
        clock: Clock = utc_now,
        timing: Timing | None = None,
        passwords: Passwords | None = None,
    ) -> None:
        self.settings = settings
        self._unsandboxed = unsandboxed(settings, host)
        self._bus = bus
        self._push = push
        self._runner = runner
        self._clock = clock
        self._timing = timing
        self._passwords = passwords
        self._stack = ExitStack()
        self.services: Services | None = None
        self.app: FastAPI = create_app(settings, self.open, self.close)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)

    __call__ = handle

    def open(self) -> Services:
        """Everything the routes work with, in the order it is needed; `close` ends it the other way round."""
        settings, clock, stack = self.settings, self._clock, self._stack
        connections = pool(settings.database_url, size=settings.database_connections, name="goals-api")
        stack.callback(connections.close)
        bus = self._bus
        if bus is None:
            bus = open_bus(settings)
            stack.callback(bus.close)
        push, hints = self._push or connect(settings.redis_url)
        if self._push is None:
            push.start()
            stack.callback(push.stop)
            hints.start()
            stack.callback(hints.stop)
        store = Store(READ_MODEL, thread_of, wake).publishing_to(bus)
        relay = Relay(connections, bus)
        relay.start()
        stack.callback(relay.stop)

        def committed(outgoing: Outgoing) -> None:
            relay.hand_over(outgoing)
            if outgoing.events:
                push.publish({e.subject for e in outgoing.events}, outgoing.events[-1].position)

        appender = BatchingAppender(connections, store, committed)
        appender.start()
        stack.callback(appender.stop)
        curriculum = load_curriculum()
        runner = self._runner
        if runner is None:
            runner = (
                HttpRunner(settings.runner_url) if settings.runner_url else LocalRunner(allow_none=self._unsandboxed)
            )
            stack.callback(runner.stop)
        runs = Runs(connections, appender, curriculum, runner, clock)
        runs.start()
        stack.callback(runs.stop)
        ring = load_keys(settings.keys_dir or settings.data_dir / "keys", create=settings.keys_dir is None)
        tokens = Tokens(ring, issuer=settings.public_url, clock=clock, life=timedelta(minutes=settings.token_minutes))
        standing = Standing(connections)
        admission = Admission(connections, curriculum, clock)
        ingest = Ingest(standing, appender, clock, admission)
        answers = open_cache(settings)
        stack.callback(answers.close)
        model = open_model(settings)
        stack.callback(model.close)
        feeds = Feeds(reader(connections), heads(connections), hints)
        self.services = Services(
            settings=settings,
            clock=clock,
            pool=connections,
            store=store,
            appender=appender,
            committed=committed,
            bus=bus,
            curriculum=curriculum,
            ring=ring,
            tokens=tokens,
            passwords=self._passwords or Passwords(),
            limits=Limits(settings.redis_url),
            pace=Pace(settings.interaction_requests, settings.interaction_events),
            feeds=feeds,
            ingest=ingest,
            admission=admission,
            runs=runs,
            sockets=Sockets(ingest=ingest, runs=runs, feeds=feeds, tokens=tokens, clock=clock, timing=self._timing),
            answers=answers,
            lake=Opening(settings, clock),
            model=model,
        )
        meter().watch(partial(gauges, self.services))
        return self.services

    def close(self) -> None:
        self.services = None
        self._stack.close()

    def alive(self) -> bool:
        return True

    def ready(self) -> bool:
        if self.services is None:
            return False
        try:
            with self.services.pool.connection(timeout=2) as conn:
                conn.execute("SELECT 1")
        except (psycopg.Error, PoolTimeout, OSError):
            return False
        return True

    def start(self) -> None:
        """Serves until `stop`, on `HOST` and `PORT`; uvicorn turns SIGTERM into the lifespan's end."""
        import uvicorn

        self._server = uvicorn.Server(uvicorn.Config(self.app, **serving(self.settings)))
        self._server.run()  # in uvloop

    def stop(self) -> None:
        self._server.should_exit = True


def new() -> Api:
    return Api(environment(), host=listening())
