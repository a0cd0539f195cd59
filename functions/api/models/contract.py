"""A contract as its learner reads it: terms, what is left, when it comes anew, what has been changed and accepted."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from functions.api.models.base import Model
from shared.events.catalogue.contracts import Consent, Terms
from shared.events.catalogue.interactions import Id


class QuotaView(Model):
    """`kind`: runs, hints, goals, or `goals.<kind of goal>`. `resets`: the learner's next midnight, as an instant."""

    kind: str
    limit: int
    used: int
    left: int
    resets: datetime


class Acceptance(Model):
    """`by`: until when the terms in force must be accepted; None where nothing is to do. `missing`: consents asked for
    and not given."""

    required: bool
    accepted: str = Field(description="The version accepted last; empty: none.")
    consents: list[str]
    missing: list[str]
    by: datetime | None


class ContractView(Model):
    """`state`: as it was announced last; `standing`: as it is now (waiting, kept, expiring, grace or ended). `notice`:
    what was last said about its end. `cut_off`: the end with its days of grace. `left_today`: runs."""

    contract: str
    organisation: str
    state: str
    standing: str
    terms: Terms
    notice: str
    signed: datetime
    stated: datetime
    cut_off: datetime
    runs_today: int
    left_today: int
    days_left: int
    quotas: list[QuotaView]
    acceptance: Acceptance


class NewTerms(Model):
    """`id`: the client's own, so that a repeat is no second amendment. `organisation`: only an operator may hand a
    contract to another one."""

    id: Id | None = None
    terms: Terms
    organisation: Id | None = None


class Accepted(Model):
    """`version`: of the terms in force, as they were read. `consents`: those given; what is left out is not given."""

    id: Id
    version: Annotated[str, Field(min_length=1, max_length=40)]
    consents: list[Consent] = Field(default_factory=list, max_length=8)


class ContractStep(Model):
    """One event of the contract's life. `changes`: field → [before, after]."""

    id: str
    type: str
    at: datetime
    version: str | None
    changes: dict[str, tuple[str, str]]
    text: str


class ContractHistory(Model):
    steps: list[ContractStep] = Field(description="Oldest first.")
