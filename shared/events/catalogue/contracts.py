"""Who may learn what, until when, how much: stated by organisations, watched by the `contract` node."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.events.catalogue.interactions import Id, Slug
from shared.events.catalogue.teaching import Kind
from shared.events.data import Data, event

Consent = Literal["mood", "workspace", "models", "progress"]
"""What a learner may be asked to agree to: answers about their mood, what their workspace holds, their texts sent to a
language model, their progress shown to the organisation."""


class PricePlan(BaseModel):
    """What the learning costs, for people to read: nothing is charged here. `amount`: in hundredths of `currency`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=40)]
    amount: int = Field(default=0, ge=0, le=100_000_000)
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"
    per: Literal["month", "year", "once"] = "month"


class Terms(BaseModel):
    """`courses`: empty means all. Quotas are per learner's own day: runs, goals, hints, and `kinds_per_day` the goals
    of one kind. `grace_days`: after `ends`, before cut-off; also the days to accept new terms in. `seats`: how many
    learners the organisation may have under contract at once (None: any number; the earliest signed keep theirs).
    `acceptance`: the learner must accept this version, with every one of `consents`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    starts: AwareDatetime
    ends: AwareDatetime
    courses: tuple[Slug, ...] = ()
    runs_per_day: int = Field(default=200, ge=0, le=100_000)
    goals_per_day: int = Field(default=12, ge=0, le=1_000)
    hints_per_day: int = Field(default=200, ge=0, le=10_000)
    kinds_per_day: dict[Kind, Annotated[int, Field(ge=0, le=1_000)]] = Field(default_factory=dict)
    grace_days: int = Field(default=3, ge=0, le=90)
    seats: int | None = Field(default=None, ge=1, le=1_000_000)
    consents: tuple[Consent, ...] = ()
    acceptance: bool = False
    price: PricePlan | None = None
    version: Annotated[str, Field(max_length=40)] = "1"


@event("contract.signed", stream="contract")
class ContractSigned(Data):
    contract: Id
    organisation: Id
    terms: Terms


@event("contract.amended", stream="contract")
class ContractAmended(Data):
    """The organisation states new terms; the contract node notices what changed for the learner. `changes`: what this
    amendment itself changed, field → [before, after], as text.
    """

    contract: Id
    organisation: Id
    terms: Terms
    changes: dict[str, tuple[str, str]] = Field(default_factory=dict)


@event("contract.accepted", stream="contract")
class ContractAccepted(Data):
    """The learner accepts a version of the terms. `consents`: those they gave with it."""

    contract: Id
    version: Annotated[str, Field(max_length=40)]
    consents: tuple[Consent, ...] = ()


@event("contract.kept", stream="contract")
class ContractKept(Data):
    contract: Id
    checked_until: datetime


@event("contract.changed", stream="contract")
class ContractChanged(Data):
    """`changes`: field → [before, after], as text. `accept_by`: until when the learner must accept them, if they
    must; `text`: the same in their language.
    """

    contract: Id
    changes: dict[str, tuple[str, str]]
    accept_by: datetime | None = None
    text: str = ""


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
