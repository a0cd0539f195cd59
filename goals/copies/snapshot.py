"""What a copy is made of at one moment: `copy.json`, which is replaced whole, and the files it names, which never
change. Whoever has read it may read its files in peace while a sync goes on; those it drops stay for ten minutes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from shared.errors import InvalidInput, NotFound

RECORD = "copy.json"
FORMAT = "goals.copy"
SCHEMA = 1
_PATH = re.compile(r"[a-z_]{1,40}/[A-Za-z0-9][A-Za-z0-9.-]{0,120}\.parquet")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class File:
    """A part of a dataset. `path`: within the copy, with `/`."""

    dataset: str
    part: str
    path: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`change`: the server's cursor. `position`: of the log, up to which it tells. `leaving`: path → since when (UTC
    seconds) it is not part of the copy any more."""

    server: str
    learner: str
    timezone: str
    change: int
    position: int
    synced: str
    files: tuple[File, ...]
    etag: str = ""
    leaving: Mapping[str, float] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """As the server makes it: SHA-256 over `path sha256\\n` of each file, in the order of paths."""
        lines = (f"{path} {sha256}\n" for path, sha256 in sorted((f.path, f.sha256) for f in self.files))
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def whole(self, folder: Path) -> bool:
        """Every file is there, and is what it should be."""
        return all(arrived(folder / f.path, f.sha256) for f in self.files)


def read(folder: Path) -> Snapshot:
    """Raises NotFound (nothing synced yet), InvalidInput (not written by us, or by a later version)."""
    path = folder / RECORD
    try:
        told = json.loads(path.read_text("utf-8"))
        if told.pop("format") != FORMAT or told.pop("schema") != SCHEMA:
            raise ValueError("it is of another version")
        files = tuple(file_of(f) for f in told.pop("files"))
        return Snapshot(files=files, **told)
    except FileNotFoundError:
        raise NotFound(f"there is no copy in {folder}", hint="`goals lake sync` makes it") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput(f"{path} cannot be read: {error}", hint="`goals lake sync` makes it anew") from error


def write(folder: Path, snapshot: Snapshot) -> None:
    """Beside and then in place: a reader has the old one or the new one, whole."""
    body = {"format": FORMAT, "schema": SCHEMA, **asdict(snapshot)}
    fresh = folder / f".{RECORD}.{secrets.token_hex(6)}"
    try:
        with fresh.open("x", encoding="utf-8") as file:
            json.dump(body, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(folder / RECORD)
    finally:
        fresh.unlink(missing_ok=True)


def file_of(told: Mapping[str, Any]) -> File:
    """From JSON. Raises InvalidInput for a path that could lead out of the copy."""
    path, sha256 = str(told["path"]), str(told["sha256"])
    if not _PATH.fullmatch(path) or not _SHA256.fullmatch(sha256):
        raise InvalidInput(f"{path[:120]!r} is no file of a copy", hint="this program is too old for its server")
    return File(str(told["dataset"]), str(told["part"]), path, int(told["rows"]), int(told["bytes"]), sha256)


def arrived(path: Path, sha256: str) -> bool:
    """It is there, and is what it should be."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False
