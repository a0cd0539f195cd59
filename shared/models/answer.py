"""What comes back from a model, and for whom it was asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from shared.events.catalogue.models import ModelCalled, Reason

T = TypeVar("T")

__all__ = ["Answer", "Asker", "NoAnswer", "Reason", "ReasonKept"]

ReasonKept = Literal[Reason, "no_model"]
"""`no_model` is never recorded: nothing was called."""


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom a model is asked: budgets are kept, and answers erased, by these. `contract` None: counted with its
    tenant only."""

    learner: str
    contract: str | None = None
    tenant: str = "public"


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """`value` fits the schema that was asked for, and nothing more is known of it: check it. `called`: the account of
    this call, for the asker to record with what it decides (`Said(answer.called)`); holds no text."""

    value: T
    called: ModelCalled


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Nothing usable came: say what the rules say. `detail`: for people who operate this; never a model's or a
    learner's words. `called`: to be recorded, None where no model is configured."""

    reason: ReasonKept
    detail: str
    called: ModelCalled | None = None
