"""Exchange, queues, bindings, who may publish, and a RabbitmqSource for each queue: as `RabbitBus.declare` makes them.

Sources: RabbitMQ messaging topology operator, `rabbitmq.com/v1beta1`; eventing-rabbitmq 1.22,
`sources.knative.dev/v1alpha1` RabbitmqSource. Its spec is immutable, so its name carries a hash of it: another spec is
another object, and the old one is pruned. For a moment both consume the queue, which is what replicas do.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from goals.cluster.deployed import CONCURRENCY
from graph.topology import QUEUES
from shared.bus.port import EXCHANGE, QueueSpec, RetryPolicy
from shared.bus.rabbit import DEAD_EXCHANGE, arguments_of, dead_arguments

Manifest = dict[str, Any]

CLUSTER = {"name": "rabbitmq"}
API = "rabbitmq.com/v1beta1"
PUBLISHER = "goals-publisher"
FACTOR = 4
"""Messages that the source works on at a time for each thread of an instance: so many instances a backlog can wake."""


def exchanges() -> list[Manifest]:
    return [_exchange(EXCHANGE, "topic"), _exchange(DEAD_EXCHANGE, "direct")]


def publisher() -> list[Manifest]:
    """The broker's user of functions: it publishes to one exchange, and declares that same exchange when it connects.
    It reads no queue: messages come by HTTP."""
    only = "^" + EXCHANGE.replace(".", r"\.") + "$"
    return [
        {
            "apiVersion": API,
            "kind": "User",
            "metadata": {"name": PUBLISHER},
            "spec": {"rabbitmqClusterReference": CLUSTER},
        },
        {
            "apiVersion": API,
            "kind": "Permission",
            "metadata": {"name": PUBLISHER},
            "spec": {
                "vhost": "/",
                "userReference": {"name": PUBLISHER},
                "permissions": {"configure": only, "write": only, "read": "^$"},
                "rabbitmqClusterReference": CLUSTER,
            },
        },
    ]


def queues(name: str) -> list[Manifest]:
    """The function's queue, its dead-letter queue, their bindings, and the source that empties it."""
    spec = next(queue for queue in QUEUES if queue.name == name)
    dead = f"{name}.dead"
    return [
        _queue(dead, dead_arguments()),
        _binding(dead, DEAD_EXCHANGE, dead, name),
        _queue(name, arguments_of(spec)),
        *(_binding(f"{name}-{pattern}", EXCHANGE, name, pattern) for pattern in spec.bindings),
        source(spec),
    ]


def source(queue: QueueSpec) -> Manifest:
    policy = RetryPolicy()
    spec = {
        "rabbitmqClusterReference": CLUSTER,
        "rabbitmqResourcesConfig": {
            "predeclared": True,
            "queueName": queue.name,
            "vhost": "/",
            "parallelism": CONCURRENCY * FACTOR,
        },
        "delivery": {
            "retry": policy.retry,
            "backoffPolicy": "exponential",
            "backoffDelay": f"PT{policy.base}S",
        },
        "sink": {"ref": {"apiVersion": "serving.knative.dev/v1", "kind": "Service", "name": queue.name}},
    }
    return {
        "apiVersion": "sources.knative.dev/v1alpha1",
        "kind": "RabbitmqSource",
        "metadata": {"name": f"{queue.name}-{content_hash(spec)}"},
        "spec": spec,
    }


def content_hash(spec: Manifest) -> str:
    """Ten hexadecimal digits of SHA-256 over the spec as canonical JSON."""
    return hashlib.sha256(json.dumps(spec, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:10]


def _exchange(name: str, type_: str) -> Manifest:
    return {
        "apiVersion": API,
        "kind": "Exchange",
        "metadata": {"name": name},
        "spec": {
            "name": name,
            "type": type_,
            "durable": True,
            "autoDelete": False,
            "vhost": "/",
            "rabbitmqClusterReference": CLUSTER,
        },
    }


def _queue(name: str, arguments: Manifest) -> Manifest:
    """`type` says the queue's type to the operator, which puts it among the arguments."""
    rest = {key: value for key, value in arguments.items() if key != "x-queue-type"}
    return {
        "apiVersion": API,
        "kind": "Queue",
        "metadata": {"name": name},
        "spec": {
            "name": name,
            "type": arguments["x-queue-type"],
            "durable": True,
            "autoDelete": False,
            "vhost": "/",
            "arguments": rest,
            "rabbitmqClusterReference": CLUSTER,
        },
    }


def _binding(name: str, exchange: str, queue: str, key: str) -> Manifest:
    return {
        "apiVersion": API,
        "kind": "Binding",
        "metadata": {"name": name},
        "spec": {
            "source": exchange,
            "destination": queue,
            "destinationType": "queue",
            "routingKey": key,
            "vhost": "/",
            "rabbitmqClusterReference": CLUSTER,
        },
    }
