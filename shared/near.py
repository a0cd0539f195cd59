"""Whether an address is this machine's."""

from __future__ import annotations

from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def near(url: str) -> bool:
    """A proxy of the environment is not for it."""
    return urlsplit(url).hostname in LOOPBACK
