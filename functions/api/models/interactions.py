"""What became of events that were sent."""

from __future__ import annotations

from typing import Literal

from functions.api.models.base import Model
from shared.http import Problem


class InteractionResult(Model):
    """`recorded`: durable. `duplicate`: was durable already, which is just as well. `refused`: can never be recorded as
    it is; `problem` says why."""

    id: str | None
    status: Literal["recorded", "duplicate", "refused"]
    position: int | None = None
    problem: Problem | None = None


class InteractionResults(Model):
    """In the order of what was sent."""

    results: list[InteractionResult]
