"""Accounts and refresh tokens in the database. All functions run in the caller's connection."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from shared.auth.tokens import ROLES
from shared.errors import Conflict, InvalidInput, NotAuthenticated, NotFound
from shared.ids import new_id
from shared.refusals import say
from shared.store.connect import Connection
from shared.store.queries import load

SQL = load(Path(__file__).with_name("queries.sql"))
EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f.]+(\.[^@\s\x00-\x1f\x7f.]+)*")
EMAIL_LIMIT = 254
DEVICE_LIFE = timedelta(minutes=15)
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""RFC 8628, section 6.1: no vowels (no words by accident), no digits that look like letters."""


@dataclass(frozen=True, slots=True)
class Account:
    learner: str
    email: str
    hash: str
    roles: list[str]
    organisation: str | None
    tenant: str
    created: datetime


def normal(email: str) -> str:
    """The e-mail as it is kept. Raises InvalidInput."""
    kept = email.strip().lower()
    if len(kept) > EMAIL_LIMIT or not EMAIL.fullmatch(kept):
        raise InvalidInput(say("not_an_email"))
    return kept


def open_account(
    conn: Connection,
    email: str,
    encoded: str,
    *,
    now: datetime,
    tenant: str = "public",
) -> Account:
    """`encoded`: the password's hash. Raises Conflict where the e-mail has an account already."""
    account = Account(new_id(), normal(email), encoded, ["learner"], None, tenant, now)
    row = conn.execute(
        SQL["open_account"], [account.learner, account.email, encoded, account.roles, None, tenant, now]
    ).fetchone()
    if row is None:
        raise Conflict(say("email_taken"))
    return account


def by_email(conn: Connection, email: str) -> Account | None:
    row = conn.execute(SQL["account_by_email"], [email.strip().lower()]).fetchone()
    return Account(*row) if row else None


def of(conn: Connection, learner: str) -> Account | None:
    row = conn.execute(SQL["account"], [learner]).fetchone()
    return Account(*row) if row else None


def rehash(conn: Connection, learner: str, encoded: str) -> None:
    conn.execute(SQL["rehash"], [encoded, learner])


def grant(conn: Connection, email: str, roles: Sequence[str], *, organisation: str | None = None) -> str:
    """Sets the roles of an account; gives its learner. Raises InvalidInput, NotFound."""
    unknown = set(roles).difference(ROLES)
    if unknown:
        raise InvalidInput(say("no_such_role", role=min(unknown), roles=", ".join(ROLES)))
    if "organisation" in roles and not organisation:
        raise InvalidInput(say("role_without_organisation"))
    row = conn.execute(SQL["grant"], [sorted(set(roles)), organisation, email.strip().lower()]).fetchone()
    if row is None:
        raise NotFound(say("no_account_with_email"))
    return str(row[0])


def close(conn: Connection, learner: str) -> None:
    """Deletes the account; its refresh tokens and device codes go with it."""
    conn.execute(SQL["close_account"], [learner])


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()


def issue_refresh(conn: Connection, learner: str, *, now: datetime, days: int, family: str | None = None) -> str:
    """A new refresh token; without `family` it begins one (a sign-in)."""
    token = secrets.token_urlsafe(32)
    expires = now + timedelta(days=days)
    conn.execute(SQL["refresh_issue"], [_digest(token), family or new_id(), learner, now, expires])
    return token


def rotate(conn: Connection, token: str, *, now: datetime, days: int) -> tuple[Account, str]:
    """Takes a refresh token and gives its successor, exactly once (RFC 9700, section 4.14.2).

    One that was used before, by whomever, ends its whole family: thief and owner must both sign in again.
    Raises NotAuthenticated.
    """
    with conn.transaction():
        conn.execute(SQL["refresh_family"], [_digest(token)])  # one at a time in a family: an end misses no successor
        row = conn.execute(SQL["refresh_rotate"], {"now": now, "hash": _digest(token)}).fetchone()
        account = of(conn, row[1]) if row else None
        if row and account:
            conn.execute(SQL["refresh_forget"], [account.learner, now])
            return account, issue_refresh(conn, account.learner, now=now, days=days, family=str(row[0]))
    if _end_family(conn, token, now=now, only_if_used=True):
        raise NotAuthenticated(say("refresh_used"))
    raise NotAuthenticated(say("refresh_unknown"))


def sign_out(conn: Connection, token: str, *, now: datetime) -> None:
    """Ends the token's family. A token that is not known is no error: it is signed out."""
    _end_family(conn, token, now=now, only_if_used=False)


def _end_family(conn: Connection, token: str, *, now: datetime, only_if_used: bool) -> bool:
    """Whether it did. Under the family's lock: a rotation in flight is over, and its successor is seen."""
    with conn.transaction():
        conn.execute(SQL["refresh_family"], [_digest(token)])
        used = conn.execute(SQL["refresh_used"], [_digest(token)]).fetchone()
        if not used or (only_if_used and not used[1]):
            return False
        conn.execute(SQL["refresh_revoke"], [now, used[0]])
    return True


def ask_device(conn: Connection, *, now: datetime) -> tuple[str, str]:
    """(device code, which the editor keeps; user code, which the learner types where they are signed in)."""
    device = secrets.token_urlsafe(32)
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    code = f"{letters[:4]}-{letters[4:]}"
    conn.execute(SQL["device_forget"], [now - timedelta(hours=1)])
    conn.execute(SQL["device_ask"], [_digest(device), code, now + DEVICE_LIFE])
    return device, code


def approve_device(conn: Connection, learner: str, code: str, *, now: datetime) -> None:
    """Raises NotFound."""
    letters = "".join(c for c in code.upper() if c.isalpha())
    row = conn.execute(SQL["device_approve"], [learner, f"{letters[:4]}-{letters[4:]}", now]).fetchone()
    if row is None:
        raise NotFound(say("code_unknown"))


def take_device(conn: Connection, device: str, *, now: datetime) -> Account | None:
    """The account that approved it, once; None while nobody has. Raises NotAuthenticated when it has run out."""
    row = conn.execute(SQL["device_take"], [_digest(device), now]).fetchone()
    if row:
        return of(conn, row[0])
    state = conn.execute(SQL["device_state"], [_digest(device)]).fetchone()
    if state is None or state[1] <= now:
        raise NotAuthenticated(say("device_code_unknown"))
    return None
