"""Which bus the settings name. An implementation is imported only if it is used."""

from __future__ import annotations

from shared.bus.port import Bus
from shared.errors import InvalidInput
from shared.settings import Settings


def open_bus(settings: Settings) -> Bus:
    """`bus_url` None: the PostgreSQL queue in the same database; `amqp://…`: RabbitMQ."""
    url = settings.bus_url
    if url is None:
        from shared.bus.postgres import PostgresBus

        return PostgresBus(settings.database_url)
    if url.startswith(("amqp://", "amqps://")):
        from shared.bus.rabbit import RabbitBus

        return RabbitBus(url)
    raise InvalidInput(f"GOALS_BUS_URL begins with {url.split(':')[0]!r}: give amqp:// or amqps://, or leave it out")
