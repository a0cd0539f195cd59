from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.sandbox import Limits, Sandbox


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(limits=Limits(cpu_seconds=1)) as made:
        yield made
