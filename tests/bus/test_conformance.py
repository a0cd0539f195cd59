"""What every bus must do, run against PostgreSQL and RabbitMQ."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.bus.port import Bus, Consumer, Delivery, Message, QueueSpec
from shared.bus.topics import matches
from shared.errors import Unroutable


def message(n: object, key: str = "goals.node.access", *, mandatory: bool = False) -> Message:
    return Message(key, f"body {n}".encode(), str(n), mandatory)


def take(consumer: Consumer, count: int = 1, timeout: float = 10.0) -> list[Delivery]:
    taken: list[Delivery] = []
    deadline = time.monotonic() + timeout
    while len(taken) < count and time.monotonic() < deadline:
        delivery = consumer.get(0.2)
        if delivery is not None:
            taken.append(delivery)
    return taken


def bodies(deliveries: list[Delivery]) -> list[bytes]:
    return [delivery.body for delivery in deliveries]


def until(condition: Callable[[], bool], within: float = 5.0) -> bool:
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


ACCESS = QueueSpec("access", ("goals.node.access",))


def test_a_published_message_arrives_with_its_key_and_body(bus: Bus) -> None:
    bus.declare([ACCESS])
    bus.publish([message(1)])
    (delivery,) = take(bus.consume("access", 10))
    assert (delivery.key, delivery.body, delivery.attempt) == ("goals.node.access", b"body 1", 1)
    delivery.ack()


def test_a_body_may_be_any_bytes_of_256_kib(bus: Bus) -> None:
    bus.declare([ACCESS])
    body = bytes(range(256)) * 1024
    bus.publish([Message("goals.node.access", body, "1")])
    (delivery,) = take(bus.consume("access", 1))
    assert delivery.body == body
    delivery.ack()


def test_declaring_again_changes_nothing(bus: Bus) -> None:
    bus.declare([ACCESS])
    bus.publish([message(1)])
    bus.declare([ACCESS])
    assert until(lambda: bus.depth("access") == 1)
    assert len(take(bus.consume("access", 10), 2, timeout=1)) == 1


def test_a_published_message_waits_for_its_consumer(bus: Bus, make_bus: Callable[[], Bus]) -> None:
    bus.declare([ACCESS])
    bus.publish([message(1)])
    bus.close()
    assert bodies(take(make_bus().consume("access", 10))) == [b"body 1"]


def test_an_empty_queue_gives_none_after_the_timeout(bus: Bus) -> None:
    bus.declare([ACCESS])
    consumer = bus.consume("access", 10)
    began = time.monotonic()
    assert consumer.get(0.3) is None
    assert 0.25 < time.monotonic() - began < 2


def test_a_mandatory_message_without_a_queue_is_unroutable(bus: Bus) -> None:
    bus.declare([ACCESS])
    with pytest.raises(Unroutable, match=r"goals\.node\.nobody"):
        bus.publish([message(1, "goals.node.nobody", mandatory=True)])


def test_a_mandatory_message_with_a_queue_arrives(bus: Bus) -> None:
    bus.declare([ACCESS])
    bus.publish([message(1, mandatory=True)])
    assert bodies(take(bus.consume("access", 10))) == [b"body 1"]


def test_a_fact_that_nobody_listens_to_is_no_error(bus: Bus) -> None:
    bus.declare([ACCESS])
    bus.publish([message(1, "goals.mood.asked")])
    assert bus.depth("access") == 0


def test_publishing_after_an_unroutable_message_works(bus: Bus) -> None:
    bus.declare([ACCESS])
    with pytest.raises(Unroutable):
        bus.publish([message(1, "goals.node.nobody", mandatory=True)])
    bus.publish([message(2, mandatory=True)])
    assert b"body 2" in bodies(take(bus.consume("access", 10)))


def test_publishing_nothing_is_no_error(bus: Bus) -> None:
    bus.publish([])


@pytest.mark.parametrize(
    ("pattern", "key", "reached"),
    [
        ("goals.run.finished", "goals.run.finished", True),
        ("goals.run.finished", "goals.run.started", False),
        ("goals.run.*", "goals.run.finished", True),
        ("goals.run.*", "goals.run", False),
        ("goals.run.*", "goals.run.finished.late", False),
        ("*.run.*", "goals.run.finished", True),
        ("goals.#", "goals", True),
        ("goals.#", "goals.run.finished", True),
        ("goals.#", "goalsrun.finished", False),
        ("#", "anything.at.all", True),
        ("#.finished", "goals.run.finished", True),
        ("goals.#.finished", "goals.finished", True),
        ("goals.#.finished", "goals.a.b.finished", True),
        ("goals.#.finished", "goals.a.b.started", False),
        ("goals.*.#", "goals", False),
        ("goals.*.#", "goals.run", True),
        ("#.run.#", "goals.run.finished", True),
        ("goals.r_n.%", "goals.run.finished", False),
        ("goals.r_n.%", "goals.r_n.%", True),
        ("goals.run.*", "goals.RUN.finished", False),
    ],
)
def test_topics_match_as_amqp_says(bus: Bus, pattern: str, key: str, reached: bool) -> None:
    bus.declare([QueueSpec("listener", (pattern,)), QueueSpec("all", ("#",))])
    bus.publish([message(1, key)])
    assert until(lambda: bus.depth("all") == 1)
    assert bus.depth("listener") == int(reached)
    assert matches(pattern, key) is reached


def test_every_matching_queue_gets_one_copy(bus: Bus) -> None:
    bus.declare([QueueSpec("one", ("goals.run.*", "goals.#")), QueueSpec("two", ("goals.run.finished",))])
    bus.publish([message(1, "goals.run.finished")])
    assert len(take(bus.consume("one", 10), 2, timeout=1)) == 1
    assert len(take(bus.consume("two", 10), 2, timeout=1)) == 1


def test_no_more_than_prefetch_messages_are_in_hand(bus: Bus) -> None:
    bus.declare([ACCESS])
    bus.publish([message(n) for n in range(10)])
    consumer = bus.consume("access", 3)
    held = take(consumer, 4, timeout=1.5)
    assert len(held) == 3
    assert until(lambda: bus.depth("access") == 7)
    held[0].ack()
    assert len(take(consumer, 1)) == 1


def test_an_acknowledged_message_never_comes_back(bus: Bus, make_bus: Callable[[], Bus]) -> None:
    bus.declare([ACCESS])
    bus.publish([message(1)])
    consumer = bus.consume("access", 10)
    take(consumer)[0].ack()
    consumer.close()
    bus.close()
    assert take(make_bus().consume("access", 10), timeout=2.5) == []


def test_retry_hands_it_out_again_with_the_next_attempt(bus: Bus) -> None:
    bus.declare([ACCESS])
    bus.publish([message(1)])
    consumer = bus.consume("access", 10)
    take(consumer)[0].retry()
    (again,) = take(consumer)
    assert (again.body, again.attempt) == (b"body 1", 2)
    again.ack()


def test_closing_a_consumer_gives_its_messages_back(bus: Bus) -> None:
    bus.declare([ACCESS])
    bus.publish([message(1), message(2)])
    first = bus.consume("access", 10)
    held = take(first, 1)
    first.close()
    assert sorted(bodies(take(bus.consume("access", 10), 2))) == [b"body 1", b"body 2"]
    held[0].ack()  # too late, and harmless
    assert first.get(0.1) is None


def test_finishing_a_message_twice_is_a_mistake_that_is_told(bus: Bus) -> None:
    bus.declare([ACCESS])
    bus.publish([message(1), message(2)])
    consumer = bus.consume("access", 1)
    (delivery,) = take(consumer)
    delivery.ack()
    time.sleep(0.2)  # long enough for the broker to know
    with pytest.raises(RuntimeError, match="finished before"):
        delivery.retry()
    assert bodies(take(consumer)) == [b"body 2"]


HOLD = """
import sys
from shared.bus.{kind} import {name}
consumer = {name}(sys.argv[1]).consume("access", 10)
while (delivery := consumer.get(5)) is None: pass
print("holding", flush=True)
while True: consumer.get(60)
"""


def test_a_killed_process_gives_its_messages_back(bus: Bus, address: tuple[str, str]) -> None:
    bus.declare([ACCESS])
    bus.publish([message(1)])
    kind, url = address
    code = HOLD.format(kind=kind, name={"postgres": "PostgresBus", "rabbit": "RabbitBus"}[kind])
    with subprocess.Popen([sys.executable, "-c", code, url], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "holding\n"
        consumer = bus.consume("access", 10)
        assert take(consumer, timeout=2.5) == []  # nobody takes what a living process has in hand
        holder.kill()
        (delivery,) = take(consumer, timeout=5)
    assert (delivery.body, delivery.attempt) == (b"body 1", 2)
    delivery.ack()


def test_what_was_handed_out_too_often_becomes_a_dead_letter(bus: Bus) -> None:
    bus.declare([QueueSpec("access", ("goals.node.access",), delivery_limit=3)])
    bus.publish([message(1)])
    consumer = bus.consume("access", 10)
    for attempt in (1, 2, 3):
        (delivery,) = take(consumer)
        assert delivery.attempt == attempt
        delivery.retry()
    assert until(lambda: len(bus.dead_letters("access")) == 1)
    (letter,) = bus.dead_letters("access")
    assert (letter.id, letter.key, letter.body) == ("1", "goals.node.access", b"body 1")
    assert letter.reason == "delivery_limit"
    assert letter.attempts in (3, 0)
    assert consumer.get(0.3) is None


def test_a_rejected_message_becomes_a_dead_letter_at_once(bus: Bus) -> None:
    bus.declare([ACCESS])
    bus.publish([message(1)])
    take(bus.consume("access", 10))[0].dead()
    assert until(lambda: len(bus.dead_letters("access")) == 1)
    assert bus.dead_letters("access")[0].reason == "rejected"


def test_reading_dead_letters_removes_none_and_keeps_their_order(bus: Bus) -> None:
    bus.declare([ACCESS])
    bus.publish([message(n) for n in range(5)])
    for delivery in take(bus.consume("access", 10), 5):
        delivery.dead()
    assert until(lambda: len(bus.dead_letters("access")) == 5)
    for _ in range(3):
        assert [letter.id for letter in bus.dead_letters("access")] == ["0", "1", "2", "3", "4"]
    assert until(lambda: [letter.id for letter in bus.dead_letters("access", limit=2)] == ["0", "1"])


def test_replay_moves_chosen_dead_letters_back_to_their_own_queue_only(bus: Bus) -> None:
    bus.declare([ACCESS, QueueSpec("other", ("goals.#",))])
    bus.publish([message(n) for n in range(4)])
    consumer = bus.consume("access", 10)
    for delivery in take(consumer, 4):
        delivery.dead()
    assert until(lambda: len(bus.dead_letters("access")) == 4)
    assert bus.replay("access", ["1", "3", "unknown"]) == 2
    again = take(consumer, 2)
    assert sorted(bodies(again)) == [b"body 1", b"body 3"]
    assert {(delivery.key, delivery.attempt) for delivery in again} == {("goals.node.access", 1)}
    assert until(lambda: [letter.id for letter in bus.dead_letters("access")] == ["0", "2"])
    assert bus.depth("other") == 4


def test_replay_without_ids_moves_all_and_a_second_death_keeps_the_key(bus: Bus) -> None:
    bus.declare([ACCESS])
    bus.publish([message(n) for n in range(3)])
    consumer = bus.consume("access", 10)
    for delivery in take(consumer, 3):
        delivery.dead()
    assert until(lambda: len(bus.dead_letters("access")) == 3)
    assert bus.replay("access") == 3
    for delivery in take(consumer, 3):
        delivery.dead()
    assert until(lambda: [letter.key for letter in bus.dead_letters("access")] == ["goals.node.access"] * 3)


def test_one_consumer_sees_one_publishers_order(bus: Bus) -> None:
    bus.declare([ACCESS])
    consumer = bus.consume("access", 7)
    for start in range(0, 100, 10):
        bus.publish([message(n) for n in range(start, start + 10)])
    seen: list[bytes] = []
    while len(seen) < 100:
        (delivery,) = take(consumer)
        seen.append(delivery.body)
        delivery.ack()
    assert seen == [f"body {n}".encode() for n in range(100)]


def test_two_consumers_share_500_messages_none_lost_none_doubled(bus: Bus, make_bus: Callable[[], Bus]) -> None:
    bus.declare([ACCESS])
    seen: Counter[bytes] = Counter()
    by_consumer: Counter[int] = Counter()
    lock = threading.Lock()

    def consume(which: int, consumer: Consumer) -> None:
        while sum(seen.values()) < 500:
            delivery = consumer.get(0.2)
            if delivery is not None:
                with lock:
                    seen[delivery.body] += 1
                    by_consumer[which] += 1
                delivery.ack()

    consumers = [bus.consume("access", 20), make_bus().consume("access", 20)]
    threads = [threading.Thread(target=consume, args=pair) for pair in enumerate(consumers)]
    for thread in threads:
        thread.start()
    for start in range(0, 500, 50):
        bus.publish([message(n) for n in range(start, start + 50)])
    for thread in threads:
        thread.join(30)
    assert seen == Counter(f"body {n}".encode() for n in range(500))
    assert bus.depth("access") == 0
    assert set(by_consumer) == {0, 1}


def test_many_threads_publish_at_once(bus: Bus) -> None:
    bus.declare([ACCESS])
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: bus.publish([message(n, mandatory=True)]), range(200)))
    seen = Counter(bodies(take(bus.consume("access", 200), 200)))
    assert seen == Counter(f"body {n}".encode() for n in range(200))


def test_several_threads_may_share_a_consumer(bus: Bus) -> None:
    bus.declare([ACCESS])
    consumer = bus.consume("access", 8)
    bus.publish([message(n) for n in range(100)])

    def work(_: int) -> list[bytes]:
        mine = []
        while (delivery := consumer.get(0.5)) is not None:
            mine.append(delivery.body)
            delivery.ack()
        return mine

    with ThreadPoolExecutor(4) as threads:
        seen = Counter(body for mine in threads.map(work, range(4)) for body in mine)
    assert seen == Counter(f"body {n}".encode() for n in range(100))
