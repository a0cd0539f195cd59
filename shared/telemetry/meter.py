"""The meter of a process: nothing, or Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from shared.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Gauge:
    """A figure asked for when it is read. `labels`: name → value."""

    name: str
    help: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)


class Meter(Protocol):
    """All times are seconds."""

    def handled(self, function: str, type_: str, status: int, seconds: float) -> None:
        """A function answered a CloudEvent."""
        ...

    def requested(self, method: str, route: str, status: int, seconds: float) -> None:
        """The API answered a request; of a stream, when it ended."""
        ...

    def ran(self, verdict: str, mode: str, seconds: float) -> None:
        """A run of a learner's code ended."""
        ...

    def asked(self, prompt: str, outcome: str, seconds: float, tokens: int, cost: int) -> None:
        """A language model was asked. `cost`: millionths of a US dollar."""
        ...

    def refused(self, prompt: str, rules: Iterable[str]) -> None:
        """What a model wrote was not said: the rules that refused it; the rule-made answer stands in its place."""
        ...

    def watch(self, read: Callable[[], Iterable[Gauge]]) -> None:
        """`read` is called whenever figures are collected; what it raises leaves its figures out, visibly."""
        ...


class NoMeter:
    def handled(self, function: str, type_: str, status: int, seconds: float) -> None: ...

    def requested(self, method: str, route: str, status: int, seconds: float) -> None: ...

    def ran(self, verdict: str, mode: str, seconds: float) -> None: ...

    def asked(self, prompt: str, outcome: str, seconds: float, tokens: int, cost: int) -> None: ...

    def refused(self, prompt: str, rules: Iterable[str]) -> None: ...

    def watch(self, read: Callable[[], Iterable[Gauge]]) -> None: ...


_meter: Meter = NoMeter()


def meter() -> Meter:
    """Of this process."""
    return _meter


def start(port: int | None, host: str) -> Callable[[], None]:
    """Serves figures on `port` (GET /metrics) from now on, if there is one; gives what ends it.

    Raises InvalidInput where the port cannot be had."""
    global _meter
    if port is None:
        return lambda: None
    from prometheus_client import start_http_server

    from shared.telemetry.prometheus import PrometheusMeter

    made = PrometheusMeter()
    try:
        server, thread = start_http_server(port, host, registry=made.registry)
    except OSError as error:
        raise InvalidInput(
            f"GOALS_METRICS_PORT {port} cannot be had ({error.strerror})", hint="take another, or none"
        ) from error
    _meter = made

    def stop() -> None:
        global _meter
        _meter = NoMeter()
        server.shutdown()
        server.server_close()
        thread.join(5)

    return stop
