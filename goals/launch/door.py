"""The port that people use: said early and clearly when it is taken."""

from __future__ import annotations

import socket

from goals.services import ServerFailed


def reserve(port: int) -> None:
    """Raises ServerFailed where somebody listens on `port` already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ServerFailed(
                f"port {port} is taken: {error.strerror}", hint="Stop what listens there, or give --port."
            ) from error
