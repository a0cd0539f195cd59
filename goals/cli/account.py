"""Signing up, in and out; saying who one is; taking one's data home."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from goals.cli import week
from goals.cli.asking import agree, ask
from goals.cli.options import Email, Server, keep, opened, signed_in, where
from goals.cli.screen import console
from goals.cli.stating import restated
from goals.client import Accounts
from goals.client.session import account_of, sign_in
from goals.client.session import register as sign_up
from shared.errors import InvalidInput
from shared.spoken import of_environment

Mail = Annotated[str | None, typer.Option("--email", help="Asked for where it is not given.")]
LEVELS = ("new", "beginner", "intermediate", "advanced")


def zone_here() -> str:
    """This machine's time zone by its IANA name; UTC where it does not say."""
    named = os.environ.get("TZ", "").lstrip(":")
    if "/" in named:
        return named
    target = os.path.realpath("/etc/localtime")
    name = target.partition("zoneinfo/")[2]
    return name if "/" in name else "UTC"


def _password(*, twice: bool) -> str:
    """Hidden; from GOALS_PASSWORD where there is nobody to ask."""
    given = os.environ.get("GOALS_PASSWORD")
    option = "GOALS_PASSWORD in the environment"
    return given or str(ask("Password", option=option, hide_input=True, confirmation_prompt=twice))


def register(
    server: Server = None,
    email: Mail = None,
    name: Annotated[str | None, typer.Option(help="How you want to be called.")] = None,
    language: Annotated[str | None, typer.Option(help="en or es.")] = None,
    timezone: Annotated[str | None, typer.Option(help="IANA name; this machine's by default.")] = None,
    course: Annotated[list[str] | None, typer.Option(help="A course to be in; those for newcomers by default.")] = None,
) -> None:
    """Sign up on a server, and stay signed in here."""
    address = where(server)
    email = email or ask("E-mail", option="--email")
    name = name or ask("Name", option="--name")
    language = language or of_environment(os.environ)
    password = _password(twice=True)
    transport = opened(address)
    fields: dict[str, str | list[str]] = {"email": email, "password": password, "name": name, "language": language}
    if course:
        fields["courses"] = course
    pair = sign_up(transport, **fields, timezone=timezone or zone_here())
    keep(account_of(address, email, pair, time.time()))
    console().print(f"Welcome, {name}. Next: [bold]goals profile[/] says what you want to learn.")


def login(server: Server = None, email: Mail = None) -> None:
    """Sign in. Several servers and accounts may be signed in at once; the last one is used."""
    address = where(server)
    email = email or ask("E-mail", option="--email")
    pair = sign_in(opened(address), email, _password(twice=False))
    keep(account_of(address, email, pair, time.time()))
    console().print(f"Signed in at {address} as {email}.")


def logout(server: Server = None, account: Email = None) -> None:
    """End the sign-in of this machine."""
    accounts = Accounts()
    chosen = accounts.choose(where(server) if server else None, account)
    body = {"refresh_token": chosen.refresh}
    opened(chosen.server).send("POST", "/v1/auth/logout", body=body)
    accounts.forget(chosen)
    console().print(f"Signed out at {chosen.server} as {chosen.email}.")


def profile(
    target: Annotated[str | None, typer.Option(help="What you want to be able to do.")] = None,
    level: Annotated[str | None, typer.Option(help=", ".join(LEVELS))] = None,
    minutes: Annotated[int | None, typer.Option(help="A day, 5 to 480.")] = None,
    language: Annotated[str | None, typer.Option(help="en or es.")] = None,
    timezone: Annotated[str | None, typer.Option(help="IANA name.")] = None,
    days: Annotated[
        str | None, typer.Option(metavar="mon,tue,…", help="Weekdays you learn on; `all` for every day.")
    ] = None,
    minutes_on: Annotated[
        list[str] | None, typer.Option(metavar="DAY=MINUTES", help="A weekday with more or fewer; may be repeated.")
    ] = None,
    job: Annotated[str | None, typer.Option(help="What you do.")] = None,
    consent_mood: Annotated[bool | None, typer.Option(help="May we ask how it went?")] = None,
    consent_workspace: Annotated[
        bool | None, typer.Option(help="May the plan know which languages and packages you work with?")
    ] = None,
    server: Server = None,
    account: Email = None,
) -> None:
    """Say what you want to learn; the first goals follow. What is not given stays, or is asked for the first time."""
    api = signed_in(server, account)
    me = api.me()
    first = me["level"] is None
    if first:
        if target is None:
            target = ask("What do you want to be able to do?", option="--target", default="", show_default=False)
        level = level or ask(f"Level ({', '.join(LEVELS)})", option="--level", default="beginner")
        minutes = minutes or ask("Minutes a day", option="--minutes", default=30, type=int)
        consent_mood = consent_mood if consent_mood is not None else agree("May we ask how it went?")
    if level is not None and level not in LEVELS:
        raise InvalidInput(f"there is no level {level!r}", hint=f"one of {', '.join(LEVELS)}")
    said = restated(
        me,
        target=target,
        level=level,
        minutes=minutes,
        language=language,
        timezone=timezone,
        days_off=None if days is None else week.days_off(days),
        minutes_on={**me["minutes_on"], **week.minutes_on(minutes_on or [])},
        consent_mood=consent_mood,
        consent_workspace=consent_workspace,
        job=job,
    )
    api.record([said])
    console().print("Noted. [bold]goals today[/] shows what is planned, in a moment.")


def export(
    file: Annotated[Path, typer.Argument(help="Where to write it.")],
    xapi: Annotated[bool, typer.Option("--xapi", help="The learning record alone, as xAPI statements.")] = False,
    server: Server = None,
    account: Email = None,
) -> None:
    """Everything the server holds about you, as one JSON file."""
    import json

    if file.exists():
        raise InvalidInput(f"{file} is there already", hint="name another file")
    api = signed_in(server, account)
    data: Any = api.learning_record() if xapi else api.export()
    file.touch(mode=0o600, exist_ok=False)
    with file.open("w", encoding="utf-8") as out:
        json.dump(data, out, ensure_ascii=False, indent=1)
    console().print(f"{file}: " + (f"{len(data)} statements." if xapi else f"{len(data['events'])} events."))
