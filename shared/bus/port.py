"""What every bus must do; `tests/bus/test_conformance.py` runs one suite against each implementation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

EXCHANGE = "goals.events"
CONTENT_TYPE = "application/cloudevents+json"


@dataclass(frozen=True, slots=True)
class Message:
    """`key`: the routing key, which is the CloudEvent's type. `body`: a structured-mode CloudEvent, JSON in UTF-8.

    `mandatory`: somebody must take it (a command to a function). The broker returning it raises `Unroutable`.
    A fact published for whoever listens (a domain event) is not mandatory: nobody listening is no error.
    """

    key: str
    body: bytes
    id: str
    mandatory: bool = False


@dataclass(frozen=True, slots=True)
class QueueSpec:
    """A durable queue, its bindings (AMQP topic patterns: `*` one word, `#` any number) and its dead-letter queue.

    `delivery_limit`: how often a message may be handed out before it is dead-lettered.
    """

    name: str
    bindings: tuple[str, ...]
    delivery_limit: int = 20


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """`reason`: why it is here (`rejected`, `delivery_limit`, `expired`), `attempts`: how often it was handed out;
    0 where the broker keeps no count (RabbitMQ).
    """

    id: str
    key: str
    body: bytes
    reason: str
    attempts: int


class Delivery(Protocol):
    """One message in hand. Exactly one of `ack`, `retry`, `dead` must be called, once, from any thread."""

    @property
    def body(self) -> bytes: ...
    @property
    def key(self) -> str: ...
    @property
    def attempt(self) -> int:
        """1 on the first delivery."""
        ...

    def ack(self) -> None: ...
    def retry(self) -> None:
        """Back to the queue, to be handed out again (counts towards the delivery limit)."""
        ...

    def dead(self) -> None:
        """Reject without requeue: to the queue's dead-letter queue."""
        ...


class Consumer(Protocol):
    """Hands out messages of one queue, at most `prefetch` unfinished at a time. Usable from several threads."""

    def get(self, timeout: float) -> Delivery | None:
        """The next message, or None after `timeout` seconds. Raises `BusUnavailable` when the broker is away
        (the consumer reconnects by itself: call again)."""
        ...

    def close(self) -> None:
        """Gives unfinished messages back to the queue."""
        ...


class Bus(Protocol):
    """Usable from several threads."""

    def declare(self, queues: Sequence[QueueSpec]) -> None:
        """Makes exchange, queues, dead-letter queues and bindings. Repeatable."""
        ...

    def publish(self, messages: Sequence[Message]) -> None:
        """Returns when the broker has safely taken every message (publisher confirms). Raises `Unroutable` if a
        mandatory message reached no queue, `BusUnavailable` if the broker is away: then nothing may be assumed
        published, and publishing again is right (consumers remove duplicates by id)."""
        ...

    def consume(self, queue: str, prefetch: int) -> Consumer: ...

    def depth(self, queue: str) -> int:
        """Messages ready to be handed out (not those in hand)."""
        ...

    def dead_letters(self, queue: str, limit: int = 100) -> list[DeadLetter]:
        """What the queue's dead-letter queue holds, oldest first; nothing is removed."""
        ...

    def replay(self, queue: str, ids: Sequence[str] | None = None) -> int:
        """Moves dead letters (all, or those with these ids) back to their queue; gives how many."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """As `delivery` of a RabbitmqSource: exponential back-off, then nack without requeue.

    `retry`: attempts after the first; `base`: seconds before the first retry, doubled each time, at most `cap`, which
    the defaults do not reach: a RabbitmqSource has none. All pauses together (102 s) are less than what the sweep takes
    for lost (`graph.sweep.OVERDUE`).
    Source: knative eventing `DeliverySpec` (retry, backoffPolicy, backoffDelay).
    """

    retry: int = 9
    base: float = 0.2
    cap: float = 60.0
    retried: frozenset[int] = field(default_factory=lambda: frozenset({404, 413, 425, 429, 502, 503, 504}))
