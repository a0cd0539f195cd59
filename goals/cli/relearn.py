"""The learner model of the system on this machine, made anew."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from goals.cli.asking import agree
from goals.cli.screen import console
from goals.cli.up import Data, data_home

PAUSE = 0.2
"""Seconds before looking again, where the function `learning` is at it."""


def relearn(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    data: Data = None,
) -> None:
    """Let the learner model learn anew from the whole log. The system may go on running; what attempts are expected to
    be goes by the ratings meanwhile."""
    from rich.progress import Progress

    from goals.cli.local import parts
    from shared.clock import utc_now
    from shared.learning import standing
    from shared.learning.folding import Fold
    from shared.learning.version import version
    from shared.store import log
    from shared.store.connect import connect

    screen = console()
    settings = parts((data or data_home()).expanduser().absolute())
    with connect(settings.database_url, name="goals-relearn") as conn:
        known = standing.lag(conn).learnt
        question = f"Forget what {known:,} attempts taught, and learn it from the log again?"
        if not (yes or agree(question, option="--yes")):
            return
        with conn.transaction():
            standing.forget(conn, [version()])
        fold = Fold()
        with Progress(console=screen) as shown:
            task = shown.add_task("learning", total=log.head(conn))
            while not (lag := standing.lag(conn)).ready:
                if fold.step(conn, utc_now()) is None:
                    time.sleep(PAUSE)
                shown.update(task, completed=standing.position(conn))
            shown.update(task, completed=log.head(conn))
        screen.print(f"learnt from {lag.learnt:,} attempts: {lag.parts:,} parts, {lag.bytes / 1e6:,.1f} MB")
