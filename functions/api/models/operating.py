"""Events page by page; what operators ask and are told."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from functions.api.models.base import Email, Model, example
from functions.api.models.learning import EventView
from shared.events.catalogue.interactions import Id


class EventPage(Model):
    """`next`: the `after` of the next page; None at the end."""

    events: list[EventView]
    next: int | None


class Tick(Model):
    model_config = example({"at": "2026-11-23T06:00:00Z"})

    at: datetime | None = None


class Ticked(Model):
    id: str
    at: datetime


class Rejection(Model):
    consumer: str
    id: str
    type: str
    reason: str
    at: datetime


class Rejections(Model):
    rejections: list[Rejection]


class BusyThread(Model):
    thread: str
    since: datetime
    tasks: int


class LakeLag(Model):
    """`events` are not in the lake yet, the oldest for `seconds`; `copies`: learners whose copy is behind. `owed`:
    erasures that are not proven yet, the oldest for `owed_seconds`; `damaged`: files that can be neither read nor
    mended."""

    events: int
    seconds: float
    copies: int
    files: int
    rows: int
    bytes: int
    owed: int
    owed_seconds: float
    damaged: int


class ModelLag(Model):
    """The learner model: `events` of the log are still to be looked at; `learnt`: outcomes it has learnt from; `ready`:
    evaluation expects by it; `parts`, `bytes`: what is kept."""

    events: int
    learnt: int
    ready: bool
    parts: int
    bytes: int


class Lag(Model):
    outbox: int
    waiting: int
    waiting_threads: int
    busy: list[BusyThread]
    runs: int
    lake: LakeLag
    learner_model: ModelLag


class Grant(Model):
    model_config = example({"email": "ada@example.org", "roles": ["learner", "author"]})

    email: Email
    roles: list[Literal["learner", "author", "organisation", "operator"]]
    organisation: Id | None = None


class Granted(Model):
    learner: str
    roles: list[str]


class Health(Model):
    status: Literal["ok"] = "ok"
