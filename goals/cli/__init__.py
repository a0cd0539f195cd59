"""The command line `goals`. One file for each group of commands; heavy imports inside the commands, so that help is
quick. Commands talk to the server through `goals.client` alone; `up`, `backup`, `relearn`, `replay` and `token` are for
the machine the server runs on, `verify` needs no server.
"""

from __future__ import annotations

import typer

from goals.cli import (
    account,
    backup,
    choices,
    contract,
    demo,
    doctor,
    evals,
    events,
    goal,
    lake,
    lake_query,
    mcp,
    operate,
    progress,
    relearn,
    report,
    simulate,
    surroundings,
    up,
    verify,
    why,
)
from goals.cli.screen import Told

app = typer.Typer(
    cls=Told,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Learn to program: goals every day, runs checked case by case, feedback, hints, progress.",
)

DAY, HERE, COURSES, SERVER = "Learning", "This account", "Making courses", "The server"

app.command(rich_help_panel=DAY)(goal.today)
app.command("open", rich_help_panel=DAY)(goal.open_goal)
app.command(rich_help_panel=DAY)(goal.run)
app.command(rich_help_panel=DAY)(goal.submit)
app.command(rich_help_panel=DAY)(goal.hint)
app.command(rich_help_panel=DAY)(choices.swap)
app.command(rich_help_panel=DAY)(choices.pause)
app.command(rich_help_panel=DAY)(choices.resume)
app.command(rich_help_panel=DAY)(choices.want)
app.command(rich_help_panel=DAY)(progress.mood)
app.command("progress", rich_help_panel=DAY)(progress.progress)
app.command(rich_help_panel=DAY)(progress.plan)
app.command(rich_help_panel=DAY)(progress.lesson)
app.command(rich_help_panel=DAY)(choices.courses)
app.command(rich_help_panel=DAY)(choices.join)
app.command(rich_help_panel=DAY)(choices.leave)
app.command(rich_help_panel=HERE)(account.register)
app.command(rich_help_panel=HERE)(account.login)
app.command(rich_help_panel=HERE)(account.logout)
app.command(rich_help_panel=HERE)(account.profile)
app.command(rich_help_panel=HERE)(surroundings.workspace)
app.command(rich_help_panel=HERE)(account.export)
app.command("events", rich_help_panel=HERE)(events.events)
app.command(rich_help_panel=HERE)(contract.contract)
app.command("why", rich_help_panel=HERE)(why.why)
app.command("doubt", rich_help_panel=HERE)(why.doubt)
app.command(rich_help_panel=HERE)(mcp.mcp)
lake.app.command()(lake_query.query)
app.add_typer(lake.app, name="lake", rich_help_panel=HERE)
app.command("verify", rich_help_panel=COURSES)(verify.verify)
app.command(rich_help_panel=COURSES)(evals.evals)
app.command(rich_help_panel=COURSES)(simulate.simulate)
app.command(rich_help_panel=COURSES)(report.report)
app.command("up", rich_help_panel=SERVER)(up.up)
app.command("demo", rich_help_panel=SERVER)(demo.demo)
app.command(rich_help_panel=SERVER)(backup.backup)
app.command(rich_help_panel=SERVER)(backup.restore)
app.command(rich_help_panel=SERVER)(relearn.relearn)
app.command(rich_help_panel=SERVER)(operate.replay)
app.command(rich_help_panel=SERVER)(operate.token)
app.command(rich_help_panel=SERVER)(doctor.doctor)
