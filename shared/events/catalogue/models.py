"""Accounts of calls to language models: what they cost and how they ended. Never a text."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shared.events.catalogue.interactions import Id, Slug
from shared.events.data import Data, event

Reason = Literal[
    "budget",
    "resting",
    "busy",
    "timeout",
    "network",
    "rate_limited",
    "server_error",
    "not_accepted",
    "refused",
    "invalid",
    "too_large",
    "cut",
    "objected",
]
"""Why nothing usable came. `resting`: it failed too often lately and is left alone; `not_accepted`: key, model or
request were turned down; `cut`: it ended before its end; `objected`: the asker's check stopped a stream."""


@event("model.called", stream="learner")
class ModelCalled(Data):
    """One question to a model. `outcome`: `answered`, `cached` (nothing was sent), or why nothing came. Tokens and
    `cost` (millionths of a US dollar) are of all `attempts` together; `estimated`: some of it was not told by the
    server and is counted at its upper bound; `priced` False: the model is not in the price table and is counted at
    the dearest row. `ms`: wall time. `digest`: of the prompt file and the answer's schema. `first_ms`: until the
    first words of a stream.
    """

    prompt: Slug
    prompt_version: int = Field(ge=1)
    digest: Annotated[str, Field(max_length=64, pattern=r"^[0-9a-f]+$")]
    model: Annotated[str, Field(max_length=100)]
    outcome: Literal["answered", "cached"] | Reason
    attempts: int = Field(default=0, ge=0)
    input_tokens: int = Field(default=0, ge=0)
    cached_tokens: int = Field(default=0, ge=0)
    output_tokens: int = Field(default=0, ge=0)
    cost: int = Field(default=0, ge=0)
    estimated: bool = False
    priced: bool = True
    ms: float = Field(ge=0)
    first_ms: float | None = Field(default=None, ge=0)
    contract: Id | None = None
