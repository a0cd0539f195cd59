"""Object stores for the lake's tests: the local disk, and a real S3 server with a bucket for each test."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from goals.services import S3
from goals.services.ceph import ACCESS
from shared.clock import utc_now
from shared.lake.objects import ObjectStore
from shared.lake.objects.local import LocalObjects
from shared.lake.objects.s3 import S3Address, S3Objects


def bucket_on(server: S3) -> S3Objects:
    """A fresh bucket."""
    found = S3Objects(S3Address(server.url, f"test-{secrets.token_hex(8)}", ACCESS, server.secret))
    found.make_bucket()
    return found


@pytest.fixture
def local(tmp_path: Path) -> LocalObjects:
    return LocalObjects(tmp_path / "lake", public_url="http://api.example.org", clock=utc_now)


@pytest.fixture(params=["local", "s3"])
def objects(request: pytest.FixtureRequest) -> ObjectStore:
    """Each implementation in turn."""
    if request.param == "local":
        found: ObjectStore = request.getfixturevalue("local")
        return found
    return bucket_on(request.getfixturevalue("s3"))


Objects = Callable[[], ObjectStore]
