"""The port that people use: said early and clearly when it is taken."""

from __future__ import annotations

from goals.services import ServerFailed
from goals.services.ports import taken


def reserve(port: int) -> None:
    """Raises ServerFailed where somebody listens on `port` already."""
    if error := taken(port):
        raise ServerFailed(
            f"port {port} is taken: {error.strerror}", hint="Stop what listens there, or give --port."
        ) from error
