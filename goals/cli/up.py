"""Starting the system on this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

PORT = 8080
Data = Annotated[
    Path | None, typer.Option("--data", envvar="GOALS_DATA_DIR", help="The folder of everything the system keeps.")
]
Split = Annotated[
    bool, typer.Option("--split", help="Every function a process of its own, on RabbitMQ, Redis and PostgreSQL.")
]


def data_home() -> Path:
    """`$XDG_DATA_HOME/goals` (XDG Base Directory Specification 0.8)."""
    home = os.environ.get("XDG_DATA_HOME", "")
    return (Path(home) if home.startswith("/") else Path.home() / ".local" / "share") / "goals"


def up(
    split: Split = False,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The API's port.")] = PORT,
    data: Data = None,
) -> None:
    """Start the system here, until Ctrl-C. Nothing but pip is needed; nothing is lost between starts."""
    folder = (data or data_home()).expanduser().absolute()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if split:
        from goals.launch.split import run
    else:
        from goals.launch.embedded import run
    run(folder, port)
