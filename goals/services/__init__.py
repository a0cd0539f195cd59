"""Supervised local servers: one class a server, one shape (`start`, `stop`, `alive`, `url`).

Each runs under a guard (`guard.py`), so that no server outlives the process that wanted it, even when that is killed
with SIGKILL. Functions and agents never import this: they get addresses by their settings.
"""

from goals.services.ceph import S3
from goals.services.envoy import Envoy
from goals.services.postgres import Postgres
from goals.services.rabbitmq import RabbitMQ
from goals.services.redis import Redis
from goals.services.server import Info, Server, ServerFailed
from goals.services.valkey import Valkey

__all__ = ["S3", "Envoy", "Info", "Postgres", "RabbitMQ", "Redis", "Server", "ServerFailed", "Valkey"]
