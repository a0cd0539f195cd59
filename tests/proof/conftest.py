from __future__ import annotations

import pytest

from shared.curriculum import Challenge, load
from shared.proof.prove import LIMITS
from shared.sandbox import Sandbox


@pytest.fixture(scope="session")
def sandbox() -> Sandbox:
    return Sandbox(limits=LIMITS)


@pytest.fixture(scope="session")
def cable_car() -> Challenge:
    """A challenge that is proven: four fares by age."""
    return load().challenges["cable-car"]


def instances() -> list[Challenge]:
    """Every challenge as a learner may meet it."""
    return [
        challenge.instantiate(variant.id if variant else None)
        for challenge in load().challenges.values()
        for variant in challenge.variants or (None,)
    ]
