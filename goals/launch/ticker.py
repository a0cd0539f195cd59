"""The clock's receiving end for PingSources: `python -m shared.function goals.launch.ticker:new`.

A PingSource gives its events a type of its own and knows no RabbitMQ; this publishes the tick it stands for. It posts
`{"type": "goals.clock.ticked", "seconds": 900}`; answers as every function (docs/decisions/0005). OpenFaaS's
cron-connector posts nothing at all: `daily` and `sweep` are for one tick each.
"""

from __future__ import annotations

import json

from goals.launch.clock import TICK_SECONDS
from goals.launch.tick import TYPES, tick
from graph.topology import SWEPT, TICKED
from shared.bus.opening import open_bus
from shared.bus.port import Bus
from shared.clock import Clock, utc_now
from shared.errors import InvalidInput
from shared.function.port import Reply
from shared.function.reply import LATER, reply_to
from shared.settings import Settings, environment


class Ticker:
    name = "clock"

    def __init__(
        self, always: tuple[str, int] | None = None, *, settings: Settings | None = None, clock: Clock = utc_now
    ) -> None:
        """`always`: type and period of every tick, whatever is posted."""
        self._always = always
        self._settings = settings
        self._clock = clock
        self._bus: Bus | None = None

    def start(self) -> None:
        self._bus = open_bus(self._settings or environment())

    def stop(self) -> None:
        bus, self._bus = self._bus, None
        if bus is not None:
            bus.close()

    def alive(self) -> bool:
        return True

    def ready(self) -> bool:
        return self._bus is not None

    def handle(self, body: bytes, content_type: str) -> Reply:
        bus = self._bus
        if bus is None:
            return Reply(LATER)
        try:
            bus.publish([tick(*(self._always or _asked(body)), self._clock())])
        except Exception as error:  # noqa: BLE001  every error becomes a status code here
            return reply_to(error, function=self.name, event="tick")
        return Reply()


def _asked(body: bytes) -> tuple[str, int]:
    """Type and period. Raises InvalidInput."""
    try:
        asked = json.loads(body)
        type_, seconds = asked["type"], asked["seconds"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InvalidInput('a tick is {"type": …, "seconds": …} in JSON') from error
    if type_ not in TYPES:
        raise InvalidInput(f"{str(type_)[:100]!r} is no tick", hint=f"there are {', '.join(TYPES)}")
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 1 <= seconds <= 86_400:
        raise InvalidInput("seconds is the period: a whole number from 1 to 86400")
    return type_, seconds


def new() -> Ticker:
    return Ticker()


def daily() -> Ticker:
    return Ticker((TICKED, round(TICK_SECONDS)))


def sweep() -> Ticker:
    return Ticker((SWEPT, 60))
