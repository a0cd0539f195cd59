"""Settings from the environment (`GOALS_…`): the same names in every function, in every deployment."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Allowance(BaseModel):
    """Of a language model, in one UTC day. `money`: US dollars. None: no bound."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tokens: int | None = Field(default=None, ge=0)
    money: float | None = Field(default=None, ge=0, allow_inf_nan=False)

    @property
    def micros(self) -> int | None:
        return None if self.money is None else round(self.money * 1_000_000)


class Allowances(BaseModel):
    """By whom: one learner, all on one contract, all of one tenant."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    learner: Allowance = Allowance(tokens=200_000, money=0.25)
    contract: Allowance = Allowance(tokens=2_000_000, money=2.50)
    tenant: Allowance = Allowance(tokens=20_000_000, money=25.0)


class Settings(BaseSettings):
    """Lists are written as JSON: `GOALS_CORS_ORIGINS='["https://app.example.org"]'`.

    `bus_url`: None is the PostgreSQL queue in the same database. `redis_url`: None keeps hints and rate limits in
    this process. `runner_url`: None runs in this process. `api_url`: where other
    functions reach the API; None is `public_url`. `keys_dir`: PEM files of the token keys; None generates
    them under `data_dir`, readable by this user alone (embedded and development only). `model_…`: docs/models.md;
    neither key nor address: no language model, and the rules answer everything. `lake_…`: docs/lake.md.
    """

    model_config = SettingsConfigDict(env_prefix="GOALS_", extra="ignore", frozen=True)

    database_url: str = Field(description="PostgreSQL, as a libpq URL or conninfo")
    bus_url: str | None = None
    redis_url: str | None = None
    runner_url: str | None = None
    api_url: str | None = None
    public_url: str = Field(default="http://127.0.0.1:8080", description="where clients reach the API; token issuer")
    cors_origins: tuple[str, ...] = Field(default=(), description="web origins allowed to call and to open sockets")
    internal_hosts: tuple[str, ...] = Field(
        default=(), description="names that a gateway puts in place of the public one, besides which `mcp` takes none"
    )
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
    model_key: SecretStr | None = Field(default=None, description="of the language model's API")
    model_key_file: Path | None = Field(default=None, description="the same in a file, which is safer: it goes first")
    model_url: str | None = Field(default=None, description="any server that speaks OpenAI's API; ends with /v1")
    model_name: str = Field(default="gpt-4.1-mini", min_length=1, max_length=100)
    model_effort: Literal["none", "minimal", "low", "medium", "high"] | None = Field(
        default=None, description="for models that think before they answer; others turn it down"
    )
    model_thinking: int = Field(default=0, ge=0, le=32_000, description="tokens of an answer besides its text")
    model_prices: Path | None = Field(default=None, description="TOML instead of shared/models/prices.toml")
    model_budgets: Allowances = Field(default=Allowances(), description="of a UTC day")
    model_calls: int = Field(default=16, ge=1, le=1_000, description="at a time, of one process")
    database_connections: int = Field(default=8, ge=2, le=200)
    lake_url: str | None = Field(default=None, description="s3://bucket?endpoint=http://host:port; none: a folder")
    lake_access_key: str | None = None
    lake_secret_key: SecretStr | None = None
    lake_secret_key_file: Path | None = Field(default=None, description="the same in a file, which is safer")
    lake_retention: dict[str, int] = Field(default_factory=dict, description="family → days in the lake")
    lake_linger: float = Field(default=30.0, ge=0, le=3_600, description="seconds few events wait to become one file")

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for each in given:
            if not ip_network(each).prefixlen:  # nor `*`: whoever is believed whatever they say can forge their address
                raise ValueError(f"{each} is everybody: a proxy is believed, callers are not")
        return given

    @field_validator("cors_origins")
    @classmethod
    def _origins(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for each in given:
            scheme, _, host = each.partition("://")
            if scheme not in ("http", "https") or not host or set(host) & set("*/?#@ "):
                raise ValueError(f"{each!r} is no origin: https://app.example.org, or with a port")
        return given


def environment() -> Settings:
    """The settings of this process. Raises pydantic's ValidationError naming what is missing."""
    return Settings()  # type: ignore[call-arg]  # the fields come from the environment
