"""The system on this machine, for its operator: how to reach its parts, and tokens signed with its own key."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from shared.errors import InvalidInput, NotFound, Unavailable

if TYPE_CHECKING:
    from shared.settings import Settings

OPERATOR = "local-operator"
"""The `sub` of tokens signed here: no learner, so it owns nothing."""


def parts(data: Path) -> Settings:
    """How to reach database and bus of the system whose data are in `data`, while it runs; the environment
    (`GOALS_DATABASE_URL`…) where it names them. Raises Unavailable."""
    import os

    from shared.settings import Settings, environment

    if os.environ.get("GOALS_DATABASE_URL"):
        return environment()
    from goals.launch.lake import running
    from goals.services import Postgres, RabbitMQ

    database = _running(data, "postgres", Postgres)
    if database is None:
        raise Unavailable(f"no system runs on {data}", hint="`goals up` starts it; --data names another folder")
    bus = _running(data, "rabbitmq", RabbitMQ)
    settings = Settings(database_url=database, bus_url=bus, data_dir=data)
    lake = running(data)
    return settings if lake is None else settings.model_copy(update={**lake})


def _running(data: Path, name: str, kind: type) -> str | None:
    for record in data.rglob(f"{name}/server.json"):
        info = kind(record.parent).running()
        if info is not None:
            return str(info.url)
    return None


def signed(keys: Path, issuer: str, role: str, *, organisation: str | None = None, minutes: int = 10) -> str:
    """An access token with the last key in the folder `keys`. `issuer`: the server's public address.

    Whoever may read that key may do anything there already. Raises InvalidInput, NotFound.
    """
    from shared.auth.keys import load
    from shared.auth.tokens import ROLES, Tokens
    from shared.clock import utc_now

    if role not in ROLES:
        raise InvalidInput(f"there is no role {role!r}", hint=f"one of {', '.join(ROLES)}")
    if role == "organisation" and not organisation:
        raise InvalidInput("the role organisation needs the organisation it speaks for", hint="--organisation NAME")
    if not keys.is_dir():
        raise NotFound(
            f"{keys} is not there",
            hint="start the system once with `goals up`, or name its --data or --keys",
        )
    tokens = Tokens(load(keys), issuer=issuer, clock=utc_now, life=timedelta(minutes=minutes))
    return tokens.issue(OPERATOR, [role], tenant="public", organisation=organisation)
