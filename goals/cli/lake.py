"""`goals lake`: the learner's own copy of their data on this disk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from goals.cli.options import Email, Json, Server, signed_in
from goals.cli.screen import Told, as_json, console
from shared.clock import utc_now

app = typer.Typer(cls=Told, no_args_is_help=True, help="Your own data as Parquet files on this disk.")

Folder = Annotated[
    Path | None, typer.Option("--folder", envvar="GOALS_COPY_DIR", help="Where the copy lies.", show_default=False)
]


def place(server: str | None, email: str | None, folder: Path | None) -> tuple[Any, Path]:
    """The API as the chosen account, and the folder of its copy."""
    from goals.client import Stored
    from goals.copies import folder_of

    api = signed_in(server, email)
    assert isinstance(api.session, Stored)  # noqa: S101  what signed_in makes
    return api, (folder or folder_of(api.server, api.session.account.learner)).expanduser().absolute()


@app.command()
def sync(
    folder: Folder = None,
    afresh: Annotated[bool, typer.Option("--afresh", help="Ask for everything, whatever is here.")] = False,
    server: Server = None,
    account: Email = None,
    json: Json = False,
) -> None:
    """Bring your copy up to date: only what changed comes; cut off, it goes on where it stopped."""
    from rich.progress import Progress

    from goals.client import NotSignedIn
    from goals.client.api import GONE
    from goals.copies import sync as bring
    from goals.copies.fetching import Http
    from goals.copies.syncing import forget

    api, where = place(server, account, folder)
    fetch = Http()
    screen = console()
    try:
        with Progress(console=screen, transient=True, disable=json) as bar:
            task = bar.add_task("fetching", total=None)
            done = bring(
                where, api.server, api.lake_manifest, fetch, now=utc_now, afresh=afresh,
                progress=lambda n, of: bar.update(task, completed=n, total=of),
            )  # fmt: skip
    except NotSignedIn as error:
        if error.kind == GONE:
            forget(where)
            screen.print("The account was erased; the copy on this disk is removed as well.")
        raise
    finally:
        fetch.close()
    files = done.snapshot.files
    told = {
        "folder": str(where),
        "change": done.snapshot.change,
        "position": done.snapshot.position,
        "fetched": done.fetched,
        "bytes": done.bytes,
        "dropped": done.dropped,
        "files": len(files),
    }
    if json:
        as_json(told)
        return
    if not files:
        screen.print("The server has nothing to copy yet: it follows what you do by half a minute.")
        return
    rows, size = sum(f.rows for f in files), sum(f.bytes for f in files)
    screen.print(f"{done.fetched} files fetched ({done.bytes:,} bytes); the copy has {rows:,} rows in {size:,} bytes.")
    screen.print(str(where), style="dim", soft_wrap=True)


@app.command()
def forget(folder: Folder = None, server: Server = None, account: Email = None) -> None:
    """Remove the copy from this disk. The server keeps its own."""
    from goals.copies.syncing import forget as remove

    _, where = place(server, account, folder)
    remove(where)
    console().print(f"{where} is removed.", soft_wrap=True)
