"""For whoever runs the system: dead letters and tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from goals.cli.asking import agree
from goals.cli.options import Keys, Server, where
from goals.cli.screen import console
from goals.cli.up import Data, data_home
from shared.errors import NotFound

if TYPE_CHECKING:
    from shared.bus.port import Bus, DeadLetter


def token(
    role: Annotated[str, typer.Option(help="operator, organisation or author.")] = "operator",
    organisation: Annotated[str | None, typer.Option(help="Whose terms the role organisation may state.")] = None,
    minutes: Annotated[int, typer.Option(min=1, max=60, help="How long it holds.")] = 10,
    data: Data = None,
    keys: Keys = None,
    server: Server = None,
) -> None:
    """An access token, signed with the key of the system on this machine, or with one of --keys."""
    from goals.cli.local import signed

    address = where(server)
    typer.echo(
        signed(keys or (data or data_home()) / "keys", address, role, organisation=organisation, minutes=minutes)
    )


def replay(
    queue: Annotated[str | None, typer.Argument(help="A function's queue; all of them by default.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Replay without asking.")] = False,
    list_only: Annotated[bool, typer.Option("--list", help="Only show them.")] = False,
    data: Data = None,
) -> None:
    """Dead letters of the system on this machine, why each is one, and back to its queue."""
    from rich.progress import track
    from rich.table import Table

    from goals.cli.local import parts
    from graph.topology import QUEUES
    from shared.bus.opening import open_bus

    names = [spec.name for spec in QUEUES]
    if queue is not None and queue not in names:
        raise NotFound(f"there is no queue {queue!r}", hint=f"there are {', '.join(names)}")
    settings = parts(data or data_home())
    screen = console()
    bus = open_bus(settings)
    try:
        letters = {name: found for name in ([queue] if queue else names) if (found := bus.dead_letters(name))}
        if not letters:
            screen.print("No dead letters.")
            return
        reasons = _reasons(settings.database_url)
        table = Table(box=None, pad_edge=False)
        for column in ("queue", "type", "id", "tries", "why"):
            table.add_column(column, overflow="fold")
        for name, found in letters.items():
            for letter in found:
                why = reasons.get((name, _event(letter)), letter.reason)
                table.add_row(name, letter.key, _event(letter), str(letter.attempts or ""), why)
        screen.print(table)
        if list_only or not (yes or agree("Replay them?", option="--yes")):
            return
        count = sum(_replayed(bus, name) for name in track(letters, description="replaying", console=screen))
        screen.print(f"{count} back in their queues.")
    finally:
        bus.close()


def _replayed(bus: Bus, queue: str) -> int:
    return bus.replay(queue)


def _event(letter: DeadLetter) -> str:
    """The id of the event within: rejections are noted by it."""
    import json

    try:
        return str(json.loads(letter.body)["id"])
    except (ValueError, KeyError, TypeError):
        return letter.id


def _reasons(database: str) -> dict[tuple[str, str], str]:
    """(function, event id) → why it was refused, the newest reason of each."""
    import psycopg

    from shared.store.queries import SQL

    with psycopg.connect(database) as conn:
        rows = conn.execute(SQL["rejections"], [1_000]).fetchall()
    return {(str(consumer), str(id_)): str(reason) for consumer, id_, _, reason, _ in reversed(rows)}
