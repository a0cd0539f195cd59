"""Identifiers. Random ones are UUIDv7 (RFC 9562: sortable by time); derived ones are UUIDv5 (repeatable)."""

from __future__ import annotations

import os
import time
import uuid

NAMESPACE = uuid.UUID("6f1d2a52-5f3c-5c3e-9f0b-6c1a9a1f7e10")


def new_id() -> str:
    """A UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then random bits."""
    millis = time.time_ns() // 1_000_000
    value = (millis << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=value))


def derived_id(*parts: object) -> str:
    """The same parts give the same id, on any machine: what makes a repeated step harmless."""
    return str(uuid.uuid5(NAMESPACE, "\x1f".join(map(str, parts))))
