"""What every object store must do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from shared.errors import InvalidInput
from shared.refusals import say

_KEY = re.compile(r"(?!.*//)(?!.*(^|/)\.)[A-Za-z0-9._=@:+-][A-Za-z0-9._=@:+/-]{0,899}")


def valid(key: str) -> str:
    """`key` itself. Raises InvalidInput for what would leave the bucket, or is no plain name."""
    if not _KEY.fullmatch(key) or key.endswith("/"):
        raise InvalidInput(say("not_a_key", key=key[:120]))
    return key


@dataclass(frozen=True, slots=True)
class Stat:
    """`etag`: opaque, changes with the content; `changed`: when it was put."""

    key: str
    bytes: int
    etag: str
    changed: datetime


class ObjectStore(Protocol):
    """Usable from several threads. Raises `shared.lake.errors` only."""

    def put_new(self, key: str, body: bytes | Path) -> str:
        """Durable when it returns (the ETag). Never replaces: raises AlreadyThere, of two at once for one of them.
        Nobody ever sees a part of it."""
        ...

    def get(self, key: str) -> bytes:
        """Raises ObjectGone."""
        ...

    def fetch(self, key: str, into: Path) -> None:
        """As `get`, to a file, without holding it in memory."""
        ...

    def stat(self, key: str) -> Stat:
        """Raises ObjectGone."""
        ...

    def delete(self, key: str) -> None:
        """Deleting what is not there is no error."""
        ...

    def keys(self, prefix: str) -> Iterator[Stat]:
        """Everything under `prefix`, in the order of keys."""
        ...

    def presigned(self, key: str, seconds: int) -> str:
        """An address from which anybody may GET this object for so long, without credentials."""
        ...

    def ready(self) -> bool: ...
