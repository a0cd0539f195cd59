"""Consuming from RabbitMQ: one connection for all consumers of a bus, one channel for each."""

from __future__ import annotations

import contextlib
import queue
import threading
from typing import Any

import pika
from pika.spec import Basic

from shared.bus.delivery import Held
from shared.bus.rabbit_link import Link
from shared.errors import BusUnavailable

KEY_HEADER = "goalskey"
"""Carries the routing key of a replayed message, which goes straight to its queue and not through the exchange."""
TRY_AGAIN = 0.5
"""Seconds until a channel that the broker closed (the queue is missing or restarting) is opened again."""


class RabbitDelivery(Held):
    __slots__ = ("_consumer", "channel", "finished", "tag")

    def __init__(self, consumer: RabbitConsumer, channel: Any, tag: int, key: str, body: bytes, attempt: int) -> None:
        super().__init__(key, body, attempt)
        self._consumer = consumer
        self.channel = channel
        self.tag = tag
        self.finished = False

    def ack(self) -> None:
        self._consumer.finish(self, lambda: self.channel.basic_ack(self.tag))

    def retry(self) -> None:
        self._consumer.finish(self, lambda: self.channel.basic_nack(self.tag, requeue=True))

    def dead(self) -> None:
        self._consumer.finish(self, lambda: self.channel.basic_nack(self.tag, requeue=False))


class RabbitConsumer:
    def __init__(self, consumers: Consumers, name: str, prefetch: int) -> None:
        self._consumers = consumers
        self._name = name
        self._prefetch = prefetch
        self._ready: queue.SimpleQueue[RabbitDelivery | None] = queue.SimpleQueue()
        self._channel: Any = None
        self._problem: str | None = None
        self._closed = threading.Event()
        self._channel_gone = threading.Event()
        self._finishing = threading.Lock()

    def get(self, timeout: float) -> RabbitDelivery | None:
        try:
            delivery = self._ready.get(timeout=timeout)
        except queue.Empty:
            away = self._problem or self._consumers.away()
            if away:
                raise BusUnavailable(f"cannot consume {self._name}: {away}", hint="It is tried again.") from None
            return None
        if delivery is None:
            self._ready.put(None)  # closed: the next one who waits shall know it as well
        return delivery

    def close(self) -> None:
        """The broker gives unacknowledged messages back when the channel closes; waits for that."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._drop_buffered()
        if self._consumers.close_one(self):
            self._channel_gone.wait(5)

    def finish(self, delivery: RabbitDelivery, answer: Any) -> None:
        with self._finishing:
            if delivery.finished:
                raise RuntimeError(f"delivery {delivery.tag} was finished before: call one of ack, retry, dead")
            delivery.finished = True
        if self._closed.is_set():
            return  # already given back

        def tell() -> None:
            if delivery.channel.is_open:  # else the broker has given it back with the channel
                answer()

        self._consumers.submit_if_open(tell)

    # ------------------------------------------------------------------ in the link's thread

    def attach(self, connection: Any) -> None:
        if not self._closed.is_set() and connection.is_open:
            self._channel = connection.channel(on_open_callback=self._on_open)

    def _on_open(self, channel: Any) -> None:
        channel.add_on_close_callback(self._on_close)
        channel.add_on_cancel_callback(lambda _frame: channel.close())
        channel.basic_qos(prefetch_count=self._prefetch)
        channel.basic_consume(self._name, self._on_message, callback=lambda _ok: self._set_problem(None))
        if self._closed.is_set():
            channel.close()

    def _set_problem(self, problem: str | None) -> None:
        self._problem = problem

    def _on_message(self, channel: Any, method: Basic.Deliver, properties: pika.BasicProperties, body: bytes) -> None:
        headers = properties.headers or {}
        key = str(headers.get(KEY_HEADER, method.routing_key))
        attempt = int(headers.get("x-delivery-count", 0)) + 1
        self._ready.put(RabbitDelivery(self, channel, method.delivery_tag, key, body, attempt))

    def _on_close(self, channel: Any, error: Exception) -> None:
        self._drop_buffered()
        if self._closed.is_set():
            self._channel_gone.set()
            return
        self._problem = repr(error)
        if channel.connection.is_open:
            self._consumers.later(TRY_AGAIN, lambda: self.attach(channel.connection))

    def close_channel(self) -> None:
        if self._channel is not None and self._channel.is_open:
            self._channel.close()
        else:
            self._channel_gone.set()

    def _drop_buffered(self) -> None:
        """What nobody took yet will be delivered again by the broker."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._ready.get_nowait()
        if self._closed.is_set():
            self._ready.put(None)


class Consumers:
    """All consumers of one bus on one link."""

    def __init__(self, url: str) -> None:
        self._link = Link(url, "goals-consumer", self)
        self._all: list[RabbitConsumer] = []
        self._connection: Any = None

    def consume(self, name: str, prefetch: int) -> RabbitConsumer:
        consumer = RabbitConsumer(self, name, prefetch)
        with self._link.lock:
            self._all.append(consumer)
            self._link.submit_if_open(lambda: consumer.attach(self._connection))
        self._link.start()
        return consumer

    def close_one(self, consumer: RabbitConsumer) -> bool:
        with self._link.lock:
            self._all = [other for other in self._all if other is not consumer]
            return self._link.submit_if_open(consumer.close_channel)

    def submit_if_open(self, work: Any) -> None:
        self._link.submit_if_open(work)

    def later(self, seconds: float, work: Any) -> None:
        self._link.later(seconds, work)

    def away(self) -> str | None:
        return None if self._link.is_open() else f"RabbitMQ is away: {self._link.error!r}"

    def close(self) -> None:
        for consumer in list(self._all):
            consumer.close()
        self._link.close()

    def opened(self, connection: Any) -> None:
        self._connection = connection
        for consumer in self._all:
            consumer.attach(connection)

    def lost(self, error: Exception) -> None:
        """The channels' close callbacks have told the consumers."""
