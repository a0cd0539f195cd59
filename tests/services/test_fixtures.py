"""The fixtures of tests/conftest.py give each test its own empty place on the run's shared servers."""

from __future__ import annotations

import pika
import psycopg
import pytest
from redis import Redis

from goals.services import RabbitMQ


@pytest.mark.parametrize("round_", [1, 2])
def test_each_test_has_its_own_database(database: str, round_: int) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE only_here (n int)")


@pytest.mark.parametrize("redis_url", ["valkey", "redis"], indirect=True)
def test_each_test_has_an_empty_redis(redis_url: str) -> None:
    with Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("key", "value")


@pytest.mark.parametrize("round_", [1, 2])
def test_each_test_has_its_own_virtual_host(rabbit_url: str, round_: int) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(rabbit_url))
    channel = connection.channel()
    declared = channel.queue_declare("only-here", durable=True)
    assert declared.method.message_count == 0
    channel.basic_publish("", "only-here", b"left behind")
    connection.close()


def test_rabbitmq_is_found_by_other_processes(rabbit: RabbitMQ) -> None:
    found = RabbitMQ(rabbit.folder).running()
    assert found is not None
    assert found.url == rabbit.url
