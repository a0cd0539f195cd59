"""Saving a system of this machine, and bringing it back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from goals.cli.screen import console
from goals.cli.up import Data, data_home


def backup(
    folder: Annotated[Path, typer.Argument(help="A folder that is not there yet.")],
    data: Data = None,
) -> None:
    """Save the system on this machine: database, keys, lake. It may go on running."""
    from goals.launch import backup as saving

    saving.backup((data or data_home()).expanduser().absolute(), folder.expanduser().absolute())
    console().print(f"saved in {folder}: whoever can read it can sign tokens and read all that learners wrote")


def restore(
    folder: Annotated[Path, typer.Argument(help="What `goals backup` wrote.")],
    data: Data = None,
) -> None:
    """Make a system anew from a backup, in an empty place; `goals up` on it goes on."""
    from goals.launch import backup as saving

    place = (data or data_home()).expanduser().absolute()
    saving.restore(folder.expanduser().absolute(), place)
    console().print(f"restored into {place}: goals up --data {place}")
