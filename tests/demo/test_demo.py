"""The whole journey, on a system of its own, as `make demo` runs it: undisturbed, and through kill -9."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def demo(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "goals.cli", "demo", *arguments],
        capture_output=True, text=True, timeout=220, check=False, cwd=Path(__file__).parents[2],
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8", "COLUMNS": "160"},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_a_newcomer_walks_the_whole_journey() -> None:
    status, said = demo("--seed", "test")
    assert status == 0, said
    for words in ("Every step came about.", "fingerprint", "└─ ", "Functions: access", "daily", "feedback after"):
        assert words in said


def test_a_journey_through_kill_9_ends_the_same() -> None:
    status, said = demo("--seed", "killed", "--interrupt", "3")
    assert status == 0, said
    assert said.count("kill -9 number") == 3
    assert "the same fingerprint" in said


def test_the_same_journey_on_the_split_system() -> None:
    """Every function its own process, on RabbitMQ, Redis and PostgreSQL, behind Envoy."""
    status, said = demo("--seed", "split", "--split")
    assert status == 0, said
    assert "Every step came about." in said


def test_a_missing_step_is_named_and_fails() -> None:
    """Without an operator's token nobody can make it tomorrow; without a server there is nobody to sign up with."""
    status, said = demo("--attach", "http://127.0.0.1:9")
    assert status == 1
    assert "token with the role operator" in said


@pytest.mark.parametrize("option", [("--attach", "http://127.0.0.1:9", "--interrupt", "1")])
def test_a_system_that_is_not_ours_is_never_killed(option: tuple[str, ...]) -> None:
    status, said = demo(*option)
    assert status == 1
    assert "only a system of its own is killed" in said.lower()
