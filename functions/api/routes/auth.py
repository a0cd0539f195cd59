"""Signing up, in and out; the keys others verify our tokens with."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from functions.api.ingest import zones
from functions.api.models.sign_in import (
    Credentials,
    DeviceApproval,
    DeviceCode,
    DeviceRequest,
    Jwks,
    RefreshToken,
    Registration,
    Renewal,
    TokenPair,
)
from functions.api.problems import documented
from functions.api.services import SOURCE, Caller, Here, Services
from shared.auth import accounts
from shared.auth.accounts import Account
from shared.errors import AccountGone, Conflict, InvalidInput, NotAuthenticated
from shared.events.catalogue.contracts import ContractSigned, Terms
from shared.events.catalogue.learners import EnrolmentStarted, LearnerRegistered
from shared.events.data import Data
from shared.events.record import NewEvent, new_event
from shared.ids import derived_id
from shared.refusals import say
from shared.store.connect import Connection

router = APIRouter(prefix="/v1/auth", tags=["sign-in"])
keys = APIRouter(tags=["sign-in"])
TRIAL = "trial"
INTERVAL = 5


async def address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


Address = Annotated[str, Depends(address)]


def _tokens(here: Services, conn: Connection, account: Account, refresh: str | None = None) -> TokenPair:
    access = here.tokens.issue(account.learner, account.roles, tenant=account.tenant, organisation=account.organisation)
    if refresh is None:
        refresh = accounts.issue_refresh(conn, account.learner, now=here.clock(), days=here.settings.refresh_days)
    life = int(here.tokens.life.total_seconds())
    return TokenPair(access_token=access, expires_in=life, refresh_token=refresh, learner=account.learner)


@router.post("/register", operation_id="register", status_code=201, responses=documented(409))
def register(here: Here, body: Registration, address: Address) -> TokenPair:
    """Signs up: an account, a trial contract, and enrolment in the courses named, or in those for newcomers."""
    account = sign_up(here, body, address)
    with here.connection() as conn:
        return _tokens(here, conn, account)


def sign_up(here: Services, body: Registration, address: str) -> Account:
    """Raises Conflict (there is such an account), InvalidInput, TooManyRequests."""
    email = accounts.normal(body.email)
    here.limits.sign_in(email, address)
    if body.timezone not in zones():
        raise InvalidInput(say("no_time_zone", timezone=body.timezone))
    encoded = here.passwords.hash(_plain(body.password.get_secret_value()))
    with here.connection() as conn, conn.transaction():
        account = accounts.open_account(conn, email, encoded, now=here.clock())
        outgoing = here.store.append_one(conn, _beginning(here, account, body)).outgoing
    here.committed(outgoing)
    return account


def _beginning(here: Services, account: Account, body: Registration) -> list[NewEvent]:
    now, learner = account.created, account.learner
    contract = derived_id("contract", learner, TRIAL)
    terms = Terms(starts=now, ends=now + timedelta(days=here.settings.trial_days), version=TRIAL)
    courses = here.curriculum.courses
    if unknown := sorted(set(body.courses or ()) - set(courses)):
        raise InvalidInput(say("no_such_courses", course=unknown[0], courses=", ".join(courses)))
    newcomers = [course.slug for course in courses.values() if course.newcomers]
    wanted = newcomers if body.courses is None else list(dict.fromkeys(body.courses))
    facts: list[Data] = [
        LearnerRegistered(name=body.name, language=body.language, timezone=body.timezone),
        ContractSigned(contract=contract, organisation=TRIAL, terms=terms),
        *(EnrolmentStarted(course=course, because="every newcomer may try it") for course in wanted),
    ]
    first = derived_id("registered", learner)
    return [
        new_event(
            fact,
            id=first if place == 0 else derived_id("registered", learner, place),
            source=SOURCE,
            subject=learner,
            time=now,
            correlation=first,
            causation=None if place == 0 else first,
            tenant=account.tenant,
            expected=0 if place == 0 else None,
        )
        for place, fact in enumerate(facts)
    ]


def _plain(password: str) -> str:
    try:
        password.encode()
    except UnicodeEncodeError:
        raise InvalidInput(say("password_not_unicode")) from None
    return password


@router.post("/token", operation_id="sign_in", responses=documented(401))
def token(here: Here, body: Credentials, address: Address) -> TokenPair:
    """Signs in with e-mail and password."""
    account = authenticate(here, body, address)
    with here.connection() as conn:
        return _tokens(here, conn, account)


def authenticate(here: Services, body: Credentials, address: str) -> Account:
    """Whose e-mail and password these are. Raises NotAuthenticated, TooManyRequests."""
    here.limits.sign_in(body.email, address)
    password = _plain(body.password.get_secret_value())
    with here.connection() as conn:
        account = accounts.by_email(conn, body.email) if "\x00" not in body.email else None
    # No connection is held while argon2 takes its time.
    if not here.passwords.matches(account.hash if account else None, password) or account is None:
        raise NotAuthenticated(say("wrong_password"))
    with here.connection() as conn:
        if here.passwords.outdated(account.hash):
            accounts.rehash(conn, account.learner, here.passwords.hash(password))
    return account


@router.post("/refresh", operation_id="refresh", responses=documented(401))
def refresh(here: Here, body: Renewal) -> TokenPair:
    """A new pair for a refresh token, which works once. One used twice ends its whole sign-in."""
    with here.connection() as conn:
        try:
            account, successor = accounts.rotate(
                conn, body.refresh_token, now=here.clock(), days=here.settings.refresh_days
            )
        except NotAuthenticated:
            _gone(here, conn, body.access_token)
            raise
        return _tokens(here, conn, account, successor)


def _gone(here: Services, conn: Connection, access: str | None) -> None:
    """Raises AccountGone where `access` is a token of ours and its account is no more."""
    learner = None
    if access is not None:
        with contextlib.suppress(NotAuthenticated):
            learner = here.tokens.signed(access).learner
    if learner is not None and accounts.of(conn, learner) is None:
        raise AccountGone(say("account_gone"))


@router.post("/logout", operation_id="sign_out", status_code=204, responses=documented())
def logout(here: Here, body: RefreshToken) -> Response:
    """Ends a sign-in. Its access token runs out by itself."""
    with here.connection() as conn:
        accounts.sign_out(conn, body.refresh_token, now=here.clock())
    return Response(status_code=204)


@router.post("/device", operation_id="device_begin", status_code=201, responses=documented())
def device(here: Here, address: Address) -> DeviceRequest:
    """Begins the sign-in of an editor (RFC 8628): the learner signs in on the page it names, or approves the code where
    they are signed in already."""
    here.limits.sign_in("device", address)
    with here.connection() as conn:
        code, user_code = accounts.ask_device(conn, now=here.clock())
    return DeviceRequest(
        device_code=code,
        user_code=user_code,
        verification_uri=f"{here.settings.public_url}/device",
        verification_uri_complete=f"{here.settings.public_url}/device?code={user_code}",
        expires_in=int(accounts.DEVICE_LIFE.total_seconds()),
        interval=INTERVAL,
    )


@router.post("/device/approve", operation_id="device_approve", status_code=204, responses=documented(401, 404))
def approve(here: Here, claims: Caller, body: DeviceApproval, address: Address) -> Response:
    """Lets the editor that shows this code in, as the caller."""
    here.limits.sign_in(claims.learner, address)
    with here.connection() as conn:
        accounts.approve_device(conn, claims.learner, body.user_code, now=here.clock())
    return Response(status_code=204)


@router.post("/device/token", operation_id="device_token", responses=documented(401, 409))
def device_token(here: Here, body: DeviceCode) -> TokenPair:
    """The tokens, once approved. Before: 409, ask again after `interval` seconds."""
    with here.connection() as conn, conn.transaction():
        account = accounts.take_device(conn, body.device_code, now=here.clock())
        if account is None:
            raise Conflict(say("code_not_approved", seconds=INTERVAL))
        return _tokens(here, conn, account)


@keys.get("/.well-known/jwks.json", operation_id="jwks", responses=documented())
def jwks(here: Here, response: Response) -> Jwks:
    """The public keys of access tokens (RFC 7517)."""
    response.headers["Cache-Control"] = "public, max-age=300"
    return Jwks.model_validate(here.ring.jwks())
