"""What a function that stores and publishes is made of: one pool, one bus, one push, one model, from the settings."""

from __future__ import annotations

from dataclasses import dataclass, field

import psycopg
import structlog

from shared.bus.opening import open_bus
from shared.bus.port import Bus
from shared.errors import BusUnavailable
from shared.models.opening import open_model
from shared.models.port import Model, NoModel
from shared.push import Push, connect
from shared.settings import Settings
from shared.store import Outgoing, outbox
from shared.store.connect import POOL, Connection, Pool, pool
from shared.store.queries import SQL

log = structlog.get_logger(__name__)


@dataclass
class Parts:
    pool: Pool
    bus: Bus
    push: Push
    model: Model = field(default_factory=NoModel)
    settings: Settings | None = None

    @classmethod
    def open(cls, settings: Settings, name: str, *, size: int = POOL) -> Parts:
        push, _ = connect(settings.redis_url)
        push.start()
        database = pool(settings.database_url, size=size, name=name)
        return cls(database, open_bus(settings), push, open_model(settings), settings)

    def close(self) -> None:
        self.pool.close()
        self.bus.close()
        self.push.stop()
        self.model.close()

    def publish(self, conn: Connection, outgoing: Outgoing) -> None:
        """After a commit. What cannot be published now stays in the outbox for the sweep."""
        try:
            outbox.send(conn, self.bus, outgoing)
        except (BusUnavailable, psycopg.Error) as error:
            log.warning("outbox.waits", error=str(error), rows=len(outgoing.rows))
        if outgoing.events:
            self.push.publish({e.subject for e in outgoing.events}, outgoing.events[-1].position)

    def sweep(self, overdue: float = 2.0) -> int:
        """Publishes what a crash left behind."""
        with self.pool.connection() as conn:
            return outbox.sweep(conn, self.bus, overdue=overdue)

    def reject(self, consumer: str, event: str, type_: str, reason: str, body: bytes) -> None:
        """Notes why an event was refused for good: the dead letter itself carries no reason."""
        with self.pool.connection() as conn:
            conn.execute(SQL["reject"], [event, consumer, type_, reason[:2_000], body])

    def ready(self) -> bool:
        try:
            with self.pool.connection(timeout=2) as conn:
                conn.execute("SELECT 1")
        except (psycopg.Error, OSError):
            return False
        return True
