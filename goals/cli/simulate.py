"""`goals simulate`: what the planner saves simulated learners, and what its reviews keep. Needs no server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from goals.cli.screen import console


def simulate(
    learners: Annotated[int, typer.Option(min=1, help="How many, dealt to the mechanisms in turn.")] = 500,
    seed: Annotated[int, typer.Option(help="Of the course and of the learners.")] = 1,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0: one for each core.")] = 0,
    keep: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="Where each learner is kept as it ends; broken off, it goes on from there."),
    ] = None,
    plot: Annotated[Path | None, typer.Option(dir_okay=False, help="Where to draw the figures, as SVG.")] = None,
) -> None:
    """Hold the planner against plainer orders with simulated learners whose knowledge is hidden from it."""
    from rich.progress import Progress
    from rich.table import Table

    from goals.simulate.kept import Kept
    from goals.simulate.plot import drawn
    from goals.simulate.study import ARMS, fewer, interval, study

    screen, kept = console(), Kept(keep)
    with Progress(console=screen, transient=True) as bar:
        task = bar.add_task("learning", total=learners * len(ARMS))
        found = study(learners, seed, workers or os.cpu_count() or 1, lambda n: bar.advance(task, n), kept)
    table = Table(title=f"{learners} learners, seed {seed}", title_justify="left")
    columns = (
        "mechanism", "order", "attempts", "median", "days", "mastered it", "held 30 days later",
        "planner needs fewer by",
    )  # fmt: skip
    for column in columns:
        table.add_column(column, justify="left" if column in ("mechanism", "order") else "right")
    for f in found:
        saved = ""
        if f.arm != "planner":
            low, high = interval(found, f.mechanism, f.arm)
            saved = f"{fewer(found, f.mechanism, f.arm):.0%} ({low:.0%} … {high:.0%})"
        table.add_row(
            f.mechanism, f.arm, f"{f.attempts:.0f} ± {f.error:.0f}", f"{f.middle:.0f}", f"{f.days:.0f}",
            f"{f.reached:.0%}", f"{f.retained:.2f}", saved,
        )  # fmt: skip
    screen.print(table)
    if plot is not None:
        plot.write_text(
            drawn(found, f"{learners} simulated learners, a third under each mechanism, seed {seed}"), "utf-8"
        )
        screen.print(f"drawn: {plot}")
