"""A private RabbitMQ from Debian (`rabbitmq-server`) on loopback, without systemd and without a shared epmd."""

from __future__ import annotations

import http.client
import shutil
import socket
from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

from goals.services.server import Info, Server, ServerFailed, remembered_secret

SCRIPTS = Path("/usr/lib/rabbitmq/bin")
USER = "goals"


class _PortMapper(Server):
    """epmd, the name server of Erlang nodes. RabbitMQ would start one as a daemon that nobody ever stops."""

    name = "epmd"
    grace = 0.5

    def prepare(self) -> None:
        pass

    def command(self) -> list[str]:
        return [shutil.which("epmd") or "epmd", "-port", str(self.port), "-address", "127.0.0.1"]

    def ready(self) -> bool:
        return _listens(self.port)

    def address(self, port: int) -> str:
        return f"epmd://127.0.0.1:{port}"


class RabbitMQ(Server):
    """AMQP on `port`, Erlang distribution on port+1, management API on port+2. User `goals`, a random password.

    Data survives restarts. Stopping in order takes up to some seconds; after `grace` it is killed, which quorum
    queues survive as well.
    """

    name = "rabbitmq"
    neighbours = 2
    grace = 15.0
    ready_within = 120.0

    def __init__(self, folder: Path | str) -> None:
        super().__init__(folder)
        self.port_mapper = _PortMapper(self.folder / "epmd")

    def start(self, owner: int | None = None) -> Info:
        if not (SCRIPTS / "rabbitmq-server").exists():
            raise ServerFailed(
                "rabbitmq-server is not installed",
                hint="apt-get install -y --no-install-recommends rabbitmq-server",
            )
        if not self.port_mapper.alive():
            self.port_mapper.start(owner)
        return super().start(owner)

    def stop(self) -> None:
        super().stop()
        self.port_mapper.stop()

    def prepare(self) -> None:
        for name in ("mnesia", "home"):
            (self.folder / name).mkdir(exist_ok=True)
        settings = {
            "listeners.tcp.1": f"127.0.0.1:{self.port}",
            "management.tcp.ip": "127.0.0.1",
            "management.tcp.port": self.port + 2,
            "management_agent.disable_metrics_collector": "true",
            "default_user": USER,
            "default_pass": remembered_secret(self.folder / "password"),
            "disk_free_limit.absolute": "50MB",
            "vm_memory_high_watermark.absolute": "512MB",
            "log.console": "true",
            "log.console.level": "warning",
            "log.file": "false",
        }
        path = self.folder / "rabbitmq.conf"
        path.touch(mode=0o600)
        path.write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
        (self.folder / "enabled_plugins").write_text("[rabbitmq_management].\n")

    def command(self) -> list[str]:
        return [str(SCRIPTS / "rabbitmq-server")]

    def environment(self) -> dict[str, str]:
        names = self.port_mapper.running()
        return super().environment() | {
            "HOME": str(self.folder / "home"),
            "RABBITMQ_NODENAME": self._node(),
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.port + 1),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(names.port if names else 0),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none "
            "-kernel inet_dist_use_interface {127,0,0,1}",
            # The script then becomes the node (exec) instead of waiting for it: our signals reach the node.
            "detached": "true",
        }

    def _node(self) -> str:
        """The node's name is part of its data folder: it stays when the port has to change."""
        path = self.folder / "node"
        if not path.exists():
            path.write_text(f"goals{self.port}@localhost")
        return path.read_text()

    def ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as client:
                client.sendall(b"AMQP\x00\x00\x09\x01")  # AMQP 0-9-1, section 4.2.2: the server answers with Start
                return client.recv(1) == b"\x01" and _listens(self.port + 2)
        except OSError:
            return False

    def address(self, port: int) -> str:
        return f"amqp://{USER}:{self._password()}@127.0.0.1:{port}/%2F"

    def virtual_host(self, name: str) -> str:
        """Makes a virtual host (repeatable) and gives its URL."""
        self.management("PUT", f"/api/vhosts/{quote(name, safe='')}")
        return self.url.removesuffix("%2F") + quote(name, safe="")

    def remove_virtual_host(self, name: str) -> None:
        self.management("DELETE", f"/api/vhosts/{quote(name, safe='')}")

    def management(self, method: str, path: str, within: float = 20.0) -> bytes:
        """One request to the management API. Raises ServerFailed on any answer but 2xx."""
        running = self.running()
        if running is None:
            raise ServerFailed(f"{self.name} in {self.folder} does not run", hint="Call start() first.")
        login = b64encode(f"{USER}:{self._password()}".encode()).decode()
        connection = http.client.HTTPConnection("127.0.0.1", running.port + 2, timeout=within)
        try:
            connection.request(method, path, headers={"Authorization": f"Basic {login}"})
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status >= 300:
            raise ServerFailed(f"RabbitMQ answered {method} {path} with {answer.status}: {body[:300]!r}")
        return body

    def _password(self) -> str:
        return (self.folder / "password").read_text()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
