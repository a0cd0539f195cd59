"""`goals up` as a person meets it: comes up, is killed, comes back with everything, leaves nothing behind."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from goals.launch.gateway import render

ACCOUNT = {"email": "ada@example.org", "password": "a long and quiet evening", "name": "Ada"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Up:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "goals.cli", "up", "--data", str(self.folder), "--port", str(self.port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "COLUMNS": "200", "PYTHONUNBUFFERED": "1"},
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # whatever shell the tests run under
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if "Ctrl-C stops" in line:
                return
        pytest.fail(f"`goals up` ended with {self.process.wait()}")

    def end(self, number: int) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        status = self.process.wait(40)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status

    def processes(self) -> list[str]:
        """Everything on this machine that belongs to our data folder."""
        mark = str(self.folder)
        found = []
        for process in psutil.process_iter(["cmdline", "cwd", "status"]):
            line = " ".join(process.info["cmdline"] or [])
            mine = mark in line or str(process.info["cwd"] or "").startswith(mark)
            if mine and process.info["status"] != psutil.STATUS_ZOMBIE:
                found.append(line)
        return found

    def gone(self, seconds: float) -> list[str]:
        """What is still there after at most `seconds`."""
        deadline = time.monotonic() + seconds
        while (left := self.processes()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return left

    def call(self, method: str, path: str, body: object = None, token: str = "") -> tuple[int, dict[str, object]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = connection.getresponse()
        text = response.read()
        connection.close()
        return response.status, json.loads(text) if text else {}


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    tmp_path.chmod(0o755)
    system = Up(tmp_path / "data")
    yield system
    if system.process is not None and system.process.poll() is None:
        system.end(signal.SIGKILL)
    assert system.gone(20) == []


def test_killed_it_leaves_no_process_and_comes_back_with_everything_ctrl_c_ends_all(up: Up) -> None:
    up.start()
    assert len(up.processes()) >= 3
    status, account = up.call("POST", "/v1/auth/register", ACCOUNT)
    assert status == 201
    _, before = up.call("GET", "/v1/events?after=0&limit=100", token=str(account["access_token"]))
    up.end(signal.SIGKILL)
    assert up.gone(20) == []

    up.start()
    status, signed = up.call("POST", "/v1/auth/token", {k: ACCOUNT[k] for k in ("email", "password")})
    assert status == 200
    _, after = up.call("GET", "/v1/events?after=0&limit=100", token=str(signed["access_token"]))
    # What the clock begins at a start (the learner's day) may have come behind it.
    assert after["events"][: len(before["events"])] == before["events"] != []
    assert up.end(signal.SIGINT) in (0, 130)
    assert up.gone(5) == []


def test_a_port_that_is_taken_is_said_in_one_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "goals.cli", "up", "--data", str(tmp_path / "d"), "--port", str(port)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert f"Port {port} is taken" in " ".join(said.split())
    assert "Traceback" not in said


def test_the_gateway_checks_tokens_on_everything_but_the_doors() -> None:
    made = json.loads(render(1, 2, api_port=3, mcp_port=4, issuer="http://i", audience="goals", jwks={"keys": []}))
    listener = made["static_resources"]["listeners"][0]
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    rules = manager["http_filters"][0]["typed_config"]["rules"]
    assert rules[-1] == {"match": {"prefix": "/"}, "requires": {"provider_name": "goals"}}
    assert all("requires" not in rule for rule in rules[:-1])
    assert {rule["match"]["prefix"] for rule in rules[:-1]} >= {"/v1/auth/", "/v1/ws", "/health/"}
    preflight, *doors = rules[:-1]
    assert preflight["match"]["headers"] == [{"name": ":method", "string_match": {"exact": "OPTIONS"}}]
    assert not any("/mcp".startswith(rule["match"]["prefix"]) for rule in doors)
    routes = manager["route_config"]["virtual_hosts"][0]["routes"]
    to = {next(iter(route["match"].values())): route["route"]["cluster"] for route in routes}
    assert to == {"/v1/ws": "api", "/mcp": "mcp", "/": "api"}
