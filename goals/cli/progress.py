"""How one stands: mastery and its evidence, the plan, a page to read; and how one feels."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from goals.cli.options import Email, Json, Server, signed_in
from goals.cli.screen import as_json, console
from goals.client import interaction
from shared.clock import utc_now
from shared.errors import InvalidInput

FORGET = "forget"
ANSWERS = ("great", "good", "flat", "stuck", "tired", "not_now", "never_ask")


def progress(
    why: Annotated[str | None, typer.Option(metavar="CONCEPT", help="What a figure rests on.")] = None,
    server: Server = None,
    account: Email = None,
    json: Json = False,
) -> None:
    """Mastery by concept with its uncertainty, days of work, reviews."""
    from goals.cli import tables

    api = signed_in(server, account)
    screen = console()
    answer = api.mastery(why) if why else api.progress()
    if json:
        as_json(answer)
        return
    if why:
        tables.mastery(screen, [answer])
        screen.print(f"\n{answer['because']}\n", markup=False)
        for event in answer["events"]:
            screen.print(_evidence(event), markup=False)
        return
    if not answer["mastery"]:
        screen.print("No attempt yet: mastery shows after the first run. `goals today` lists what to begin with.")
        return
    tables.mastery(screen, answer["mastery"])
    screen.print(f"\n{tables.days_in_a_row(answer['streak'])}, {answer['streak']['longest']} at most\n", style="dim")
    tables.calendar(screen, answer["days"], date.fromisoformat(str(api.daily()["day"])))
    for review in answer["reviews"]:
        word = "is due" if review["overdue"] else f"comes back on {review['due'][:10]}"
        screen.print(f"review: {review['title']} {word}", style="dim", markup=False)


def _evidence(event: dict[str, object]) -> str:
    """One line of evidence, whatever event it is."""
    data = event["data"]
    assert isinstance(data, dict)  # noqa: S101  the API's model
    passed = (
        f"{data['passed']} of {data['total']} pass" if "total" in data else "correct" if data.get("correct") else ""
    )
    return (
        f"  {str(event['time'])[:19]}  {str(event['type']).removeprefix('goals.')}  {data.get('purpose', '')}  {passed}"
    )


def plan(server: Server = None, account: Email = None, json: Json = False) -> None:
    """The present plan: which goals, and why each."""
    from goals.cli import tables

    answer = signed_in(server, account).plan()
    if json:
        as_json(answer)
        return
    tables.plan(console(), answer)


def lesson(
    concept: Annotated[str, typer.Argument(help="For example loops.")],
    raw: Annotated[bool, typer.Option("--raw", help="Markdown as it is.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="In other words, shown while they are written.")] = False,
    goal: Annotated[str | None, typer.Option("--goal", help="The goal you work on: the page aims at it.")] = None,
    server: Server = None,
    account: Email = None,
) -> None:
    """The page that explains a concept."""
    api = signed_in(server, account)
    if explain:
        for line in api.explain(concept, goal=goal):
            if line["type"] == "words":
                typer.echo(f"\n\n{line['text']}" if line["instead"] else line["text"], nl=False)
        typer.echo()
        return
    page = api.lesson(concept, goal=goal)
    if raw:
        typer.echo(page)
        return
    from rich.markdown import Markdown

    console().print(Markdown(page))


def mood(
    answer: Annotated[str, typer.Argument(help=", ".join((*ANSWERS, FORGET)))],
    server: Server = None,
    account: Email = None,
) -> None:
    """Say how it goes; the plan may follow. `never_ask` ends the questions, `forget` deletes what is kept of it."""
    if answer not in (*ANSWERS, FORGET):
        raise InvalidInput(f"{answer!r} is none of the answers", hint=f"one of {', '.join((*ANSWERS, FORGET))}")
    api = signed_in(server, account)
    if answer == FORGET:
        api.record([interaction("mood.forgotten", {}, time=utc_now())])
        console().print("What was kept of your mood is deleted.")
        return
    api.record([interaction("mood.answered", {"answer": answer}, time=utc_now())])
    console().print("Noted. `goals plan` shows what it changes, if anything.")
