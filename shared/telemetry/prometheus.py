"""The meter on `prometheus-client`. Names follow its conventions: base units, `_total` for what only grows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from shared.telemetry.meter import Gauge

log = structlog.get_logger(__name__)
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
OUTCOMES = {204: "done", 503: "later", 422: "never"}


class PrometheusMeter:
    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=registry)
        self._events = Counter(
            "goals_events", "CloudEvents a function answered.", ["function", "type", "outcome"], registry=registry
        )
        self._event_seconds = Histogram(
            "goals_event_seconds", "From taking a CloudEvent to its answer.", ["function"], buckets=SECONDS,
            registry=registry,
        )  # fmt: skip
        self._requests = Counter(
            "goals_http_requests", "Requests the API answered.", ["method", "route", "status"], registry=registry
        )
        self._request_seconds = Histogram(
            "goals_http_request_seconds", "To the end of the answer.", ["route"], buckets=SECONDS, registry=registry
        )
        self._runs = Counter("goals_runs", "Runs of learners' code.", ["verdict", "mode"], registry=registry)
        self._run_seconds = Histogram(
            "goals_run_seconds", "Of a run in the sandbox.", buckets=SECONDS, registry=registry
        )
        self._calls = Counter("goals_model_calls", "Questions to a model.", ["prompt", "outcome"], registry=registry)
        self._call_seconds = Histogram(
            "goals_model_call_seconds", "Of a question, repeats included.", ["prompt"], buckets=SECONDS,
            registry=registry,
        )  # fmt: skip
        self._tokens = Counter("goals_model_tokens", "Sent and written.", ["prompt"], registry=registry)
        self._cost = Counter("goals_model_cost_dollars", "What questions cost.", ["prompt"], registry=registry)
        self._refused = Counter(
            "goals_model_texts_refused", "Texts of a model that a rule refused.", ["prompt", "rule"], registry=registry
        )
        self._reads: list[Callable[[], Iterable[Gauge]]] = []
        self._unread = Counter("goals_gauges_unread", "Figures that could not be read.", registry=registry)
        registry.register(_Watched(self))

    def handled(self, function: str, type_: str, status: int, seconds: float) -> None:
        self._events.labels(function, type_, OUTCOMES.get(status, str(status))).inc()
        self._event_seconds.labels(function).observe(seconds)

    def requested(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def ran(self, verdict: str, mode: str, seconds: float) -> None:
        self._runs.labels(verdict, mode).inc()
        self._run_seconds.observe(seconds)

    def asked(self, prompt: str, outcome: str, seconds: float, tokens: int, cost: int) -> None:
        self._calls.labels(prompt, outcome).inc()
        self._call_seconds.labels(prompt).observe(seconds)
        self._tokens.labels(prompt).inc(tokens)
        self._cost.labels(prompt).inc(cost / 1_000_000)

    def refused(self, prompt: str, rules: Iterable[str]) -> None:
        for rule in rules:
            self._refused.labels(prompt, rule).inc()

    def watch(self, read: Callable[[], Iterable[Gauge]]) -> None:
        self._reads.append(read)

    def gauges(self) -> Iterator[Gauge]:
        for read in self._reads:
            try:
                yield from read()
            except Exception as error:  # noqa: BLE001  a database that is away must not take the other figures with it
                self._unread.inc()
                log.warning("telemetry.unread", error=str(error))


class _Watched:
    def __init__(self, meter: PrometheusMeter) -> None:
        self._meter = meter

    def collect(self) -> Iterator[GaugeMetricFamily]:
        families: dict[str, GaugeMetricFamily] = {}
        for gauge in self._meter.gauges():
            family = families.get(gauge.name)
            if family is None:
                family = families[gauge.name] = GaugeMetricFamily(gauge.name, gauge.help, labels=list(gauge.labels))
            family.add_metric(list(gauge.labels.values()), gauge.value)
        yield from families.values()
