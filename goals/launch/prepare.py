"""What must stand before the first function starts: schema, read model, queues. In a cluster a Job does it."""

from __future__ import annotations

from graph.topology import QUEUES
from shared.bus.opening import open_bus
from shared.readmodel import READ_MODEL
from shared.settings import Settings
from shared.store import migrate
from shared.store.projections import ensure


def prepare(settings: Settings) -> None:
    """Repeatable; two at once wait for each other."""
    migrate(settings.database_url)
    ensure(settings.database_url, READ_MODEL)
    bus = open_bus(settings)
    try:
        bus.declare(QUEUES)
    finally:
        bus.close()


if __name__ == "__main__":
    from shared.settings import environment

    prepare(environment())
