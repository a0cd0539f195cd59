"""`goals evals`: rule-made and model-made answers side by side. For operators and authors; needs no server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goals.cli.screen import console

if TYPE_CHECKING:
    from goals.evals.compare import Ask, Column, Comparison
    from shared.models.port import Model


def evals(
    agent: Annotated[str, typer.Option(help="Only this agent's: feedback or hints.")] = "",
    language: Annotated[str, typer.Option(help="Only learners of this language: en or es.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="Only so many situations; 0: all.")] = 0,
    report: Annotated[Path | None, typer.Option(help="Write the tables and each text that fails as Markdown.")] = None,
    sandbox: Annotated[bool, typer.Option(help="Run code found in a text against the cases.")] = True,
) -> None:
    """Compare what the rules say with what a model says, by checks that code can make.

    The model is that of GOALS_MODEL_KEY_FILE, GOALS_MODEL_URL and GOALS_MODEL_NAME; without one its column is not run.
    """
    from rich.progress import Progress

    from functions.feedback.function import passes
    from goals.evals.compare import compare
    from goals.evals.report import markdown, spent, why_not
    from goals.evals.situations import situations
    from shared.models.port import NoModel

    chosen = [s for s in situations() if agent in ("", s.agent) and language in ("", s.learner.language)]
    chosen = chosen[: limit or None]
    name, model = _model()
    screen = console()
    columns = _columns(model)
    with Progress(console=screen, transient=True) as bar:
        task = bar.add_task("asking", total=len(chosen) * len(columns))
        result = compare(
            chosen,
            columns,
            (lambda situation: passes(situation.learner.challenge)) if sandbox else lambda _: None,
            lambda _: bar.advance(task),
        )
    model.close()
    _table(result, name if not isinstance(model, NoModel) else "none")
    screen.print(why_not(result) or spent(result))
    if report is not None:
        report.write_text(markdown(result, name), "utf-8")
        screen.print(f"{report} has all of it.")


def _model() -> tuple[str, Model]:
    """The model's name, and the model. Budgets of this run are the process's own, not those of learners."""
    from shared.models.opening import open_model
    from shared.settings import Settings

    settings = Settings(database_url="postgresql:///none")
    return settings.model_name, open_model(settings.model_copy(update={"redis_url": None}))


def _columns(model: Model) -> dict[Column, Ask]:
    from goals.evals.columns import ModelMade, rule_made
    from shared.clock import utc_now
    from shared.models import Asker
    from shared.models.port import NoModel

    columns: dict[Column, Ask] = {"rules": rule_made}
    if not isinstance(model, NoModel):
        columns["model"] = ModelMade(model, Asker("evals", tenant="evals"), utc_now)
    return columns


def _table(result: Comparison, name: str) -> None:
    from rich.table import Table

    from goals.evals.checks import CHECKS
    from goals.evals.compare import COLUMNS, agents_of
    from goals.evals.report import cell

    for agent in agents_of(result):
        count = max(len(result.of(column, agent)) for column in COLUMNS)
        table = Table(title=f"{agent}: {count} situations", title_justify="left")
        table.add_column("check")
        table.add_column("rules", justify="right")
        table.add_column(f"model ({name})", justify="right")
        table.add_column("what it asks", style="dim")
        for check, meaning in CHECKS.items():
            table.add_row(check, *(cell(result, column, agent, check) for column in COLUMNS), meaning)
        console().print(table)
