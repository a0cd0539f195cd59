"""Answers that were given before, by prompt version and input: asked the same again, nothing is sent.

An answer to a learner's own text is theirs: kept apart for each learner, and erased with them. An answer to texts of
ours alone is shared. Bounded in number and in time. A cache that is away is empty; that costs money, never an answer.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from shared.models.budget import private
from shared.models.prompt import Prompt

ENTRIES = 20_000
TTL = timedelta(days=7)
LARGEST = 16_384
"""Bytes of one answer; larger ones are not kept."""
OURS = "ours"
"""The owner of answers that tell nothing of a person."""


class Cache(Protocol):
    """Texts by owner and key. `get` and `put` never raise."""

    def get(self, owner: str, key: str, now: datetime) -> str | None: ...

    def put(self, owner: str, key: str, text: str, now: datetime) -> None: ...

    def forget(self, learner: str) -> None:
        """Erases what is theirs, and keeps calls still under way from adding more. Raises Unavailable where that
        cannot be done now."""
        ...

    def close(self) -> None: ...


def owner_of(prompt: Prompt, learner: str) -> str:
    return private(learner) if prompt.of_learner else OURS


def key_of(prompt: Prompt, schema: str, model: str, inputs: Mapping[str, str]) -> str:
    """`schema`: the digest of what was asked for; `model`: endpoint and name. All that an answer depends on."""
    parts = [prompt.digest, schema, model, dict(sorted(inputs.items()))]
    return sha256(json.dumps(parts).encode()).hexdigest()


class MemoryCache:
    """In one process; the least recently used goes first."""

    def __init__(self, entries: int = ENTRIES, ttl: timedelta = TTL) -> None:
        self._entries, self._ttl = entries, ttl
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], tuple[str, datetime]] = OrderedDict()
        self._erased: set[str] = set()

    def get(self, owner: str, key: str, now: datetime) -> str | None:
        with self._lock:
            found = self._kept.get((owner, key))
            if found is None or found[1] <= now:
                return None
            self._kept.move_to_end((owner, key))
            return found[0]

    def put(self, owner: str, key: str, text: str, now: datetime) -> None:
        if len(text.encode("utf-8", "replace")) > LARGEST:
            return
        with self._lock:
            if owner in self._erased:
                return
            self._kept[owner, key] = (text, now + self._ttl)
            self._kept.move_to_end((owner, key))
            while len(self._kept) > self._entries:
                self._kept.popitem(last=False)

    def forget(self, learner: str) -> None:
        owner = private(learner)
        with self._lock:
            self._erased.add(owner)
            for place in [p for p in self._kept if p[0] == owner]:
                del self._kept[place]

    def close(self) -> None:
        pass
