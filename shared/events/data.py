"""What every event's data has in common: a type, a version, a stream, and which of its fields may be erased."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict

from shared.errors import UnknownEventType
from shared.refusals import say

PREFIX = "goals."


@dataclass(frozen=True, slots=True)
class Erasable:
    """Marks a text field that is the learner's own (code, free text, a name).

    Its text is kept in the payload table and the stored event holds `payload:<id>` instead, so that it can be
    erased without touching the log. `limit`: bytes of UTF-8.
    """

    limit: int = 65_536


class Data(BaseModel):
    """Base of all event data: closed to unknown keys, frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    event_type: ClassVar[str]
    event_version: ClassVar[int]
    stream_key: ClassVar[str]
    """Which stream it is appended to: `goal` (of its `goal` field), `contract` or `learner` (of the subject),
    `activity` (high-volume interactions of the subject)."""
    from_clients: ClassVar[bool] = False
    """May a client send it? All others are the server's own words."""

    @classmethod
    def erasable(cls) -> dict[str, Erasable]:
        """Erasable fields by name."""
        return ERASABLE[cls]


M = TypeVar("M", bound=Data)

REGISTRY: dict[tuple[str, int], type[Data]] = {}
LATEST: dict[str, type[Data]] = {}
ERASABLE: dict[type[Data], dict[str, Erasable]] = {}


def event(name: str, *, stream: str, version: int = 1, interaction: bool = False) -> Callable[[type[M]], type[M]]:
    """Registers a model as version `version` of event type `goals.<name>`."""

    def register(model: type[M]) -> type[M]:
        model.event_type = PREFIX + name
        model.event_version = version
        model.stream_key = stream
        model.from_clients = interaction
        key = (model.event_type, version)
        if key in REGISTRY:
            raise TypeError(f"{key} is registered twice")
        REGISTRY[key] = model
        ERASABLE[model] = {
            field: mark
            for field, info in model.model_fields.items()
            for mark in info.metadata
            if isinstance(mark, Erasable)
        }
        latest = LATEST.get(model.event_type)
        if latest is None or latest.event_version < version:
            LATEST[model.event_type] = model
        return model

    return register


def model_of(type_: str, version: int | None = None) -> type[Data]:
    """The model of a type (newest version if none is given). Raises UnknownEventType."""
    model = LATEST.get(type_) if version is None else REGISTRY.get((type_, version))
    if model is None:
        if version is None:
            raise UnknownEventType(say("event_unknown", type=type_))
        raise UnknownEventType(say("event_version_unknown", type=type_, version=version))
    return model


Json = dict[str, Any]
