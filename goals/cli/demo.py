"""The learner's journey on a running system."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from goals.cli.options import Keys


def demo(
    split: Annotated[bool, typer.Option("--split", help="On the split system.")] = False,
    attach: Annotated[
        str | None, typer.Option("--attach", metavar="URL", help="On a system that runs; with its --data or tokens.")
    ] = None,
    interrupt: Annotated[
        int, typer.Option("--interrupt", metavar="N", min=0, help="kill -9 the whole system N times on the way.")
    ] = 0,
    seed: Annotated[str | None, typer.Option(help="Names the learner and the moments; random by default.")] = None,
    data: Annotated[
        Path | None, typer.Option("--data", envvar="GOALS_DATA_DIR", help="Keep the data here.", show_envvar=False)
    ] = None,
    keys: Keys = None,
    operator_token: Annotated[str | None, typer.Option(envvar="GOALS_OPERATOR_TOKEN", hidden=True)] = None,
    organisation_token: Annotated[str | None, typer.Option(envvar="GOALS_ORGANISATION_TOKEN", hidden=True)] = None,
) -> None:
    """Walk a newcomer's whole journey through the public API, and check every step of it."""
    import secrets

    from goals.cli.screen import console
    from goals.demo import Options, play

    options = Options(
        seed=seed or secrets.token_hex(8),
        split=split,
        attach=attach,
        interrupt=interrupt,
        data=data,
        keys=keys,
        operator_token=operator_token,
        organisation_token=organisation_token,
    )
    raise typer.Exit(0 if play(options, console()) else 1)
