"""Every local server starts, serves, survives a restart, and never outlives its owner."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from redis import Redis as Client

from goals.services import Envoy, Postgres, Redis, Server, ServerFailed, Valkey, account
from goals.services.guard import is_running, start_time

ENVOY = """
admin: {{address: {{socket_address: {{address: 127.0.0.1, port_value: {admin}}}}}}}
static_resources:
  listeners:
  - address: {{socket_address: {{address: 127.0.0.1, port_value: {port}}}}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: test
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes:
              - match: {{prefix: /}}
                direct_response: {{status: 200, body: {{inline_string: here}}}}
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {{"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
"""

KINDS: dict[str, Callable[[Path], Server]] = {
    "postgres": lambda folder: Postgres(folder),
    "valkey": lambda folder: Valkey(folder),
    "redis": lambda folder: Redis(folder),
    "envoy": lambda folder: Envoy(folder, lambda port, admin: ENVOY.format(port=port, admin=admin)),
}
"""RabbitMQ takes seconds to start; what it does differently has its own tests below."""


@pytest.fixture(params=sorted(KINDS))
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    made = KINDS[request.param](tmp_path / "server")
    yield made
    made.stop()


def serves(server: Server) -> bool:
    match server:
        case Postgres():
            with psycopg.connect(server.url) as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        case Redis():
            with Client.from_url(server.url) as client:
                return bool(client.ping())
        case _:
            connection_ = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=5)
            connection_.request("GET", "/")
            try:
                return connection_.getresponse().read() == b"here"
            finally:
                connection_.close()


def until(condition: Callable[[], bool], within: float) -> bool:
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_serves_after_start_and_is_gone_after_stop(server: Server) -> None:
    info = server.start()
    assert serves(server)
    assert info.port < 32768
    server.stop()
    assert not server.alive()
    assert start_time(info.pid) is None


def test_keeps_its_port_over_a_restart(server: Server) -> None:
    first = server.start()
    server.stop()
    assert server.start().url == first.url
    assert serves(server)


def test_starting_twice_joins_the_running_instance(server: Server) -> None:
    assert server.start().pid == server.start().pid


def test_starts_again_after_a_crash(server: Server) -> None:
    first = server.start()
    server.kill()
    assert not server.alive()
    assert server.start().pid != first.pid
    assert serves(server)


def test_ends_when_its_owner_is_killed(server: Server) -> None:
    owner = subprocess.Popen(["sleep", "100"])
    info = server.start(owner.pid)
    owner.kill()
    owner.wait()
    assert until(lambda: start_time(info.pid) is None, within=5)


def test_ends_when_its_guard_is_killed(server: Server) -> None:
    info = server.start()
    record = json.loads((server.folder / "server.json").read_text())
    os.kill(record["guard"][0], signal.SIGKILL)
    assert until(lambda: start_time(info.pid) is None, within=5)
    assert server.start().pid != info.pid


def test_refuses_to_take_the_folder_of_another_living_owner(server: Server) -> None:
    owner = subprocess.Popen(["sleep", "100"])
    try:
        server.start(owner.pid)
        with pytest.raises(ServerFailed, match=f"for process {owner.pid}"):
            server.start()
    finally:
        owner.kill()
        owner.wait()


def test_a_killed_python_owner_leaves_nothing_and_the_data_is_there_after_the_next_start(tmp_path: Path) -> None:
    code = (
        "import sys, os, signal, psycopg; from goals.services import Postgres\n"
        f"s = Postgres({str(tmp_path / 'pg')!r}); i = s.start(); c = psycopg.connect(i.url, autocommit=True)\n"
        "c.execute('CREATE TABLE kept AS SELECT 7 AS n'); print(i.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    server = Postgres(tmp_path / "pg")
    server.start()
    try:
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
    finally:
        server.stop()
    assert until(lambda: start_time(int(killed.stdout)) is None, within=5)


def test_a_failed_start_quotes_the_servers_log(tmp_path: Path) -> None:
    server = Envoy(tmp_path / "envoy", lambda *_: "static_resources: {listeners: 7}")
    with pytest.raises(ServerFailed, match=r"ended with status .* while starting(?s:.*)listeners"):
        server.start()
    assert not server.alive()


def test_a_port_taken_by_somebody_else_is_given_up(tmp_path: Path) -> None:
    one, other = Valkey(tmp_path / "one"), Valkey(tmp_path / "other")
    taken = one.start().port
    other.folder.mkdir()
    (other.folder / "port").write_text(str(taken))
    try:
        assert other.start().port != taken
        assert serves(other)
    finally:
        one.stop()
        other.stop()


def test_a_recorded_pid_that_now_belongs_to_another_process_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen(["sleep", "100"])
    server = Valkey(tmp_path / "valkey")
    server.folder.mkdir()
    past = [stranger.pid, "1@an-earlier-boot"]
    record = {"guard": past, "server": past, "owner": past, "port": 20001, "stop_signal": int(signal.SIGTERM)}
    (server.folder / "server.json").write_text(json.dumps(record))
    try:
        server.start()
        assert is_running(stranger.pid, start_time(stranger.pid) or "")
        assert serves(server)
    finally:
        server.stop()
        stranger.kill()
        stranger.wait()


def test_a_password_is_needed_and_not_readable_by_others(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "pg")
    server.start()
    try:
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"postgresql://postgres@127.0.0.1:{server.port}/goals", connect_timeout=5)
        assert (server.folder / "password").stat().st_mode & 0o077 == 0
    finally:
        server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_as_root_postgres_works_below_a_private_folder_and_runs_as_nobody(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    server = Postgres(private / "pg")
    info = server.start()
    try:
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE EXTENSION vector")
        status = Path(f"/proc/{info.pid}/status").read_text()
        assert f"Uid:\t{account.uid_gid()[0]}" in status
        assert "CapEff:\t0000000000000000" in status
    finally:
        server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_as_root_programs_below_a_private_folder_are_copied_to_where_nobody_can_run_them(tmp_path: Path) -> None:
    private = tmp_path / "private"
    program = private / "package" / "program"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\necho ran\n")
    program.chmod(0o755)
    private.chmod(0o700)
    place = Path("/var/lib") / f"goals-test-{os.getpid()}"
    place.mkdir(mode=0o755)
    try:
        assert not account.can_reach(program)
        copy = account.readable_copy([program.parent], "test", (place,))
        ran = subprocess.run(
            [*account.drop_to("KILL"), str(copy / "package" / "program")], capture_output=True, text=True, check=False
        )
        assert ran.stdout == "ran\n", ran.stderr
        assert account.readable_copy([program.parent], "test", (place,)) == copy
    finally:
        subprocess.run(["rm", "-rf", str(place)], check=True)
