"""A run leaves nothing behind, however it ends; and what is the machine's fault is never the learner's."""

# ruff: noqa: E501 - a program on one line reads as one thing

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from shared.errors import SandboxUnavailable
from shared.sandbox import Call, Capability, Sandbox, probe
from tests.sandbox.conftest import attempt, observe, processes

probing = importlib.import_module("shared.sandbox.probe")  # the package shows its function by the same name

pytestmark = pytest.mark.usefixtures("leaves_nothing")

SLEEP = "import time\ndef f(n):\n    time.sleep(n)\n    return n\n"


def test_observations_come_as_they_happen(sandbox: Sandbox) -> None:
    began = time.monotonic()
    with sandbox.run(SLEEP, [Call("a", "f", (0,)), Call("b", "f", (1,))]) as run:
        assert next(run).value == 0
        assert time.monotonic() - began < 0.9
        assert next(run).value == 1


def test_closing_a_run_in_the_middle_ends_it_at_once(sandbox: Sandbox) -> None:
    with sandbox.run(SLEEP, [Call("a", "f", (0,)), Call("b", "f", (3,))]) as run:
        next(run)
        began = time.monotonic()
    assert time.monotonic() - began < 1


def test_cancelling_from_another_thread_ends_it_at_once(sandbox: Sandbox) -> None:
    with sandbox.run(SLEEP, [Call("a", "f", (3,)), Call("b", "f", (0,))]) as run:
        threading.Timer(0.3, run.cancel).start()
        began = time.monotonic()
        assert list(run) == []
        assert time.monotonic() - began < 1.5


def test_a_run_cancelled_before_it_starts_makes_no_process(sandbox: Sandbox) -> None:
    before = processes()
    run = sandbox.run(SLEEP, [Call("a", "f", (3,))])
    run.cancel()
    assert list(run) == [] and processes() <= before


def test_a_run_never_iterated_leaves_nothing(sandbox: Sandbox) -> None:
    with sandbox.run(SLEEP, [Call("a", "f", (3,))]):
        pass


def test_a_killed_host_leaves_no_process(sandbox: Sandbox) -> None:
    """SIGKILL to a host in the middle of a run: the run's processes end too."""
    before = processes()
    script = (
        "import sys\n"
        "from shared.sandbox import Call, Sandbox\n"
        f"with Sandbox(mode={sandbox.capability.mode!r}, warm={sandbox.warm}).run({SLEEP!r}, [Call('a', 'f', (0,)), Call('b', 'f', (3,))]) as run:\n"
        "    next(run); print('running', flush=True); next(run)\n"
    )
    host = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
    assert host.stdout is not None and host.stdout.readline() == b"running\n"
    assert processes() - before - {host.pid}, "the learner's process is visible while it runs"
    host.kill()
    host.wait()
    host.stdout.close()
    deadline = time.monotonic() + 1.5
    while processes() - before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not processes() - before
    for left in Path(tempfile.gettempdir()).glob("goals-run-*"):  # a killed host cannot clear up: this test does
        subprocess.run(["rm", "-rf", str(left)], check=True)


def test_the_probe_finds_the_strongest_mode() -> None:
    found = probe()
    assert (found.mode, found.landlock_abi >= 6) == ("bubblewrap", True), found.detail


def test_a_machine_without_bubblewrap_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert probing.probe_mode.__wrapped__("bubblewrap").mode == "refuse"


def test_a_bubblewrap_that_fails_is_unavailable_not_a_verdict(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho bwrap: Operation not permitted >&2\nexit 1\n")
    broken.chmod(0o755)
    sandbox = Sandbox(mode="bubblewrap")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(SandboxUnavailable, match="Operation not permitted"):
        observe(sandbox, SLEEP, Call("a", "f", (0,)))


def test_without_any_mode_it_refuses_and_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = Capability("refuse", 0, "install bubblewrap (apt-get install bubblewrap)")
    monkeypatch.setattr(probing, "probe", lambda: nothing)
    with pytest.raises(SandboxUnavailable, match="apt-get install bubblewrap"):
        Sandbox()
    assert attempt(Sandbox(allow_none=True), "def attack(): return 1\n").mode == "none"


def test_no_walls_only_when_allowed() -> None:
    with pytest.raises(SandboxUnavailable, match="loopback"):
        Sandbox(mode="none")
