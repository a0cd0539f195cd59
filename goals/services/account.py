"""PostgreSQL refuses to run as root: the unprivileged account it gets then, and what that account can reach."""

from __future__ import annotations

import os
import pwd
import shutil
from functools import cache
from pathlib import Path

ACCOUNT = "nobody"
READABLE_PLACES = (Path("/var/lib"), Path("/opt"), Path("/var/tmp"))  # noqa: S108  ownership is checked below


def needed() -> bool:
    return os.geteuid() == 0


@cache
def uid_gid() -> tuple[int, int]:
    entry = pwd.getpwnam(ACCOUNT)
    return entry.pw_uid, entry.pw_gid


def drop_to(stop_signal: str) -> list[str]:
    """The command prefix (setpriv(1)). The change of user clears PR_SET_PDEATHSIG, so it is set again after it."""
    uid, gid = uid_gid()
    return ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", "--pdeathsig", stop_signal]


def can_reach(path: Path) -> bool:
    """Whether a stranger may read `path`: every folder above is open to all (a home is usually 0700)."""
    path = path.resolve()
    return bool(path.stat().st_mode & 0o004) and all(folder.stat().st_mode & 0o001 for folder in path.parents)


def readable_copy(folders: list[Path], version: str, places: tuple[Path, ...] = READABLE_PLACES) -> Path:
    """Copies sibling `folders` to a place the account can reach, once for each `version`; gives the place.

    PostgreSQL looks for its own programs by real path with access(2), which ignores capabilities: a copy is the one
    way that works when the environment lies in a private home. The copy belongs to root, so nobody can alter it.
    """
    for place in places:
        if not (place.is_dir() and os.access(place, os.W_OK) and can_reach(place)):
            continue
        target = place / f"ai-goals-tracker-{version}"
        if target.exists() and (target.is_symlink() or target.stat().st_uid != os.geteuid()):
            continue
        if not target.exists():
            fresh = place / f"ai-goals-tracker-{version}.{os.getpid()}"
            for folder in folders:
                shutil.copytree(folder, fresh / folder.name)
            fresh.chmod(0o755)
            try:
                fresh.rename(target)
            except OSError:  # another process was first
                shutil.rmtree(fresh)
        return target
    raise PermissionError(
        f"PostgreSQL cannot run as root, and {ACCOUNT!r} cannot read {folders[0]}: run as an ordinary user, "
        f"or put the environment where all may read it"
    )
