"""One whole embedded system for the worker, and the command line as a person calls it."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from goals.demo.system import System

PASSWORD = "correct horse battery"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, and its status."""

    status: int
    out: str
    errors: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Person:
    """Someone with a home of their own, in a folder of their own, at a terminal."""

    home: Path
    folder: Path
    server: str
    email: str

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "GOALS_SERVER": self.server,
            "COLUMNS": "200",
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        """A command that is left running, and hears Ctrl-C also where these tests run in the background and do not."""
        return subprocess.Popen(
            [sys.executable, "-m", "goals.cli", *arguments], preexec_fn=_hearing,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.folder, env=self.environment,
        )  # fmt: skip

    def goals(self, *arguments: str, stdin: str = "", status: int | None = 0, **more: str) -> Said:
        done = subprocess.run(
            [sys.executable, "-W", "error::ResourceWarning", "-m", "goals.cli", *arguments],
            input=stdin, capture_output=True, text=True, cwd=self.folder, env={**self.environment, **more},
            timeout=120, check=False,
        )  # fmt: skip
        said = Said(done.returncode, plain(done.stdout), plain(done.stderr))
        assert "Traceback" not in said.errors, said.errors
        if status is not None:
            assert said.status == status, f"{arguments}: {said.status}\n{said.out}\n{said.errors}"
        return said


def _hearing() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def plain(text: str) -> str:
    """Without the terminal's colours."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("system")
    for above in (folder, *folder.parents[:3]):
        above.chmod(above.stat().st_mode | 0o011)  # PostgreSQL may run as another user
    system = System(folder / "data")
    system.start()
    yield system
    system.stop()


@pytest.fixture
def person(system: System, tmp_path: Path) -> Person:
    """Nobody is signed in."""
    home, folder = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    folder.mkdir()
    return Person(home, folder, system.url, f"{secrets.token_hex(6)}@example.org")


@pytest.fixture
def learner(person: Person) -> Person:
    """Signed up, with a profile, and with goals."""
    person.goals("register", "--email", person.email, "--name", "Ada", "--timezone", "UTC", GOALS_PASSWORD=PASSWORD)
    person.goals("profile", "--target", "draw logs", "--level", "new", "--minutes", "60", "--consent-mood")
    for _ in range(100):
        if person.goals("today", "--json").json["goals"]:
            return person
    raise AssertionError("no goals were planned")
