"""Where copies lie: in the folder each system keeps for the data of programs."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from urllib.parse import urlsplit

from shared.errors import InvalidInput

_NAME = re.compile(r"(?!\.)[A-Za-z0-9._-]{1,80}")


def copies_home(
    platform: str = sys.platform, environ: Mapping[str, str] = os.environ, home: PurePath | None = None
) -> PurePath:
    """`$XDG_DATA_HOME/goals/copies` (XDG Base Directory Specification 0.8: only if it is absolute),
    `%APPDATA%\\goals\\copies`, `~/Library/Application Support/goals/copies`."""
    home = home or Path.home()
    if platform == "win32":
        told = environ.get("APPDATA", "")
        base: PurePath = PureWindowsPath(told) if told else PureWindowsPath(home) / "AppData" / "Roaming"
    elif platform == "darwin":
        base = PurePosixPath(home) / "Library" / "Application Support"
    else:
        told = environ.get("XDG_DATA_HOME", "")
        base = PurePosixPath(told) if told.startswith("/") else PurePosixPath(home) / ".local" / "share"
    return base / "goals" / "copies"


def folder_of(server: str, learner: str, base: PurePath | None = None) -> Path:
    """One folder for each server and learner. Raises InvalidInput for a learner's id that is no plain name."""
    if not _NAME.fullmatch(learner):
        raise InvalidInput(f"{learner[:80]!r} is no learner's id")
    address = urlsplit(server)
    place = f"{address.hostname or 'server'}-{address.port}" if address.port else address.hostname or "server"
    return Path(base or copies_home()) / re.sub(r"[^A-Za-z0-9.-]", "-", place) / learner
