"""The event store on PostgreSQL: own tables, plain SQL in `queries.sql`, numbered migrations.

`append.py` writes, `log.py` reads, `batching.py` commits many appends as one, `outbox.py` relays to the bus,
`projections.py` keeps the read model, `payloads.py` holds what may be erased.
Nothing in here knows what an event means.
"""

from shared.store.append import Appended, Group, Outgoing, Receipt, Store
from shared.store.connect import connect, pool
from shared.store.migrate import migrate

__all__ = ["Appended", "Group", "Outgoing", "Receipt", "Store", "connect", "migrate", "pool"]
