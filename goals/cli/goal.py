"""The day's work: today's goals, opening one, running it, asking for a hint."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from goals.cli import naming, workspace
from goals.cli.options import Email, Json, Server, signed_in
from goals.cli.screen import as_json, console
from goals.client import Api, Event, Stream, interaction
from goals.client.errors import Unreachable
from shared.clock import utc_now
from shared.errors import NotFound
from shared.ids import new_id

Where = Annotated[Path, typer.Argument(help="The goal's folder, or a file in it.")]
Which = Annotated[str, typer.Argument(metavar="GOAL", help="Its number today, its name, or the beginning of its id.")]
SAID = ("goals.feedback.given", "goals.message.withheld")
"""What answers a run: words, or that there are none."""
SOON = 8.0
"""Seconds to wait for words that follow a run or a question for help."""
QUIET = 0.5
"""Seconds without news after which nothing more is expected."""


def today(server: Server = None, account: Email = None, json: Json = False) -> None:
    """Today's goals, each with its reason."""
    from goals.cli import tables

    daily = signed_in(server, account).daily()
    if json:
        as_json(daily)
        return
    tables.day(console(), daily)


def choose(api: Api, word: str) -> dict[str, Any]:
    """The goal a word means, among today's first and then among all."""
    shown = naming.numbered(api.daily()["goals"])
    try:
        return naming.meant(word, shown)
    except NotFound:
        if word.isdecimal() and len(word) < 4:
            raise
    return naming.meant(word, shown, api.goals(everything=True)["goals"])


def open_goal(goal: Which, server: Server = None, account: Email = None, json: Json = False) -> None:
    """Open a goal: its statement here, its files in a folder of its own."""
    from rich.markdown import Markdown

    api = signed_in(server, account)
    detail = api.goal(choose(api, goal)["goal"])
    if json:
        as_json(detail)
        return
    code = next((run["code"] for run in api.runs(detail["goal"]) if run["code"]), None) if detail["runs"] else None
    if detail["opened"] is None:
        api.record([interaction("goal.opened", {"goal": detail["goal"]}, time=utc_now())])
    email = account or api.me()["email"]
    opened, left = workspace.write(detail, Path.cwd(), server=api.server, email=email, code=code)
    screen = console()
    screen.print(Markdown(f"# {detail['title']}\n\n{detail['statement']}"))
    screen.print(f"\n[dim]{detail['because']}[/]")
    screen.print(
        f"\nWrite [bold]{detail['entry']}[/] in [bold]{_short(opened.file)}[/], then: goals run {_short(opened.folder)}"
    )
    if left:
        screen.print(f"[dim]left as you have it: {', '.join(file.name for file in left)}[/]")
    elif code:
        screen.print("[dim]your last code is in it[/]")


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def run(path: Where = Path(), server: Server = None, account: Email = None, json: Json = False) -> None:
    """Run your code on the server, case by case. It does not count as your answer."""
    _run(path, "run", server, account, json)


def submit(path: Where = Path(), server: Server = None, account: Email = None, json: Json = False) -> None:
    """Run your code, and let it count as your answer."""
    _run(path, "submit", server, account, json)


def _run(path: Path, purpose: str, server: str | None, account: str | None, json: bool) -> None:
    from goals.cli import tables

    opened = workspace.find(path)
    code = opened.code()
    api = signed_in(server or opened.server, account or opened.email)
    if json:
        import json as text

        for frame in api.run(opened.goal, code, id=new_id(), purpose=purpose):
            typer.echo(text.dumps(frame, ensure_ascii=False))
        return
    screen = console()
    run = new_id()
    with Stream(api.server, api.session) as stream:
        try:
            end = tables.running(screen, api.run(opened.goal, code, id=run, purpose=purpose))
        except KeyboardInterrupt:
            end = tables.running(screen, iter([api.cancel(run)]))
        if end["type"] == "finished" and not end["fault"]:
            _feedback(stream, end, screen)
    passed = end["type"] == "finished" and end["passed"] == end["total"] and not end["fault"]
    raise typer.Exit(0 if passed else 1)


def _answers(event: Event, run: str) -> bool:
    """Words on this run, or that there are none."""
    return event.type in SAID and event.data["run"] == run and event.data.get("message", "feedback") == "feedback"


def _feedback(stream: Stream, end: dict[str, Any], screen: Any) -> None:
    """What the server says to this run, and what it changed. Late words are not lost: `goals open` shows them."""
    from goals.cli import tables

    run = end["run"]
    try:
        with screen.status("feedback…"):
            said = stream.wait(lambda e: _answers(e, run), SOON)
    except Unreachable:
        screen.print("[dim]Feedback takes longer than usual; `goals events` shows it when it is there.[/]")
        return
    text = said.data.get("text") or "Nothing new to say: the same failure as before. `goals hint` has more."
    screen.print(f"\n{text}", style="bold", markup=False)
    _quiet(stream, said.correlation)
    tables.consequences(screen, [e for e in stream.events if e.correlation == said.correlation])


def _quiet(stream: Stream, correlation: str) -> None:
    """Returns when nothing more has come of this interaction for a moment: the graph says no "that was all"."""
    end = time.monotonic() + SOON

    def count() -> int:
        return sum(event.correlation == correlation for event in stream.events)

    while time.monotonic() < end:
        before = count()
        time.sleep(QUIET)
        if count() == before:
            return


def hint(
    path: Where = Path(),
    rung: Annotated[int | None, typer.Option(min=1, max=5, help="One that you had already, again.")] = None,
    server: Server = None,
    account: Email = None,
    json: Json = False,
) -> None:
    """One more hint for the goal of this folder; each of the five says more than the one before."""
    opened = workspace.find(path)
    api = signed_in(server or opened.server, account or opened.email)
    data = {"goal": opened.goal, **({"rung": rung} if rung else {})}
    event = interaction("hint.asked", data, time=utc_now())
    with Stream(api.server, api.session) as stream:
        stream.ready()
        stream.send(event)
        given = stream.wait(
            lambda e: e.type in ("goals.hint.given", "goals.access.denied") and e.correlation == event["id"],
            SOON,
            what="the hint",
        )
    if json:
        as_json(given.raw)
        return
    if given.type == "goals.access.denied":
        console(errors=True).print(f"{given.data['text']} {given.data['remedy']}", style="red", markup=False)
        raise typer.Exit(1)
    from rich.markdown import Markdown

    console().print(f"[dim]Hint {given.data['rung']} of 5; {given.data['left']} left[/]")
    console().print(Markdown(given.data["text"]))
