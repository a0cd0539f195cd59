"""Which files the Python of this process needs to run somewhere else: what a sandbox lets through, and no more."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/usr/share/zoneinfo")


@dataclass(frozen=True, slots=True)
class Interpreter:
    """`folders[0]` holds the standard library. `links`: paths that are symbolic links (`/lib` on merged systems)."""

    executable: str
    folders: tuple[str, ...]
    links: tuple[tuple[str, str], ...]

    def reachable(self) -> bool:
        """Whether any uid may walk to the standard library: not when it is in a home of mode 0700."""
        library = Path(self.folders[0])
        return all(folder.stat().st_mode & 0o001 for folder in (library, *library.parents))


@cache
def interpreter() -> Interpreter:
    """The base interpreter of this process: a virtual environment's packages are not the learner's."""
    base: str = getattr(sys, "_base_executable", None) or sys.executable
    executable = os.path.realpath(base)
    folders = [str(Path(sys.base_prefix) / "lib"), str(Path(executable).parent.parent / "lib")]
    links = []
    for path in SYSTEM:
        if Path(path).is_symlink():
            links.append((str(Path(path).readlink()), path))
        elif Path(path).exists():
            folders.append(path)
    return Interpreter(executable, tuple(dict.fromkeys(folders)), tuple(links))
