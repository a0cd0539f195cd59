"""What RabbitMQ does differently from the other servers: a second process (epmd), a name tied to its data."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pika
import pytest

from goals.services import RabbitMQ, ServerFailed
from goals.services.guard import start_time


def test_keeps_messages_over_a_crash_and_leaves_no_process_when_its_owner_is_killed(tmp_path: Path) -> None:
    owner = subprocess.Popen(["sleep", "100"])
    server = RabbitMQ(tmp_path / "rabbit")
    server.start(owner.pid)
    with pika.BlockingConnection(pika.URLParameters(server.url)) as connection:
        channel = connection.channel()
        channel.queue_declare("kept", durable=True, arguments={"x-queue-type": "quorum"})
        channel.confirm_delivery()
        channel.basic_publish("", "kept", b"still here")
    time.sleep(1.5)  # RabbitMQ 3.10 writes the name of a new quorum queue (not its messages) half a second late
    server.kill()
    running = server.start(owner.pid)
    with pika.BlockingConnection(pika.URLParameters(server.url)) as connection:
        assert connection.channel().basic_get("kept", auto_ack=True)[2] == b"still here"

    names = RabbitMQ(tmp_path / "rabbit").port_mapper.running()
    assert names is not None
    owner.kill()
    owner.wait()
    deadline = time.monotonic() + 12
    while start_time(running.pid) or start_time(names.pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_missing_package_names_the_command_that_installs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("goals.services.rabbitmq.SCRIPTS", tmp_path)
    with pytest.raises(ServerFailed) as caught:
        RabbitMQ(tmp_path / "rabbit").start()
    assert "apt-get install -y --no-install-recommends rabbitmq-server" in str(caught.value.hint)
