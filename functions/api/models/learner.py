"""The learner themself and their contract."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from functions.api.models.base import Model
from shared.events.catalogue.contracts import Terms
from shared.events.catalogue.interactions import Id


class Consents(Model):
    mood: bool
    workspace: bool


class EnrolmentRow(Model):
    course: str
    title: str
    state: str
    started: datetime


class Me(Model):
    learner: str
    email: str
    name: str
    roles: list[str]
    organisation: str | None
    tenant: str
    language: str
    timezone: str
    target: str
    level: str | None = Field(description="None until a profile was stated (goals.profile.stated).")
    minutes: int = Field(description="A day.")
    days_off: list[int] = Field(description="0 is Monday.")
    workspace: list[str]
    consents: Consents
    state: str
    registered: datetime
    enrolments: list[EnrolmentRow]


class ContractView(Model):
    """`notice`: what was last said about its end. `left_today`: runs."""

    contract: str
    organisation: str
    state: str
    terms: Terms
    notice: str
    signed: datetime
    runs_today: int
    left_today: int
    days_left: int


class NewTerms(Model):
    """`organisation`: only an operator may hand a contract to another one."""

    terms: Terms
    organisation: Id | None = None


class Recorded(Model):
    id: str
    position: int
