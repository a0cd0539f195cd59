"""Redis from Debian (`redis-server`), and what it shares with Valkey: the protocol and the configuration."""

from __future__ import annotations

import shutil
import socket

from goals.services.server import Server, ServerFailed, remembered_secret


class Redis(Server):
    """Loopback, a random password, nothing written to disk: here live only pub/sub and counters that may be lost."""

    name = "redis"

    def program(self) -> str:
        found = shutil.which("redis-server")
        if found is None:
            raise ServerFailed(
                "redis-server is not installed", hint="apt-get install -y --no-install-recommends redis-server"
            )
        return found

    def prepare(self) -> None:
        settings = {
            "bind": "127.0.0.1",
            "port": self.port,
            "dir": f'"{self.folder}"',
            "requirepass": remembered_secret(self.folder / "password"),
            "save": '""',
            "appendonly": "no",
            "daemonize": "no",
            "maxmemory": "128mb",
            "maxmemory-policy": "volatile-lru",
        }
        path = self.folder / "server.conf"
        path.touch(mode=0o600)
        path.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))

    def command(self) -> list[str]:
        return [self.program(), str(self.folder / "server.conf")]

    def ready(self) -> bool:
        password = (self.folder / "password").read_text()
        try:
            with (
                socket.create_connection(("127.0.0.1", self.port), timeout=2) as client,
                client.makefile("rb") as reply,
            ):
                client.sendall(f"AUTH {password}\r\nPING\r\n".encode())
                return (reply.readline(), reply.readline()) == (b"+OK\r\n", b"+PONG\r\n")
        except OSError:
            return False

    def address(self, port: int) -> str:
        return f"redis://:{(self.folder / 'password').read_text()}@127.0.0.1:{port}/0"
