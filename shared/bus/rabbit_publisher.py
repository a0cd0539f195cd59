"""Publishing with confirms: any number of messages in flight, from any number of threads, on one channel."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

import pika
from pika.spec import Basic

from shared.bus.port import CONTENT_TYPE, EXCHANGE, Message
from shared.bus.rabbit_link import Link
from shared.errors import BusUnavailable, Unroutable

CONFIRM_WITHIN = 30.0
"""Seconds; a broker that confirms nothing for so long (disk full, memory alarm) counts as away."""


class Batch:
    """What one caller waits for: a confirm of each message."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = messages
        self.open = len(messages)
        self.sent = False
        self.returned: list[str] = []
        self.refused = 0
        self.error: Exception | None = None
        self.done = threading.Event()


class Publisher:
    def __init__(self, url: str) -> None:
        self._link = Link(url, "goals-publisher", self)
        self._channel: Any = None
        self._confirming = False
        self._tag = 0
        self._in_flight: dict[int, tuple[Batch, Message]] = {}
        self._waiting: set[Batch] = set()

    def publish(self, messages: Sequence[Message]) -> None:
        if not messages:
            return
        batch = Batch(messages)
        self._link.submit(lambda: self._send(batch), lambda: self._waiting.add(batch))
        confirmed = batch.done.wait(CONFIRM_WITHIN)
        with self._link.lock:
            self._waiting.discard(batch)
        if not confirmed:
            raise BusUnavailable(f"RabbitMQ confirmed nothing within {CONFIRM_WITHIN:.0f} s", hint="Publish again.")
        if batch.error is not None:
            raise BusUnavailable(f"RabbitMQ went away before it confirmed: {batch.error!r}", hint="Publish again.")
        if batch.returned:
            raise Unroutable(
                f"no queue takes {', '.join(sorted(set(batch.returned)))}", hint="Declare the queue first."
            )
        if batch.refused:
            raise BusUnavailable(f"RabbitMQ refused {batch.refused} of {len(messages)} messages", hint="Publish again.")

    def close(self) -> None:
        self._link.close()

    # ------------------------------------------------------------------ in the link's thread

    def opened(self, connection: Any) -> None:
        # Requests on a channel are answered in order: whoever publishes now comes after these three.
        self._channel = connection.channel(on_open_callback=self._prepare)
        self._confirming = False
        self._tag = 0
        self._in_flight = {}

    def _prepare(self, channel: Any) -> None:
        channel.add_on_close_callback(lambda _channel, error: self._channel_lost(error))
        channel.add_on_return_callback(self._on_return)
        channel.exchange_declare(EXCHANGE, "topic", durable=True)
        channel.confirm_delivery(self._on_confirm, callback=lambda _ok: self._send_early())

    def _send_early(self) -> None:
        self._confirming = True
        for batch in list(self._waiting):
            self._send(batch)

    def _send(self, batch: Batch) -> None:
        if batch.sent or not self._confirming:
            return  # `_send_early` was or will be first: it takes all that wait when the channel is in confirm mode
        if not self._channel.is_open:
            return  # the connection's end is on its way in the same queue of callbacks: `lost` will fail the batch
        batch.sent = True
        for message in batch.messages:
            self._tag += 1
            self._in_flight[self._tag] = (batch, message)
            properties = pika.BasicProperties(
                content_type=CONTENT_TYPE, delivery_mode=pika.DeliveryMode.Persistent, message_id=message.id
            )
            self._channel.basic_publish(EXCHANGE, message.key, message.body, properties, mandatory=message.mandatory)

    def _on_return(self, _channel: Any, method: Basic.Return, properties: pika.BasicProperties, _body: bytes) -> None:
        """Comes before the confirm of the same message (RabbitMQ's guide "Publisher Confirms")."""
        for batch, message in self._in_flight.values():
            if message.id == properties.message_id and message.key == method.routing_key:
                batch.returned.append(message.key)
                return

    def _on_confirm(self, frame: Any) -> None:
        last = frame.method.delivery_tag
        tags = list(takewhile(lambda tag: tag <= last, self._in_flight)) if frame.method.multiple else [last]
        for tag in tags:
            batch, _ = self._in_flight.pop(tag)
            batch.refused += isinstance(frame.method, Basic.Nack)
            batch.open -= 1
            if batch.open == 0:
                batch.done.set()

    def _channel_lost(self, error: Exception) -> None:
        """The broker closes a channel on our errors only; a new connection brings a new one."""
        self._link.error = error
        self._confirming = False
        if self._channel.connection.is_open:
            self._channel.connection.close()

    def lost(self, error: Exception) -> None:
        self._in_flight = {}
        for batch in self._waiting:
            batch.error = error
            batch.done.set()
        self._waiting = set()
