"""Where and how the API listens, and what follows from it."""

from __future__ import annotations

import gc
import os
from ipaddress import ip_address
from typing import Any

from shared.errors import InvalidInput
from shared.settings import Settings


def listening() -> str:
    """The address to listen on."""
    return os.environ.get("HOST", "127.0.0.1")


def serving(settings: Settings) -> dict[str, Any]:
    """How uvicorn must be set for this application: heartbeats, message limit, no deprecated websocket code; and whose
    word on a caller's address is taken (uvicorn by itself would take it from anybody on this machine)."""
    return {
        "host": listening(),
        "port": int(os.environ.get("PORT", "8080")),
        "proxy_headers": bool(settings.trusted_proxies),
        "forwarded_allow_ips": list(settings.trusted_proxies),
        "ws": "websockets-sansio",
        "ws_max_size": 1_048_576,
        "ws_ping_interval": 20.0,
        "ws_ping_timeout": 20.0,
        "log_level": "warning",
        "lifespan": "on",
        "timeout_graceful_shutdown": 20,
    }


def collect_less() -> None:
    """For a whole process, at its start: a batch of a hundred events makes thousands of objects that reference counts
    free by themselves; looking for cycles after every 700 of them (Python's default) cost a fifth of its time."""
    gc.set_threshold(20_000, 20, 100)


def loopback(address: str) -> bool:
    """Can only this machine reach what listens there?"""
    try:
        return address == "localhost" or ip_address(address).is_loopback
    except ValueError:
        return False


def unsandboxed(settings: Settings, address: str | None) -> bool:
    """May learners' code run in this process without a sandbox? `address`: where it listens, None where that is not
    known. Raises InvalidInput where it was asked for and others than this machine's user can reach the server."""
    if not settings.allow_unsandboxed:
        return False
    if address is None or not loopback(address):
        raise InvalidInput(
            f"GOALS_ALLOW_UNSANDBOXED is for a server on a loopback address; this one listens on {address or 'others'}",
            hint="HOST=127.0.0.1, or unset GOALS_ALLOW_UNSANDBOXED and let the sandbox do its work",
        )
    if settings.trusted_proxies:
        raise InvalidInput(
            "GOALS_ALLOW_UNSANDBOXED is for a server of one user; this one has proxies in front of it",
            hint="unset GOALS_ALLOW_UNSANDBOXED, or GOALS_TRUSTED_PROXIES",
        )
    return True
