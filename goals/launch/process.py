"""One of our own processes under a guard, like any local server: no function outlives the launcher."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Mapping
from pathlib import Path

from goals.services.server import Server


class Process(Server):
    """`module` and `arguments`: as after `python -m`. `probe`: the path that says it is ready; None where it has no
    port (then being alive must do)."""

    ready_within = 60.0

    def __init__(
        self,
        folder: Path,
        name: str,
        module: str,
        *arguments: str,
        environment: Mapping[str, str],
        probe: str | None = "/health/readiness",
    ) -> None:
        super().__init__(folder / name)
        self.name = name
        self._module = module
        self._arguments = arguments
        self._environment = dict(environment)
        self._probe = probe

    def claim_port(self) -> int:
        """Chooses the port before the start, for those who must know it first."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self._choose_port()
        return self.port

    def prepare(self) -> None:
        """Nothing: its settings are its environment."""

    def command(self) -> list[str]:
        return [sys.executable, "-m", self._module, *self._arguments]

    def environment(self) -> dict[str, str]:
        root = str(Path(__file__).parents[2])
        here = {"HOST": "127.0.0.1", "PORT": str(self.port), "PYTHONPATH": root, "PYTHONUNBUFFERED": "1"}
        return {**super().environment(), **here, **self._environment}

    def ready(self) -> bool:
        if self._probe is None:
            return True
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=3)
        try:
            connection.request("GET", self._probe)
            return 200 <= connection.getresponse().status < 300
        except OSError:
            return False
        finally:
            connection.close()

    def address(self, port: int) -> str:
        return f"http://127.0.0.1:{port}"
