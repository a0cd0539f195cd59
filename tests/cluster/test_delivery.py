"""What the code publishes passes a RabbitmqSource unharmed; what a source does with answers is what our manifests and
the local dispatcher say; queues that the operator makes are those that the code declares.

`accepted` is the adapter's own rule (eventing-rabbitmq 1.22, pkg/adapter, run for real: docs/decisions/0031).
"""

from __future__ import annotations

import http.client
import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pika
import pika.exceptions
import pytest

from goals.cluster.messaging import PUBLISHER
from goals.services import RabbitMQ
from graph.sweep import OVERDUE
from graph.topology import QUEUES
from shared.bus.dispatcher import Dispatcher
from shared.bus.port import CONTENT_TYPE, EXCHANGE, Message, RetryPolicy
from shared.bus.rabbit import RabbitBus
from shared.errors import BusUnavailable
from tests.api.conftest import event
from tests.cluster.conftest import Make
from tests.cluster.kubelet import Object

ACCOUNT = {"email": "ada@example.org", "password": "a long and quiet evening", "name": "Ada"}
KNATIVE_RETRIES = {404, 413, 425, 429, 502, 503, 504}


def accepted(properties: pika.BasicProperties, body: bytes) -> str | None:
    """Why the adapter would reject a message, None where it passes it on whole."""
    if (properties.content_type or "").startswith("application/cloudevents-batch"):
        return "batches are rejected"
    if properties.content_type == CONTENT_TYPE:
        event = json.loads(body)
        missing = [name for name in ("specversion", "id", "source", "type") if not event.get(name)]
        return f"no {missing}" if missing or event["specversion"] != "1.0" else None
    for name in properties.headers or {}:
        if "-" in name or "_" in name:
            return f"binary mode, and the header {name} cannot become an attribute"
    return "binary mode loses the content type"


@pytest.fixture
def channel(rabbit_url: str) -> Iterator[Any]:
    parameters = pika.URLParameters(rabbit_url)
    parameters.heartbeat = 0  # nobody answers one while a test waits for something else
    with pika.BlockingConnection(parameters) as connection:
        yield connection.channel()


def declared_as_by_the_operator(channel: Any, production: list[Object]) -> None:
    """What the topology operator does with our resources."""
    for each in production:
        spec = each["spec"] if each["apiVersion"] == "rabbitmq.com/v1beta1" else {}
        match each["kind"]:
            case "Exchange":
                channel.exchange_declare(spec["name"], spec["type"], durable=spec["durable"])
            case "Queue":
                arguments = {**spec["arguments"], "x-queue-type": spec["type"]}
                channel.queue_declare(spec["name"], durable=spec["durable"], arguments=arguments)
    for each in production:
        if each["kind"] == "Binding":
            spec = each["spec"]
            channel.queue_bind(spec["destination"], spec["source"], spec["routingKey"])


def test_everything_that_a_learner_s_first_steps_publish_is_accepted_and_reaches_functions(
    channel: Any, production: list[Object], containers: Make, database: str
) -> None:
    declared_as_by_the_operator(channel, production)
    channel.queue_declare("spy")
    channel.queue_bind("spy", EXCHANGE, "#")
    api = containers("Service", "api", database=database, runner="http://127.0.0.1:9")
    api.start()
    for name in ("clock-daily", "clock-sweep"):
        assert containers("CronJob", name).run() == 0
    api.await_ready()
    with httpx.Client(base_url=f"http://127.0.0.1:{api.port}", timeout=60) as client:
        account = client.post("/v1/auth/register", json=ACCOUNT).json()
        head = {"authorization": f"Bearer {account['access_token']}"}
        said = client.post("/v1/interactions", json=[event("mood.answered", {"answer": "good"})], headers=head)
        assert said.status_code == 200
    api.terminate()  # finishes what it has: all is published then

    seen = []
    while (taken := channel.basic_get("spy", auto_ack=True))[0] is not None:
        _, properties, body = taken
        assert accepted(properties, body) is None
        assert properties.delivery_mode == pika.DeliveryMode.Persistent.value
        assert not properties.headers, "the adapter would drop them"
        seen.append(json.loads(body)["type"])
    assert {"goals.clock.ticked", "goals.clock.swept", "goals.thread.woken", "goals.learner.registered"} <= set(seen)


def test_what_the_adapter_rejects_is_known_as_such() -> None:
    body = json.dumps({"specversion": "1.0", "id": "1", "source": "/a", "type": "b"}).encode()
    structured = pika.BasicProperties(content_type=CONTENT_TYPE)
    assert accepted(structured, body) is None
    assert accepted(structured, b"{}")
    assert accepted(pika.BasicProperties(content_type="application/cloudevents-batch+json"), body)
    assert accepted(pika.BasicProperties(content_type="application/json", headers={"x-retries": 1}), body)


def test_queues_of_the_operator_are_those_of_the_code_and_any_other_is_refused(
    channel: Any, production: list[Object], rabbit_url: str
) -> None:
    declared_as_by_the_operator(channel, production)
    bus = RabbitBus(rabbit_url, settle=0)
    bus.declare(QUEUES)
    changed = [q if q.name != "mood" else type(q)(q.name, q.bindings, delivery_limit=5) for q in QUEUES]
    with pytest.raises(BusUnavailable, match="PRECONDITION_FAILED"):
        bus.declare(changed)
    bus.close()


def sources(production: list[Object]) -> list[Object]:
    return [each for each in production if each["kind"] == "RabbitmqSource"]


def test_a_source_tries_as_often_and_as_long_as_the_local_dispatcher(production: list[Object]) -> None:
    policy = RetryPolicy()
    for source in sources(production):
        delivery = source["spec"]["delivery"]
        base = float(delivery["backoffDelay"].removeprefix("PT").removesuffix("S"))
        theirs = [base * 2**n for n in range(delivery["retry"])]
        ours = [min(policy.base * 2**n, policy.cap) for n in range(policy.retry)]
        assert theirs == ours
        assert sum(theirs) < OVERDUE
    assert policy.retried == KNATIVE_RETRIES


@pytest.mark.parametrize(("status", "attempts"), [(204, 1), (200, 1), (500, 1), (400, 1), (422, 1), (503, 3), (429, 3)])
def test_an_answer_does_with_a_message_what_a_source_does(
    channel: Any, production: list[Object], rabbit_url: str, status: int, attempts: int
) -> None:
    """2xx: gone; what may pass: tried again; all else once; in the end the operator's dead-letter queue."""
    declared_as_by_the_operator(channel, production)
    bus = RabbitBus(rabbit_url, settle=0)
    body = json.dumps({"specversion": "1.0", "id": "1", "source": "/a", "type": "goals.node.mood"}).encode()
    bus.publish([Message("goals.node.mood", body, "1", mandatory=True)])
    calls: list[bytes] = []

    def answer(given: bytes) -> int:
        calls.append(given)
        return status

    dispatcher = Dispatcher(bus, "mood", answer, policy=RetryPolicy(retry=2, base=0.01))
    dispatcher.start()
    while not dispatcher.outcomes.keys() & {"acked", "dead"}:
        assert dispatcher.alive()
    dispatcher.stop(5)
    letters = bus.dead_letters("mood")
    assert calls == [body] * attempts
    assert [letter.body for letter in letters] == ([] if status < 300 else [body])
    bus.close()


def test_the_broker_s_user_of_functions_publishes_and_reads_nothing(
    rabbit: RabbitMQ, rabbit_url: str, channel: Any, production: list[Object]
) -> None:
    declared_as_by_the_operator(channel, production)
    (permission,) = [each["spec"]["permissions"] for each in production if each["kind"] == "Permission"]
    host = rabbit_url.rsplit("/", 1)[1]
    put(rabbit, f"/api/users/{PUBLISHER}", {"password": "only-a-test", "tags": ""})
    put(rabbit, f"/api/permissions/{host}/{PUBLISHER}", permission)
    own = f"amqp://{PUBLISHER}:only-a-test@127.0.0.1:{rabbit.port}/{host}"
    bus = RabbitBus(own, settle=0)
    bus.publish([Message("goals.node.mood", b"{}", "1", mandatory=True)])
    bus.close()
    with pika.BlockingConnection(pika.URLParameters(own)) as connection:
        for forbidden in (
            lambda c: c.basic_get("mood"),
            lambda c: c.basic_publish("goals.dead", "mood", b"") or c.queue_declare("mood", passive=True),
            lambda c: c.queue_declare("another", durable=True),
            lambda c: c.queue_purge("mood"),
        ):
            with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="ACCESS_REFUSED"):
                forbidden(connection.channel())
    assert channel.queue_declare("mood", passive=True).method.message_count == 1


def put(rabbit: RabbitMQ, path: str, body: object) -> None:
    login = b64encode(f"goals:{(rabbit.folder / 'password').read_text()}".encode()).decode()
    connection = http.client.HTTPConnection("127.0.0.1", rabbit.port + 2, timeout=20)
    head = {"Authorization": f"Basic {login}", "content-type": "application/json"}
    connection.request("PUT", quote(path, safe="/%"), json.dumps(body), head)
    assert connection.getresponse().status < 300
    connection.close()
