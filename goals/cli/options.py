"""Options that many commands take, and the client they lead to."""

from __future__ import annotations

import atexit
from pathlib import Path
from typing import Annotated

import typer

from goals.client import Account, Accounts, Api, Stored, Transport
from goals.client.accounts import SERVER, normal

Server = Annotated[
    str | None, typer.Option("--server", envvar="GOALS_SERVER", help="The server's address.", show_default=False)
]
Email = Annotated[
    str | None, typer.Option("--account", envvar="GOALS_ACCOUNT", help="The account's e-mail.", show_default=False)
]
Keys = Annotated[
    Path | None,
    typer.Option("--keys", envvar="GOALS_KEYS_DIR", help="A folder with the key that signs a system's tokens."),
]
Json = Annotated[bool, typer.Option("--json", help="The server's answer as JSON.")]


def signed_in(server: str | None, email: str | None) -> Api:
    """The API as the chosen account. Raises NotSignedIn."""
    accounts = Accounts()
    account = accounts.choose(normal(server) if server else None, email)
    transport = opened(account.server)
    return Api(transport, Stored(transport, accounts, account))


def opened(server: str, *, patience: float = 3.0) -> Transport:
    """A way to the server, closed when the command ends."""
    transport = Transport(server, patience=patience)
    atexit.register(transport.close)
    return transport


def where(server: str | None) -> str:
    """The server named, or that of the present account, or the one on this machine."""
    if server:
        return normal(server)
    known = Accounts().all()
    return known[0].server if known else SERVER


def keep(account: Account) -> None:
    Accounts().keep(account)
