"""Signing up, in and out: what is sent and answered."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from functions.api.models.base import AnyPassword, Email, Model, Password, Token, example
from shared.events.catalogue.interactions import Language


class Registration(Model):
    model_config = example(
        {
            "email": "ada@example.org",
            "password": "correct horse battery",
            "name": "Ada",
            "language": "en",
            "timezone": "Europe/Madrid",
        }
    )

    email: Email
    password: Password
    name: Annotated[str, Field(min_length=1, max_length=120)]
    language: Language = "en"
    timezone: Annotated[str, Field(max_length=64, description="IANA name")] = "UTC"
    courses: Annotated[
        list[Annotated[str, Field(max_length=60)]] | None,
        Field(max_length=50, description="courses to be enrolled in; without it those for newcomers"),
    ] = None


class Credentials(Model):
    model_config = example({"email": "ada@example.org", "password": "correct horse battery"})

    email: Email
    password: AnyPassword


class RefreshToken(Model):
    refresh_token: Token


class Renewal(RefreshToken):
    """`access_token`: the one it came with, which may have expired: an account that was erased is then told from a
    sign-in that has ended."""

    access_token: Annotated[str, Field(max_length=4_096)] | None = None


class TokenPair(Model):
    """`expires_in`: seconds. The refresh token works once and gives the next; used twice it ends the sign-in."""

    model_config = example(
        {
            "access_token": "eyJhbGciOiJFZERTQSIsImtpZCI6Ii4uLiJ9.e30.c2ln",
            "token_type": "Bearer",
            "expires_in": 600,
            "refresh_token": "Vt0m2Z8kq1cW3Zk0Jb0S",
            "learner": "0193a5c8-7f10-7cc0-8d3e-0242ac120002",
        }
    )

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  not a secret
    expires_in: int
    refresh_token: str
    learner: str


class DeviceRequest(Model):
    """RFC 8628. Show `user_code` and `verification_uri`, or open `verification_uri_complete`; ask for the token every
    `interval` seconds."""

    device_code: str
    user_code: str
    verification_uri: str
    verification_uri_complete: str
    expires_in: int
    interval: int


class DeviceApproval(Model):
    model_config = example({"user_code": "BCDF-GHJK"})

    user_code: Annotated[str, Field(min_length=8, max_length=16)]


class DeviceCode(Model):
    device_code: Token


class Jwks(Model):
    keys: list[dict[str, str]]
