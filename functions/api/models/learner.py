"""The learner themself."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from functions.api.models.base import Model


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
    minutes_on: dict[str, int] = Field(description='Of weekdays that have others; "0" is Monday.')
    days_off: list[int] = Field(description="0 is Monday.")
    back: date | None = Field(description="On days off (POST /v1/me/rest): the first day of learning again.")
    job: str
    languages: list[str] = Field(description="Of their workspace, as it was seen last (PUT /v1/me/workspace).")
    dependencies: list[str]
    consents: Consents
    state: str
    registered: datetime
    enrolments: list[EnrolmentRow]


class Recorded(Model):
    id: str
    position: int
