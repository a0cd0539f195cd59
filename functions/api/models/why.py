"""Explanations: what was decided, and the stored events it rests on."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from functions.api.models.base import Model
from shared.events.catalogue.interactions import Id


class ReasonView(Model):
    """`role`: the part it plays for the event above (`label`: in words). `says`: what it says; `because`: the reason
    that was recorded with it. `again`: it stands nearer to the top already. `more`: what it rests on was left out."""

    event: str
    type: str
    source: str
    at: datetime
    sequence: int
    role: str
    label: str
    says: str
    because: str
    again: bool
    more: bool
    reasons: list[ReasonView]


class Objection(Model):
    """`id`: the client's own, so that a repeat is one doubt. `attempt`: the run that is meant, if one is."""

    id: Id
    attempt: Id | None = None
    text: Annotated[str, Field(max_length=500)] = ""
