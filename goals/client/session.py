"""Tokens that renew themselves. A refresh token works once and used twice ends the sign-in (RFC 9700, 4.14.2): it is
sent once, and by one process at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from goals.client.accounts import Account, Accounts
from goals.client.errors import Answered, NotSignedIn
from goals.client.transport import Transport

EARLY = 30.0
"""Seconds before its end at which an access token is renewed."""
Now = Callable[[], float]


class Session(Protocol):
    def access(self) -> str:
        """A token that holds. Raises NotSignedIn, Unreachable."""
        ...

    def renew(self, used: str) -> None:
        """The server refused `used`: get another. Raises NotSignedIn, Unreachable."""
        ...


def account_of(server: str, email: str, pair: dict[str, Any], now: float) -> Account:
    """From what the server gives at sign-in."""
    return Account(
        server=server,
        email=email.strip().lower(),
        learner=str(pair["learner"]),
        access=str(pair["access_token"]),
        refresh=str(pair["refresh_token"]),
        expires=now + float(pair["expires_in"]),
    )


def register(transport: Transport, **fields: str | list[str]) -> dict[str, Any]:
    """Signs up: `email`, `password`, `name`, `language`, `timezone`, where wanted `courses`. Gives the tokens. Raises
    Answered (409: taken)."""
    pair: dict[str, Any] = transport.send("POST", "/v1/auth/register", body=fields)
    return pair


def sign_in(transport: Transport, email: str, password: str) -> dict[str, Any]:
    pair: dict[str, Any] = transport.send("POST", "/v1/auth/token", body={"email": email, "password": password})
    return pair


def refreshed(transport: Transport, token: str, access: str) -> dict[str, Any]:
    """Sent once and not again: were the answer lost, a second try would end the sign-in. By `access` the server tells
    an account that was erased from a sign-in that has ended."""
    body = {"refresh_token": token, "access_token": access}
    pair: dict[str, Any] = transport.send("POST", "/v1/auth/refresh", body=body, patience=0)
    return pair


@dataclass
class Fixed:
    """A token from elsewhere, for example an operator's."""

    token: str

    def access(self) -> str:
        return self.token

    def renew(self, used: str) -> None:
        raise NotSignedIn("this token is not taken (any more)", hint="`goals token` makes another")


@dataclass
class Stored:
    """An account of the file."""

    transport: Transport
    accounts: Accounts
    account: Account
    now: Now = time.time

    def access(self) -> str:
        if self.now() > self.account.expires - EARLY:
            self.renew(self.account.access)
        return self.account.access

    def renew(self, used: str) -> None:
        with self.accounts.locked():
            kept = self.accounts.choose(self.account.server, self.account.email)
            if kept.access not in (used, self.account.access):  # another command was first
                self.account = kept
                return
            try:
                pair = refreshed(self.transport, kept.refresh, kept.access)
            except NotSignedIn as error:
                ended = NotSignedIn(f"the sign-in of {kept.email} has ended: {error.detail}")
                ended.problem["type"] = error.problem.get("type", "")
                raise ended from error
            self.account = account_of(kept.server, kept.email, pair, self.now())
            self.accounts.keep(self.account, present=False)


@dataclass
class Password:
    """Someone who can sign in again whenever they must (the demo's learner). Nothing is written anywhere."""

    transport: Transport
    email: str
    password: str
    now: Now = time.time
    account: Account | None = field(default=None)

    def access(self) -> str:
        if self.account is None or self.now() > self.account.expires - EARLY:
            self._sign_in()
        assert self.account is not None  # noqa: S101
        return self.account.access

    def renew(self, used: str) -> None:
        if self.account is not None and self.account.access != used:
            return
        self._sign_in()

    def _sign_in(self) -> None:
        try:
            pair = sign_in(self.transport, self.email, self.password)
        except Answered:
            self.account = None
            raise
        self.account = account_of(self.transport.server, self.email, pair, self.now())

    def forget(self) -> None:
        """As if the token had run out."""
        if self.account is not None:
            self.account = replace(self.account, expires=0.0)
