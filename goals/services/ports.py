"""Whether somebody listens on a port of this machine."""

from __future__ import annotations

import socket


def taken(port: int) -> OSError | None:
    """Why nobody else can listen there; None where it is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return error
    return None
