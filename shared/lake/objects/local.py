"""Objects on the local disk: a file each, complete before it has its name.

Presigned addresses lead to the API (`/v1/lake/files/…`), which checks the signature here: HMAC-SHA-256 over key and
expiry with a secret kept beside the files.
"""

from __future__ import annotations

import errno
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from shared.clock import Clock, utc_now
from shared.errors import NotAllowed
from shared.lake.errors import AlreadyThere, BucketGone, LakeAway, LakeFull, LakeRefused, ObjectGone
from shared.lake.objects.port import Stat, valid
from shared.refusals import say

UNFINISHED = ".unfinished"
SIGNING = ".signing"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class LocalObjects:
    """`root` is made if its parent is there; once made, it must stay: a folder that vanished is reported, never made
    again in silence (an unmounted disk looks the same)."""

    def __init__(self, root: Path, *, public_url: str, clock: Clock = utc_now) -> None:
        self.root = root.absolute()
        self._public = public_url.rstrip("/")
        self._clock = clock
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self.root / UNFINISHED).mkdir(exist_ok=True)
        self._secret = _secret(self.root / SIGNING)

    def put_new(self, key: str, body: bytes | Path) -> str:
        target = self._path(key)
        fresh = self.root / UNFINISHED / secrets.token_hex(12)
        with self._told(key):
            try:
                with fresh.open("xb") as file:
                    _write(file.fileno(), body)
                    os.fsync(file.fileno())
                target.parent.mkdir(parents=True, exist_ok=True)
                os.link(fresh, target)  # link(2) fails where the name is taken: of two writers one wins
                _sync(target.parent)
            finally:
                fresh.unlink(missing_ok=True)
        return self.stat(key).etag

    def get(self, key: str) -> bytes:
        with self._told(key):
            return self._path(key).read_bytes()

    def fetch(self, key: str, into: Path) -> None:
        with self._told(key), self._path(key).open("rb") as source, into.open("wb") as target:
            while piece := source.read(1 << 20):
                target.write(piece)

    def stat(self, key: str) -> Stat:
        with self._told(key):
            found = self._path(key).stat()
        return _stat(key, found)

    def delete(self, key: str) -> None:
        with self._told(key), suppress(ObjectGone):
            self._path(key).unlink(missing_ok=True)

    def keys(self, prefix: str) -> Iterator[Stat]:
        folder = self.root / prefix.rpartition("/")[0]
        with self._told(prefix):
            self._there()
            found = sorted(
                (path.relative_to(self.root).as_posix(), path)
                for path in (folder.rglob("*") if folder.is_dir() else ())
                if not path.is_dir()
            )
        for key, path in found:
            if key.startswith(prefix) and not key.startswith("."):
                with suppress(FileNotFoundError):  # deleted meanwhile
                    yield _stat(key, path.stat())

    def presigned(self, key: str, seconds: int) -> str:
        until = int(self._clock().timestamp()) + seconds
        return f"{self._public}/v1/lake/files/{quote(valid(key))}?expires={until}&signature={self._sign(key, until)}"

    def opened(self, key: str, expires: int, signature: str) -> Path:
        """The file behind a presigned address. Raises NotAllowed (wrong or expired), ObjectGone."""
        if not hmac.compare_digest(self._sign(key, expires), signature):
            raise NotAllowed(say("address_not_signed"))
        if self._clock().timestamp() > expires:
            raise NotAllowed(say("address_expired"))
        self.stat(key)
        return self._path(key)

    def ready(self) -> bool:
        return (self.root / UNFINISHED).is_dir()

    def _sign(self, key: str, until: int) -> str:
        return hmac.new(self._secret, f"{until}\n{key}".encode(), hashlib.sha256).hexdigest()

    def _path(self, key: str) -> Path:
        return self.root / valid(key)

    def _there(self) -> None:
        if not (self.root / UNFINISHED).is_dir():
            raise BucketGone(say("lake_folder_gone", root=self.root))

    @contextmanager
    def _told(self, key: str) -> Iterator[None]:
        """Errors of the operating system, in the lake's words."""
        try:
            yield
        except FileExistsError as error:
            raise AlreadyThere(f"{key} is in the lake already") from error
        except FileNotFoundError as error:
            self._there()
            raise ObjectGone(say("no_file", key=key)) from error
        except PermissionError as error:
            raise LakeRefused(say("lake_file_refused", key=key, why=error.strerror, root=self.root)) from error
        except OSError as error:
            if error.errno in FULL:
                raise LakeFull(f"no space left for {key}", hint=f"make room in {self.root}") from error
            raise LakeAway(say("lake_disk", key=key, why=error.strerror, root=self.root)) from error


def _stat(key: str, found: os.stat_result) -> Stat:
    changed = datetime.fromtimestamp(found.st_mtime, UTC)
    return Stat(key, found.st_size, f"{found.st_mtime_ns:x}-{found.st_size:x}", changed)


def _write(descriptor: int, body: bytes | Path) -> None:
    if isinstance(body, bytes):
        view = memoryview(body)
        while view:
            view = view[os.write(descriptor, view) :]
        return
    with body.open("rb") as source:
        while piece := source.read(1 << 20):
            _write(descriptor, piece)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _secret(path: Path) -> bytes:
    """Made once, readable by this user alone; of two that make it at once, one wins."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
    if not path.exists():
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
        with suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_bytes()
