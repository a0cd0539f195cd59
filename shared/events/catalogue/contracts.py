"""Who may learn what, until when, how much: stated by organisations, watched by the `contract` node."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.events.catalogue.interactions import Id, Slug
from shared.events.data import Data, event


class Terms(BaseModel):
    """`courses`: empty means all. Quotas are per learner's own day. `grace_days`: after `ends`, before cut-off."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    starts: datetime
    ends: datetime
    courses: tuple[Slug, ...] = ()
    runs_per_day: int = Field(default=200, ge=0, le=100_000)
    goals_per_day: int = Field(default=12, ge=0, le=1_000)
    grace_days: int = Field(default=3, ge=0, le=90)
    version: Annotated[str, Field(max_length=40)] = "1"


@event("contract.signed", stream="contract")
class ContractSigned(Data):
    contract: Id
    organisation: Id
    terms: Terms


@event("contract.amended", stream="contract")
class ContractAmended(Data):
    """The organisation states new terms; the contract node notices what changed for the learner."""

    contract: Id
    organisation: Id
    terms: Terms


@event("contract.kept", stream="contract")
class ContractKept(Data):
    contract: Id
    checked_until: datetime


@event("contract.changed", stream="contract")
class ContractChanged(Data):
    """`changes`: field → [before, after], as text."""

    contract: Id
    changes: dict[str, tuple[str, str]]


@event("contract.expiring", stream="contract")
class ContractExpiring(Data):
    contract: Id
    ends: datetime
    days_left: int
    state: Literal["expiring", "grace", "ended"]
    text: str


@event("quota.refunded", stream="contract")
class QuotaRefunded(Data):
    """We failed (an infrastructure fault): the run is given back."""

    contract: Id
    run: Id
    because: str
