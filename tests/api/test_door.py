"""Where the API listens, and whom it believes about a caller's address."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from functions.api.function import Api
from functions.api.serving import loopback, unsandboxed
from goals.launch.gateway import render
from goals.services import Envoy
from shared.auth.tokens import AUDIENCE
from shared.errors import InvalidInput
from shared.settings import Settings
from tests.api.conftest import Open, World

FORGED = "203.0.113.7"
NOBODY = {"email": "nobody@example.org", "password": "wrong wrong wrong"}


def settings(**told: object) -> Settings:
    return Settings.model_validate({"database_url": "postgresql://nowhere", **told})


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.1", "example.org", "", None])  # noqa: S104
def test_only_on_loopback_may_code_run_without_a_sandbox(address: str | None) -> None:
    with pytest.raises(InvalidInput, match="GOALS_ALLOW_UNSANDBOXED is for a server on a loopback address"):
        Api(settings(allow_unsandboxed=True), host=address)
    assert not unsandboxed(settings(), address)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_on_loopback_it_may_where_no_proxy_stands_in_front(address: str) -> None:
    assert loopback(address)
    assert unsandboxed(settings(allow_unsandboxed=True), address)
    assert not unsandboxed(settings(), address)
    with pytest.raises(InvalidInput, match="proxies in front"):
        unsandboxed(settings(allow_unsandboxed=True, trusted_proxies=["127.0.0.1"]), address)


def test_the_server_does_not_start_and_says_why_in_one_line() -> None:
    told = {"GOALS_DATABASE_URL": "postgresql://nowhere", "GOALS_ALLOW_UNSANDBOXED": "true", "HOST": "0.0.0.0"}  # noqa: S104
    ended = subprocess.run(
        [sys.executable, "-m", "functions.api"],
        env={**os.environ, **told},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("GOALS_ALLOW_UNSANDBOXED is for a server on a loopback address; this one listens on")
    assert "Traceback" not in ended.stderr


def test_whoever_would_be_believed_whatever_they_say_cannot_be_trusted() -> None:
    with pytest.raises(ValidationError):
        settings(trusted_proxies=["*"])
    assert settings(trusted_proxies=["10.0.0.0/8", "::1"]).trusted_proxies == ("10.0.0.0/8", "::1")


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[World], list[str]]:
    """Lists the addresses whose tries a world counts."""

    def listen(world: World) -> list[str]:
        here = world.api.services
        assert here is not None
        addresses: list[str] = []
        monkeypatch.setattr(here.limits, "sign_in", lambda _, address: addresses.append(address))
        return addresses

    return listen


def sign_in(url: str, *forwarded: str, own: str = "127.0.0.1") -> None:
    """`forwarded`: what the caller claims; `own`: the address it calls from."""
    headers = [("X-Forwarded-For", value) for value in forwarded]
    with httpx.Client(transport=httpx.HTTPTransport(local_address=own), timeout=30) as http:
        assert http.post(f"{url}/v1/auth/token", json=NOBODY, headers=headers).status_code == 401


def test_a_direct_caller_cannot_forge_its_address(world: World, counted: Callable[[World], list[str]]) -> None:
    addresses = counted(world)
    sign_in(world.url, FORGED)
    sign_in(world.url, FORGED, "127.0.0.1")
    assert addresses == ["127.0.0.1"] * 2


def test_a_trusted_proxy_is_believed_about_the_hop_before_it(
    open_world: Open, counted: Callable[[World], list[str]]
) -> None:
    world = open_world(trusted_proxies=("127.0.0.1",))
    addresses = counted(world)
    sign_in(world.url, f"{FORGED}, 198.51.100.4")
    sign_in(world.url)
    assert addresses == ["198.51.100.4", "127.0.0.1"]


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Callable[[World], str]]:
    """Puts the gateway in front of a world: its address."""
    gateways: list[Envoy] = []

    def put(world: World) -> str:
        here = world.api.services
        assert here is not None
        jwks, issuer = here.ring.jwks(), here.settings.public_url
        own = int(world.url.rpartition(":")[2])

        def configuration(port: int, admin: int) -> str:
            return render(port, admin, api_port=own, mcp_port=own, issuer=issuer, audience=AUDIENCE, jwks=jwks)

        gateways.append(Envoy(tmp_path / "envoy", configuration))
        return gateways[-1].start().url

    yield put
    for gateway in gateways:
        gateway.stop()


def test_behind_the_gateway_the_real_address_counts(
    open_world: Open, counted: Callable[[World], list[str]], behind: Callable[[World], str]
) -> None:
    world = open_world(trusted_proxies=("127.0.0.1",))
    addresses, url = counted(world), behind(world)
    sign_in(url)
    sign_in(url, FORGED)
    sign_in(url, FORGED, "127.0.0.1")
    sign_in(url, FORGED, own="127.0.0.2")
    assert addresses == ["127.0.0.1"] * 3 + ["127.0.0.2"]


def test_behind_the_gateway_a_page_of_a_listed_origin_is_told_that_it_may_ask(
    open_world: Open, behind: Callable[[World], str]
) -> None:
    url = behind(open_world(cors_origins=("https://app.example.org",)))
    with httpx.Client(timeout=30) as http:
        for origin, allowed in (("https://app.example.org", True), ("https://evil.example.org", False)):
            head = {"origin": origin, "access-control-request-method": "POST"}
            answer = http.options(f"{url}/v1/interactions", headers=head)
            assert ("access-control-allow-origin" in answer.headers) is allowed
            assert answer.status_code == (200 if allowed else 400)
