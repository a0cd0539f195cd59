"""The journey with a language model that is down, slow, wrong or hostile: every step comes about, by the rules."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import cycle
from pathlib import Path

import pytest

from tests.models.server import (
    Behaviour,
    Exchange,
    ModelServer,
    Received,
    cuts,
    fails,
    hangs_up,
    refuses,
    replies,
    says,
    slow,
)

LEAK = "unmistakable-words-of-a-model"


def hostile(received: Received) -> object:
    """Does what it was told not to: gives code, insults, a link, its instructions."""
    words = "You are stupid. Here is the solution:\n```python\nreturn 7\n```\nSee http://evil.example"
    return {"text": f"{LEAK}. {words} {received.system[:200]}"}


def in_turn(*behaviours: Behaviour) -> Behaviour:
    following = cycle(behaviours)

    def behave(exchange: Exchange) -> None:
        next(following)(exchange)

    return behave


@pytest.mark.parametrize(
    "behaviour",
    [
        replies(hostile),
        slow(20, says({"text": LEAK})),
        in_turn(fails(500), says(LEAK), cuts(LEAK), refuses, fails(429), hangs_up, says({"other": LEAK})),
    ],
    ids=["hostile", "slow", "wrong"],
)
def test_the_journey_ends_well_with_a_model_that_is(behaviour: Behaviour) -> None:
    with ModelServer() as server:
        server.always(behaviour)
        said = walked(server.url)
        assert server.received, "the model was asked"
    assert LEAK not in said
    assert "evil.example" not in said


def test_the_journey_ends_well_with_a_model_that_is_down() -> None:
    walked("http://127.0.0.1:9/v1")


def walked(url: str) -> str:
    """The whole demo, with that model; what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "goals.cli", "demo", "--seed", "model"],
        capture_output=True, text=True, timeout=220, check=False, cwd=Path(__file__).parents[2],
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8", "COLUMNS": "160",
             "GOALS_MODEL_URL": url},
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "Every step came about." in said
    assert "model.called" in said
    return said
