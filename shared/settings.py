"""Settings from the environment (`GOALS_…`): the same names in every function, in every deployment."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Lists are written as JSON: `GOALS_CORS_ORIGINS='["https://app.example.org"]'`.

    `bus_url`: None is the PostgreSQL queue in the same database. `redis_url`: None keeps hints and rate limits in
    this process. `runner_url`: None runs in this process. `keys_dir`: PEM files of the token keys; None generates
    them under `data_dir`, readable by this user alone (embedded and development only).
    """

    model_config = SettingsConfigDict(env_prefix="GOALS_", extra="ignore", frozen=True)

    database_url: str = Field(description="PostgreSQL, as a libpq URL or conninfo")
    bus_url: str | None = None
    redis_url: str | None = None
    runner_url: str | None = None
    public_url: str = Field(default="http://127.0.0.1:8080", description="where clients reach the API; token issuer")
    cors_origins: tuple[str, ...] = Field(default=(), description="web origins allowed to call and to open sockets")
    trusted_proxies: tuple[str, ...] = Field(
        default=(), description="addresses or networks of proxies whose X-Forwarded-For is believed"
    )
    data_dir: Path = Path(".goals")
    keys_dir: Path | None = None
    allow_unsandboxed: bool = Field(default=False, description="only on a loopback address, for its one user")
    token_minutes: int = Field(default=10, ge=1, le=60, description="life of an access token")
    refresh_days: int = Field(default=60, ge=1, le=365, description="life of a refresh token that is not used")
    trial_days: int = Field(default=30, ge=1, le=3_650, description="the contract a newcomer starts with")
    interaction_requests: int = Field(default=200, ge=1, description="of one learner in ten seconds, over HTTP")
    interaction_events: int = Field(default=5_000, ge=100, description="of one learner in ten seconds, over HTTP")
    database_connections: int = Field(default=8, ge=2, le=200)

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for each in given:
            ip_network(each)  # not `*`: whoever is believed whatever they say can forge their address
        return given


def environment() -> Settings:
    """The settings of this process. Raises pydantic's ValidationError naming what is missing."""
    return Settings()  # type: ignore[call-arg]  # the fields come from the environment
