"""The bus on RabbitMQ: topic exchange `goals.events`, for each function a quorum queue and a quorum dead-letter queue.

Dead-lettering is "at least once" (RabbitMQ 3.10, quorum queues): the broker forgets a message only when the dead-letter
queue has confirmed it. `x-delivery-limit` counts returns, so it is one less than our limit of hand-outs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pika
import pika.exceptions

from shared.bus.port import CONTENT_TYPE, EXCHANGE, DeadLetter, Message, QueueSpec
from shared.bus.rabbit_consumer import KEY_HEADER, Consumers, RabbitConsumer
from shared.bus.rabbit_publisher import Publisher
from shared.errors import BusUnavailable

DEAD_EXCHANGE = "goals.dead"
CONSUMER_TIMEOUT_MS = 3_600_000
"""How long a message may be in hand (RabbitMQ's default is 30 minutes): RabbitmqSource takes 100 at once and retries in
place. Brokers before 3.12 know it as a server setting only and ignore the queue's argument."""
UNLIMITED = 1_000_000
"""Reading dead letters counts as handing them out; RabbitMQ 4 would drop them after 20 readings by default."""
SETTLE = 2.0
"""Seconds until a new quorum queue survives a crash: RabbitMQ 3.10 writes its name half a second late (a dets table),
and a broker killed before that never serves the queue again. Messages are safe from their confirm on."""


class RabbitBus:
    """`url`: amqp://user:password@host:port/vhost. Two connections: a broker short of memory stops publishers, and
    must not stop those who empty the queues with them. `settle`: seconds to wait after making new queues."""

    def __init__(self, url: str, *, settle: float = SETTLE) -> None:
        self._settle = settle
        self._parameters = pika.URLParameters(url)
        self._publisher = Publisher(url)
        self._consumers = Consumers(url)

    def declare(self, queues: Sequence[QueueSpec]) -> None:
        """Bindings are only added. A queue that exists with another delivery limit raises BusUnavailable with the
        broker's reason (PRECONDITION_FAILED): delete it first."""
        with self._connection() as connection:
            new = [queue for queue in queues if not _exists(connection, queue.name)]
            channel = connection.channel()
            channel.exchange_declare(EXCHANGE, "topic", durable=True)
            channel.exchange_declare(DEAD_EXCHANGE, "direct", durable=True)
            for queue in queues:
                _declare_one(channel, queue)
            if new:
                time.sleep(self._settle)

    def publish(self, messages: Sequence[Message]) -> None:
        self._publisher.publish(messages)

    def consume(self, queue: str, prefetch: int) -> RabbitConsumer:
        return self._consumers.consume(queue, prefetch)

    def depth(self, queue: str) -> int:
        with self._connection() as connection:
            return int(connection.channel().queue_declare(queue, passive=True).method.message_count)

    def dead_letters(self, queue: str, limit: int = 100) -> list[DeadLetter]:
        """Takes them in hand, and gives all back in their order by closing the channel; two readers at the same time
        may each see a part."""
        found: list[DeadLetter] = []

        def look(_channel: Any, _tag: int, letter: DeadLetter) -> None:
            found.append(letter)

        self._each_dead_letter(queue, limit, look)
        return found

    def replay(self, queue: str, ids: Sequence[str] | None = None) -> int:
        """Publishes each to its queue, waits for the confirm, then removes the dead letter: a crash in between leaves
        both."""
        wanted = None if ids is None else set(ids)
        moved = 0

        def move(channel: Any, tag: int, letter: DeadLetter) -> None:
            nonlocal moved
            if wanted is not None and letter.id not in wanted:
                return
            properties = pika.BasicProperties(
                content_type=CONTENT_TYPE,
                delivery_mode=pika.DeliveryMode.Persistent,
                message_id=letter.id,
                headers={KEY_HEADER: letter.key},
            )
            channel.basic_publish("", queue, letter.body, properties, mandatory=True)
            channel.basic_ack(tag)
            moved += 1

        self._each_dead_letter(queue, None, move)
        return moved

    def close(self) -> None:
        self._consumers.close()
        self._publisher.close()

    def _each_dead_letter(self, queue: str, limit: int | None, act: Callable[[Any, int, DeadLetter], None]) -> None:
        with self._connection() as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            present = channel.queue_declare(f"{queue}.dead", passive=True).method.message_count
            for _ in range(present if limit is None else min(present, limit)):
                method, properties, body = channel.basic_get(f"{queue}.dead")
                if method is None:
                    break
                act(channel, method.delivery_tag, _dead_letter(properties, body))
            channel.close()

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        """For what is asked rarely: opened for one question and closed."""
        try:
            with pika.BlockingConnection(self._parameters) as connection:
                yield connection
        except (pika.exceptions.AMQPError, OSError) as error:
            raise BusUnavailable(f"RabbitMQ failed: {error!r}", hint="See the broker's log, and try again.") from error


def _exists(connection: Any, queue: str) -> bool:
    channel = connection.channel()
    try:
        channel.queue_declare(queue, passive=True)
    except pika.exceptions.ChannelClosedByBroker as error:
        if error.reply_code != 404:
            raise
        return False
    channel.close()
    return True


def arguments_of(queue: QueueSpec) -> dict[str, Any]:
    """Of a function's queue: whoever declares it otherwise is refused by the broker."""
    return {
        "x-queue-type": "quorum",
        "x-delivery-limit": queue.delivery_limit - 1,
        "x-dead-letter-exchange": DEAD_EXCHANGE,
        "x-dead-letter-routing-key": queue.name,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",  # at-least-once asks for it; without a length limit it never applies
        "x-consumer-timeout": CONSUMER_TIMEOUT_MS,
    }


def dead_arguments() -> dict[str, Any]:
    return {"x-queue-type": "quorum", "x-delivery-limit": UNLIMITED}


def _declare_one(channel: Any, queue: QueueSpec) -> None:
    dead = f"{queue.name}.dead"
    channel.queue_declare(dead, durable=True, arguments=dead_arguments())
    channel.queue_bind(dead, DEAD_EXCHANGE, queue.name)
    channel.queue_declare(queue.name, durable=True, arguments=arguments_of(queue))
    for pattern in queue.bindings:
        channel.queue_bind(queue.name, EXCHANGE, pattern)


def _dead_letter(properties: pika.BasicProperties, body: bytes) -> DeadLetter:
    """`x-death` (RabbitMQ, "Dead Letter Exchanges") tells reason and routing key; it does not tell the attempts."""
    headers = properties.headers or {}
    death = (headers.get("x-death") or [{}])[0]
    key = headers.get(KEY_HEADER) or (death.get("routing-keys") or [""])[0]
    return DeadLetter(properties.message_id or "", str(key), body, str(death.get("reason", "rejected")), 0)
