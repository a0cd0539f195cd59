"""What happened: one interaction's way through all functions, or one's own stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from goals.cli.options import Email, Json, Server, signed_in
from goals.cli.screen import as_json, console
from goals.client import Event, Stream
from goals.client.errors import Unreachable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from goals.client.trace import Node

LAST = 40
HOUR_MS = 3_600_000


def events(
    correlation: Annotated[str | None, typer.Argument(help="The id of what began it.", show_default=False)] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what comes.")] = False,
    server: Server = None,
    account: Email = None,
    json: Json = False,
) -> None:
    """Your events. With an id: its way through all functions as a tree, with times."""
    api = signed_in(server, account)
    found = api.correlation(correlation) if correlation else list(api.events())[-LAST:]
    if json:
        as_json([event.raw for event in found])
    elif correlation:
        show(console(), found)
    else:
        for event in found:
            put(console(), one(event))
    if not follow:
        return
    last = max((event.sequence for event in found), default=0)
    with Stream(api.server, api.session, after=last) as stream:
        place = 0
        while True:
            try:
                stream.wait(lambda _, place=place: len(stream.events) > place, 3600)  # type: ignore[misc]
            except Unreachable:
                continue
            for event in stream.events[place:]:
                place += 1
                if correlation in (None, event.correlation):
                    as_json([event.raw]) if json else put(console(), one(event))


def one(event: Event) -> Text:
    from rich.text import Text

    from goals.client.trace import line

    text = Text(f"{event.sequence:>6}  {event.time:%H:%M:%S.%f}"[:-3], style="dim")
    text.append(f"  {event.function:<11}", style="cyan")
    text.append(f"{event.type.removeprefix('goals.'):<21}", style="bold")
    text.append(line(event))
    return text


def put(screen: Console, text: Text) -> None:
    """One line on a terminal, cut where it ends; whole where a program reads."""
    if screen.is_terminal:
        screen.print(text, overflow="ellipsis", no_wrap=True)
    else:
        screen.print(text, soft_wrap=True)


def show(screen: Console, events: list[Event], *, indent: str = "") -> None:
    """The tree of one correlation: who said what, and after how many milliseconds."""
    from rich.text import Text

    from goals.client.trace import functions, line, tree

    for node in tree(events):
        text = Text(f"{indent}{_since(node)}  ", style="dim")
        text.append(f"{node.event.function:<11}", style="cyan")
        text.append(node.branch, style="dim")
        text.append(node.event.type.removeprefix("goals."), style="bold")
        text.append(f"  {line(node.event)}", style="dim")
        put(screen, text)
    screen.print(Text(f"{indent}            {' → '.join(functions(events))}", style="dim cyan"), soft_wrap=True)


def _since(node: Node) -> str:
    """Milliseconds since the beginning; the hour, where an event speaks of another time than its own."""
    return f"{node.event.time:%d. %H:%M}".rjust(10) if node.ms > HOUR_MS else f"{node.ms:>7.0f} ms"
