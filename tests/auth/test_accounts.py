"""Accounts, refresh tokens, device codes, limits: against a real database and a real Redis."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from shared.auth import accounts
from shared.auth.accounts import Account
from shared.auth.limits import Limits
from shared.auth.passwords import Passwords
from shared.errors import Conflict, InvalidInput, NotAuthenticated, NotFound, TooManyRequests
from shared.store import connect
from shared.store.connect import Connection

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
FAST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def conn(database: str) -> Iterator[Connection]:
    with connect(database) as connection:
        yield connection


@pytest.fixture
def ada(conn: Connection) -> Account:
    return accounts.open_account(conn, "Ada@Example.org", "encoded", now=NOW)


def test_an_email_has_one_account_whatever_its_case(conn: Connection, ada: Account) -> None:
    with pytest.raises(Conflict):
        accounts.open_account(conn, "ADA@example.ORG ", "encoded", now=NOW)
    assert accounts.by_email(conn, "aDa@example.org") == ada


@pytest.mark.parametrize("email", ["", "ada", "@x.org", "a@", "a b@x.org", "a@x..org", "a@x\x00.org", f"a@{'x' * 300}"])
def test_what_is_no_email_is_refused(email: str) -> None:
    with pytest.raises(InvalidInput):
        accounts.normal(email)


def test_a_refresh_token_works_once_and_gives_the_next(conn: Connection, ada: Account) -> None:
    first = accounts.issue_refresh(conn, ada.learner, now=NOW, days=60)
    account, second = accounts.rotate(conn, first, now=NOW, days=60)
    assert account == ada
    assert accounts.rotate(conn, second, now=NOW, days=60)[0] == ada


def test_a_replayed_refresh_token_ends_its_family_and_no_other(conn: Connection, ada: Account) -> None:
    stolen = accounts.issue_refresh(conn, ada.learner, now=NOW, days=60)
    elsewhere = accounts.issue_refresh(conn, ada.learner, now=NOW, days=60)
    _, current = accounts.rotate(conn, stolen, now=NOW, days=60)
    with pytest.raises(NotAuthenticated, match="used before"):
        accounts.rotate(conn, stolen, now=NOW, days=60)
    with pytest.raises(NotAuthenticated):
        accounts.rotate(conn, current, now=NOW, days=60)
    assert accounts.rotate(conn, elsewhere, now=NOW, days=60)[0] == ada


def test_two_at_once_cannot_both_use_a_refresh_token(database: str, conn: Connection, ada: Account) -> None:
    token = accounts.issue_refresh(conn, ada.learner, now=NOW, days=60)
    outcomes: list[str] = []

    def use() -> None:
        with connect(database) as own:
            try:
                accounts.rotate(own, token, now=NOW, days=60)
                outcomes.append("used")
            except NotAuthenticated:
                outcomes.append("refused")

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 3 + ["used"]


def test_a_refresh_token_expires(conn: Connection, ada: Account) -> None:
    token = accounts.issue_refresh(conn, ada.learner, now=NOW, days=60)
    with pytest.raises(NotAuthenticated):
        accounts.rotate(conn, token, now=NOW + timedelta(days=61), days=60)


def test_signing_out_ends_the_family(conn: Connection, ada: Account) -> None:
    token = accounts.issue_refresh(conn, ada.learner, now=NOW, days=60)
    accounts.sign_out(conn, token, now=NOW)
    accounts.sign_out(conn, "never seen", now=NOW)
    with pytest.raises(NotAuthenticated):
        accounts.rotate(conn, token, now=NOW, days=60)


def test_the_database_holds_no_token(conn: Connection, ada: Account) -> None:
    token = accounts.issue_refresh(conn, ada.learner, now=NOW, days=60)
    device, _ = accounts.ask_device(conn, now=NOW)
    held = conn.execute(
        "SELECT refresh_tokens::text FROM refresh_tokens UNION ALL SELECT device_codes::text FROM device_codes"
    )
    text = str(held.fetchall())
    assert token not in text
    assert device not in text


def test_a_device_gets_in_once_somebody_approved_it(conn: Connection, ada: Account) -> None:
    device, code = accounts.ask_device(conn, now=NOW)
    assert accounts.take_device(conn, device, now=NOW) is None
    accounts.approve_device(conn, ada.learner, code.lower().replace("-", " "), now=NOW)
    assert accounts.take_device(conn, device, now=NOW) == ada
    with pytest.raises(NotAuthenticated):
        accounts.take_device(conn, device, now=NOW)


def test_a_device_code_is_approved_by_one_and_runs_out(conn: Connection, ada: Account) -> None:
    device, code = accounts.ask_device(conn, now=NOW)
    late = NOW + accounts.DEVICE_LIFE
    with pytest.raises(NotFound):
        accounts.approve_device(conn, ada.learner, code, now=late)
    with pytest.raises(NotAuthenticated):
        accounts.take_device(conn, device, now=late)
    accounts.approve_device(conn, ada.learner, code, now=NOW)
    with pytest.raises(NotFound):
        accounts.approve_device(conn, ada.learner, code, now=NOW)


def test_roles_are_granted_by_name(conn: Connection, ada: Account) -> None:
    accounts.grant(conn, ada.email, ["organisation", "learner"], organisation="acme")
    granted = accounts.of(conn, ada.learner)
    assert granted is not None
    assert (granted.roles, granted.organisation) == (["learner", "organisation"], "acme")
    with pytest.raises(InvalidInput):
        accounts.grant(conn, ada.email, ["root"])
    with pytest.raises(InvalidInput):
        accounts.grant(conn, ada.email, ["organisation"])
    with pytest.raises(NotFound):
        accounts.grant(conn, "nobody@example.org", ["operator"])


def test_a_closed_account_takes_its_tokens_along(conn: Connection, ada: Account) -> None:
    token = accounts.issue_refresh(conn, ada.learner, now=NOW, days=60)
    accounts.close(conn, ada.learner)
    with pytest.raises(NotAuthenticated):
        accounts.rotate(conn, token, now=NOW, days=60)


def test_passwords_fit_or_not_and_nobody_never_fits() -> None:
    passwords = Passwords(FAST)
    encoded = passwords.hash("correct horse")
    assert passwords.matches(encoded, "correct horse")
    assert not passwords.matches(encoded, "wrong horse")
    assert not passwords.matches(None, "the password of nobody")
    assert not passwords.matches("not a hash", "x")
    assert Passwords().outdated(encoded)


@pytest.mark.parametrize("kind", ["memory", "redis", "away"])
def test_tries_are_limited_for_each_account_and_address(kind: str, request: pytest.FixtureRequest) -> None:
    url = {"memory": None, "away": "redis://127.0.0.1:9"}.get(kind)
    limits = Limits(request.getfixturevalue("redis_url") if kind == "redis" else url)
    for _ in range(10):
        limits.sign_in("ada@example.org", "192.0.2.1")
    with pytest.raises(TooManyRequests):
        limits.sign_in("Ada@example.org", "192.0.2.1")
    limits.sign_in("ada@example.org", "192.0.2.2")
    limits.sign_in("bob@example.org", "192.0.2.1")
