"""A server that speaks the wire protocol, and models of ours that ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from random import Random
from typing import Any

import pytest

from shared.models.opening import open_model
from shared.models.port import Model
from shared.settings import Settings
from tests.models.server import ModelServer

KEY = "sk-test-0123456789"

Make = Callable[..., Model]


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(key=KEY) as server:
        yield server


@pytest.fixture
def make(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes models as the system does, from settings; closes them."""
    for name in ("KEY", "KEY_FILE", "URL", "NAME", "PRICES", "BUDGETS", "CALLS"):
        monkeypatch.delenv(f"GOALS_MODEL_{name}", raising=False)
    monkeypatch.setattr("shared.models.asking.FIRST_DELAY", 0.02)
    with ExitStack() as stack:

        def made(**settings: Any) -> Model:
            known = {"database_url": "postgresql://nowhere", "model_key": KEY, "model_url": server.url}
            model = open_model(Settings.model_validate(known | settings))
            stack.callback(model.close)
            return model

        yield made


@pytest.fixture
def model(make: Make) -> Model:
    return make()


@pytest.fixture
def random() -> Random:
    return Random(7)
