"""Feeds a function from its queue, exactly as the adapter of Knative's RabbitmqSource does.

Source: eventing-rabbitmq 1.22, pkg/adapter; read and run for real. 2xx acknowledges, the answer's body is discarded. A
refused or broken connection and the statuses of `RetryPolicy.retried` are tried again in place, the message stays in
hand meanwhile. Every other status, 500 and 400 among them, gets one attempt: then, as when the retries are used up,
the message is rejected and becomes a dead letter. So does what is no structured CloudEvent in JSON.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from http import HTTPStatus

import structlog

from shared.bus.port import Bus, Consumer, Delivery, RetryPolicy
from shared.bus.sink import HttpSink
from shared.errors import BusUnavailable, Unavailable

log = structlog.get_logger(__name__)
LOOK = 0.25
"""Seconds a worker waits for a message before it looks whether it should stop."""

Call = Callable[[bytes], int]
"""A function in this very process: takes the body, gives the HTTP status it would answer. Needs to be thread-safe."""


class Dispatcher:
    """`target`: the function's URL, or the function itself. `parallelism`: messages worked on at the same time;
    `prefetch`: taken from the queue in advance (RabbitmqSource: always 100). `timeout`: seconds until a function that
    does not answer counts as a broken connection (Knative's default for a Service is 300).

    `outcomes` counts what became of messages: `acked`, `dead`, `given_back`, and attempts `retried`.
    """

    def __init__(
        self,
        bus: Bus,
        queue: str,
        target: str | Call,
        parallelism: int = 1,
        policy: RetryPolicy | None = None,
        *,
        prefetch: int = 100,
        timeout: float = 300.0,
    ) -> None:
        self.queue = queue
        self.outcomes: Counter[str] = Counter()
        self._bus = bus
        self._target = target
        self._parallelism = parallelism
        self._policy = policy or RetryPolicy()
        self._prefetch = max(prefetch, parallelism)
        self._timeout = timeout
        self._stopping = threading.Event()
        self._workers: list[threading.Thread] = []
        self._consumer: Consumer | None = None
        self._counting = threading.Lock()

    def start(self) -> None:
        consumer = self._consumer = self._bus.consume(self.queue, self._prefetch)
        self._stopping.clear()
        self._workers = [
            threading.Thread(target=self._work, args=[consumer], name=f"dispatch-{self.queue}-{n}", daemon=True)
            for n in range(self._parallelism)
        ]
        for worker in self._workers:
            worker.start()

    def stop(self, drain_seconds: float = 30.0) -> bool:
        """Takes no more, lets the messages in work finish, gives all others back. False when some were not finished
        in time: they are given back as well, and their late answer is ignored."""
        self._stopping.set()
        deadline = time.monotonic() + drain_seconds
        for worker in self._workers:
            worker.join(max(0.0, deadline - time.monotonic()))
        if self._consumer is not None:
            self._consumer.close()
        return not any(worker.is_alive() for worker in self._workers)

    def alive(self) -> bool:
        return bool(self._workers) and all(worker.is_alive() for worker in self._workers)

    def _work(self, consumer: Consumer) -> None:
        if callable(self._target):
            self._work_with(consumer, self._target)
        else:
            with closing(HttpSink(self._target, self._timeout)) as sink:
                self._work_with(consumer, sink.post)

    def _work_with(self, consumer: Consumer, post: Call) -> None:
        while not self._stopping.is_set():
            try:
                delivery = consumer.get(LOOK)
            except BusUnavailable as error:
                log.warning("dispatcher.waits", queue=self.queue, error=error.detail)
                self._stopping.wait(LOOK)
                continue
            if delivery is not None:
                self._count(self._safely(delivery, post))

    def _safely(self, delivery: Delivery, post: Call) -> str:
        """A worker outlives what nobody foresaw; the message counts one delivery more and comes again."""
        try:
            return self._deliver(delivery, post)
        except Exception:
            log.exception("dispatcher.failed", queue=self.queue, key=delivery.key)
            delivery.retry()
            return "given_back"

    def _deliver(self, delivery: Delivery, post: Call) -> str:
        problem = why_invalid(delivery.body)
        if problem is not None:
            return self._dead(delivery, problem, 0)
        tries = 0
        while True:
            outcome = self._attempt(delivery, post)
            tries += 1
            if isinstance(outcome, int) and 200 <= outcome < 300:
                delivery.ack()
                return "acked"
            if isinstance(outcome, int) and outcome not in self._policy.retried:
                return self._dead(delivery, f"status {outcome}", tries)
            if tries > self._policy.retry:
                return self._dead(delivery, f"retries used up, last: {outcome}", tries)
            self._count("retried")
            if self._stopping.wait(min(self._policy.base * 2 ** (tries - 1), self._policy.cap)):
                delivery.retry()
                return "given_back"

    def _attempt(self, delivery: Delivery, post: Call) -> int | str:
        """The status, or what went wrong on the way to one."""
        try:
            return post(delivery.body)
        except Unavailable as error:
            return f"unavailable: {error.detail}"
        except Exception:  # a function in this process that raises has answered 500, as over HTTP
            log.exception("dispatcher.function_raised", queue=self.queue, key=delivery.key)
            return int(HTTPStatus.INTERNAL_SERVER_ERROR)

    def _dead(self, delivery: Delivery, reason: str, tries: int) -> str:
        log.warning("dispatcher.dead", queue=self.queue, key=delivery.key, reason=reason, tries=tries)
        delivery.dead()
        return "dead"

    def _count(self, outcome: str) -> None:
        with self._counting:
            self.outcomes[outcome] += 1


def why_invalid(body: bytes) -> str | None:
    """Why `body` is no CloudEvent in structured JSON mode (CloudEvents 1.0.2, "JSON Event Format", section 3); None
    when it is one. A batch (an array) is none: RabbitmqSource rejects batches."""
    try:
        event = json.loads(body)
    except ValueError as error:  # not UTF-8, not JSON, or a number of more digits than Python reads
        return f"not JSON: {error}"
    except RecursionError:
        return "not JSON: nested too deeply"
    if not isinstance(event, dict):
        return f"not one CloudEvent but a JSON {type(event).__name__}"
    for name in ("specversion", "id", "source", "type"):
        if not (isinstance(event.get(name), str) and event[name]):
            return f"no CloudEvent: attribute {name!r} is missing or empty"
    if event["specversion"] != "1.0":
        return f"CloudEvents {event['specversion']} is not understood, only 1.0"
    return None
