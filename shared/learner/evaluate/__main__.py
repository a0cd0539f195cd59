"""`python -m shared.learner.evaluate FILE`: the model beside its rivals, on any log of attempts."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from shared.learner.evaluate.comparing import FITTED, OURS, PREDICTORS, RIVAL, Compared, compared, folds
from shared.learner.evaluate.figures import auc, calibration_error, difference, log_loss, rmse
from shared.learner.evaluate.generated import MECHANISMS, SHAPES, generated
from shared.learner.evaluate.reading import BadLog, read
from shared.learner.model.rows import Row

WIDTH = 110
"""Characters of a line where nobody looks: figures are never cut short in a file."""


def main(arguments: Sequence[str]) -> int:
    """0; 2 for a file that is no log, with the line on stderr."""
    options = _options().parse_args(arguments)
    console, problems = Console(width=None if sys.stdout.isatty() else WIDTH), Console(stderr=True)
    try:
        rows = _rows(options)
        parts = len(folds(rows, options.folds, options.seed))
    except (OSError, ValueError, BadLog) as problem:
        problems.print(str(problem), style="red", markup=False)
        return 2
    names = [name for name in PREDICTORS if not (options.one_pass and name == FITTED)]
    learners, items = len({row.learner for row in rows}), len({row.item for row in rows})
    concepts = len({name for row in rows for name in row.concepts})
    console.print(
        f"{len(rows):,} attempts, {learners:,} learners, {items:,} items, {concepts:,} concepts; {parts} folds"
    )
    with Progress(console=problems, transient=True) as progress:
        task = progress.add_task("predicting", total=len(names) * parts)
        result = compared(rows, names, parts, options.seed, lambda: progress.advance(task))
    console.print(_figures(result))
    console.print(_differences(result, options.resamplings))
    console.print(
        "Held-out learners; every attempt predicted before it is seen. ECE: ten bins of equal width. "
        "Interval: 95 %, learners resampled in pairs.",
        style="dim",
    )
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m shared.learner.evaluate", description=main.__doc__)
    parser.add_argument("file", help="CSV of learner,item,concepts(a|b),t,correct; or generated:SHAPE/MECHANISM")
    parser.add_argument("--folds", type=int, default=5, help="parts the learners are dealt into (5)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resamplings", type=int, default=400)
    parser.add_argument("--one-pass", action="store_true", help="without `fit`: faster")
    return parser


def _rows(options: argparse.Namespace) -> list[Row]:
    name = str(options.file)
    if name.startswith("generated:"):
        shape, _, mechanism = name.removeprefix("generated:").partition("/")
        if shape not in SHAPES or mechanism not in MECHANISMS:
            raise BadLog(f"{name}: generated:SHAPE/MECHANISM, of {', '.join(SHAPES)} and {', '.join(MECHANISMS)}")
        return generated(shape, mechanism, options.seed)
    return read(Path(name))


def _figures(result: Compared) -> Table:
    table = Table(show_edge=False)
    for heading in ("", "AUC", "log-loss", "RMSE", "ECE", "µs", "fit s"):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    for name, found in result.predicted.items():
        figures = [f"{measure(result.y, found.p):.4f}" for measure in (auc, log_loss, rmse, calibration_error)]
        table.add_row(name, *figures, f"{found.micros:.0f}", f"{found.fit_s:.1f}")
    return table


def _differences(result: Compared, times: int) -> Table:
    table = Table(title=f"beside {RIVAL}", title_justify="left", show_edge=False)
    for heading in ("", "AUC", "interval", "log-loss", "interval "):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    theirs = result.predicted[RIVAL].p
    for name in (OURS, FITTED):
        if name not in result.predicted:
            continue
        cells = []
        for measure in (auc, log_loss):
            found = difference(measure, result.y, result.predicted[name].p, theirs, result.learners, times)
            cells += [f"{found.difference:+.4f}", f"{found.low:+.4f} … {found.high:+.4f}"]
        table.add_row(name, *cells)
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
