"""The lake's bucket, as a container's environment names it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from unittest.mock import patch

from shared.lake.objects import open_objects
from shared.lake.objects.s3 import S3Objects
from shared.settings import Settings
from shared.settings import environment as read


def told(environment: Mapping[str, str]) -> Settings:
    """What a process reads whose environment is this, and no more."""
    with patch.dict(os.environ, environment, clear=True):
        return read()


def bucket(environment: Mapping[str, str]) -> S3Objects:
    objects = open_objects(told(environment))
    assert isinstance(objects, S3Objects), "a folder of the container is nobody's lake"
    return objects
