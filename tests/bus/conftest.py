"""Each bus for real: the suite asks for `bus` and runs once on each implementation."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from shared.bus.port import Bus
from shared.bus.postgres import PostgresBus
from shared.bus.rabbit import RabbitBus

MakeBus = Callable[[], Bus]


@pytest.fixture(params=["postgres", "rabbit"])
def make_bus(request: pytest.FixtureRequest) -> Iterator[MakeBus]:
    """Makes another bus on the same broker, as another process would have it. All are closed at the end."""
    made: list[Bus] = []
    database = request.getfixturevalue("database") if request.param == "postgres" else ""
    url = request.getfixturevalue("rabbit_url") if request.param == "rabbit" else ""

    def make() -> Bus:
        bus: Bus = PostgresBus(database) if database else RabbitBus(url, settle=0)
        made.append(bus)
        return bus

    yield make
    for bus in made:
        bus.close()


@pytest.fixture
def bus(make_bus: MakeBus) -> Bus:
    return make_bus()


@pytest.fixture
def address(make_bus: MakeBus, request: pytest.FixtureRequest) -> tuple[str, str]:
    """Kind and URL of the broker, for a bus in another process."""
    kind = request.node.callspec.params["make_bus"]
    return kind, str(request.getfixturevalue("database" if kind == "postgres" else "rabbit_url"))
