"""Old versions become the newest, one step at a time, when they are read. The log itself is never rewritten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from shared.errors import InvalidInput
from shared.events.data import Data, model_of
from shared.refusals import Saying, fault, listed, say

Step = Callable[[dict[str, Any]], dict[str, Any]]

SCORES = {1: "stuck", 2: "tired", 3: "flat", 4: "good", 5: "great"}


def mood_answered_1(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 asked for a number from 1 to 5; version 2 names the feeling."""
    return {"answer": SCORES[int(data["score"])], "goal": data.get("goal"), "question": None}


def profile_stated_1(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 could hold names of a workspace in clear; since version 2 they come as `workspace.seen` alone."""
    return {name: value for name, value in data.items() if name != "workspace"}


STEPS: Mapping[tuple[str, int], Step] = {
    ("goals.mood.answered", 1): mood_answered_1,
    ("goals.profile.stated", 1): profile_stated_1,
}
"""(type, version) → the step to version + 1."""


def lifted(type_: str, version: int, data: dict[str, Any]) -> dict[str, Any]:
    """The data as JSON of the newest version; untouched where it is that already. Raises as `newest` does."""
    if version == model_of(type_).event_version:
        return data
    return newest(type_, version, data).model_dump(mode="json")


def newest(type_: str, version: int, data: dict[str, Any]) -> Data:
    """Validates `data` as written, then lifts it to the newest version. Raises UnknownEventType, InvalidInput."""
    written = model_of(type_, version)
    latest = model_of(type_)
    try:
        if version == latest.event_version:
            return latest.model_validate(data)
        current = written.model_validate(data).model_dump(mode="json")
        for step in range(version, latest.event_version):
            current = STEPS[type_, step](current)
        return latest.model_validate(current)
    except ValidationError as error:
        raise InvalidInput(say("data_not_valid", type=type_, faults=_faults(error))) from error


def _faults(error: ValidationError) -> list[Saying]:
    """Pydantic's findings: field, problem."""
    return listed(fault(e, None if e["loc"] else "data") for e in error.errors()[:5])
