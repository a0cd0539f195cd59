"""What must stand before the first function starts: schema, read model, queues, the lake's bucket. In a cluster a Job
does it."""

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


def make_bucket(settings: Settings) -> None:
    """The bucket that GOALS_LAKE_URL names, unless it is there: then its credentials need no right to make one.
    Repeatable. Raises InvalidInput, or why the store cannot be asked."""
    from shared.lake.objects.opening import open_objects
    from shared.lake.objects.s3 import S3Objects

    objects = open_objects(settings)
    if isinstance(objects, S3Objects):
        objects.make_bucket()


if __name__ == "__main__":
    from shared.settings import environment

    told = environment()
    prepare(told)
    make_bucket(told)
