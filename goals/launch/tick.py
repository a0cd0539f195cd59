"""One tick, as a CronJob makes it: `python -m goals.launch.tick goals.clock.ticked 900`.

The second argument is the period in seconds. A tick's id is derived from the period it falls into, so that a job that
is repeated, or two that start together, publish one event twice and not two: who takes it does its work once anyway
(`daily` by learner and date, `lake` by position).
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from goals.launch.clock import tick_of
from graph.topology import SWEPT, TICKED
from shared.bus.opening import open_bus
from shared.bus.port import Message
from shared.clock import utc_now
from shared.errors import BusUnavailable
from shared.settings import Settings, environment

TYPES = (TICKED, SWEPT)


def period_of(now: datetime, seconds: int) -> datetime:
    """The beginning of the period that `now` falls into, counted from midnight UTC."""
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)


def tick(type_: str, seconds: int, now: datetime) -> Message:
    return tick_of(type_, period_of(now, seconds))


def publish(settings: Settings, message: Message) -> None:
    """Raises BusUnavailable: the job fails and is repeated."""
    bus = open_bus(settings)
    try:
        bus.publish([message])
    finally:
        bus.close()


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or arguments[0] not in TYPES or not arguments[1].isdigit() or int(arguments[1]) < 1:
        print(f"usage: python -m goals.launch.tick {'|'.join(TYPES)} SECONDS", file=sys.stderr)  # noqa: T201
        return 2
    try:
        publish(environment(), tick(arguments[0], int(arguments[1]), utc_now()))
    except BusUnavailable as error:
        print(f"{error.detail} {error.hint}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
