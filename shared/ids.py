"""Identifiers. Random ones are UUIDv7 (RFC 9562: sortable by time); derived ones are UUIDv5 (repeatable)."""

from __future__ import annotations

import os
import time
import uuid

NAMESPACE = uuid.UUID("6f1d2a52-5f3c-5c3e-9f0b-6c1a9a1f7e10")


def new_id() -> str:
    """A UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, 12 bits of their fraction (section 6.2,
    method 3: one process's ids sort in the order they were made), then random bits."""
    millis, rest = divmod(time.time_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000
    random = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return str(uuid.UUID(int=(millis << 80) | (0x7 << 76) | (fraction << 64) | (0b10 << 62) | random))


def derived_id(*parts: object) -> str:
    """The same parts give the same id, on any machine: what makes a repeated step harmless."""
    return str(uuid.uuid5(NAMESPACE, "\x1f".join(map(str, parts))))
