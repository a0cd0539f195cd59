"""`goals simulate`: what the planner saves simulated learners, and what its reviews keep. Needs no server."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from goals.cli.screen import console


def simulate(
    learners: Annotated[int, typer.Option(min=1, help="How many, under each mechanism.")] = 500,
    seed: Annotated[int, typer.Option(help="Of the course and of the learners.")] = 1,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0: one for each core.")] = 0,
) -> None:
    """Hold the planner against plainer orders with simulated learners whose knowledge is hidden from it."""
    from rich.progress import Progress
    from rich.table import Table

    from goals.simulate.minds import MECHANISMS
    from goals.simulate.study import ARMS, fewer, study

    screen = console()
    with Progress(console=screen, transient=True) as bar:
        task = bar.add_task("learning", total=learners * len(ARMS) * len(MECHANISMS))
        found = study(learners, seed, workers or os.cpu_count() or 1, lambda n: bar.advance(task, n))
    table = Table(title=f"{learners} learners, seed {seed}", title_justify="left")
    for column in ("mechanism", "order", "attempts", "mastered it", "held 30 days later", "planner needs fewer by"):
        table.add_column(column, justify="left" if column in ("mechanism", "order") else "right")
    for f in found:
        saved = "" if f.arm == "planner" else f"{fewer(found, f.mechanism, f.arm):.0%}"
        table.add_row(f.mechanism, f.arm, f"{f.attempts:.0f}", f"{f.reached:.0%}", f"{f.retained:.2f}", saved)
    screen.print(table)
