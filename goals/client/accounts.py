"""Where the tokens of this person's accounts are kept: one file, readable by them alone.

`$XDG_CONFIG_HOME/goals/accounts.json` (XDG Base Directory Specification 0.8), mode 0600. Several servers, and several
accounts on each; one is the present one.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from goals.client.errors import NotSignedIn
from shared.errors import InvalidInput

SERVER = "http://127.0.0.1:8080"


@dataclass(frozen=True, slots=True)
class Account:
    """`expires`: of the access token, seconds since the epoch."""

    server: str
    email: str
    learner: str
    access: str
    refresh: str
    expires: float


def config_dir() -> Path:
    home = os.environ.get("XDG_CONFIG_HOME", "")
    base = Path(home) if home.startswith("/") else Path.home() / ".config"
    return base / "goals"


def normal(server: str) -> str:
    """A server's address as it is kept. Raises InvalidInput."""
    if "://" not in server:
        server = f"http://{server}"
    if not server.startswith(("http://", "https://")):
        raise InvalidInput(f"{server} is no server's address", hint="for example https://goals.example.org")
    return server.rstrip("/")


class Accounts:
    """Read anew at each call: another command may have renewed a token meanwhile."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or config_dir()
        self._file = self._folder / "accounts.json"

    def all(self) -> list[Account]:
        """The present one first."""
        try:
            kept = json.loads(self._file.read_text())
            return [Account(**account) for account in kept["accounts"]]
        except FileNotFoundError:
            return []
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInput(f"{self._file} cannot be read: {error}", hint="remove it and sign in again") from error

    def choose(self, server: str | None = None, email: str | None = None) -> Account:
        """The account on `server`, with `email`; the one used last where several fit. Raises NotSignedIn."""
        for account in self.all():
            if server in (None, account.server) and (email is None or email.lower() == account.email):
                return account
        who = f" as {email}" if email else ""
        where = f" at {server}" if server else ""
        raise NotSignedIn(
            f"you are not signed in{who}{where}", hint="`goals login` signs in, `goals register` signs up"
        )

    def keep(self, account: Account, *, present: bool = True) -> None:
        """Puts it in place of an older state of the same account; `present`: commands use it from now on."""
        with self.locked():
            rest = [a for a in self.all() if (a.server, a.email) != (account.server, account.email)]
            place = next(
                (i for i, a in enumerate(self.all()) if (a.server, a.email) == (account.server, account.email)), 0
            )
            rest.insert(0 if present else place, replace(account, email=account.email.lower()))
            self._write(rest)

    def forget(self, account: Account) -> None:
        with self.locked():
            self._write([a for a in self.all() if (a.server, a.email) != (account.server, account.email)])

    @contextmanager
    def locked(self) -> Iterator[None]:
        """For one thread of one process at a time, as `flock(2)`; may be nested."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _threads:
            depth = _depth.get(self._folder, 0)
            _depth[self._folder] = depth + 1
            try:
                if depth:
                    yield
                    return
                with (self._folder / "lock").open("w") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX)
                    yield
            finally:
                _depth[self._folder] = depth

    def _write(self, accounts: list[Account]) -> None:
        """Beside and then in place: a crash leaves the old file or the new one. mkstemp makes it 0600."""
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=".accounts")
        with os.fdopen(handle, "w") as file:
            json.dump({"accounts": [asdict(account) for account in accounts]}, file, indent=1)
        Path(name).replace(self._file)


_threads = threading.RLock()
_depth: dict[Path, int] = {}
