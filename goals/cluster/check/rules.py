"""All rules in one table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from goals.cluster.check import (
    broker,
    door,
    entrance,
    needs,
    references,
    standing,
    stores,
    tokens,
    told,
    ways,
    workloads,
    written,
)
from goals.cluster.check.objects import Finding, Object, Objects
from goals.cluster.check.schema import schema

RULES: tuple[Callable[[Objects], Iterator[Finding]], ...] = (
    *workloads.RULES,
    *told.RULES,
    *written.RULES,
    *stores.RULES,
    *ways.RULES,
    *needs.RULES,
    *standing.RULES,
    *references.RULES,
    *broker.RULES,
    *door.RULES,
    *entrance.RULES,
    *tokens.RULES,
)


def check(overlay: str, objects: list[Object]) -> list[Finding]:
    """Where the schema refuses something, other rules are not asked: they may rely on what it promises."""
    whole = Objects(overlay, objects)
    found = list(schema(whole))
    return found or [finding for rule in RULES for finding in rule(whole)]
