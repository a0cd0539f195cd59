"""The public keys as another function has them: from the API, when a token needs them, and no oftener."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from shared.auth.keys import load
from shared.auth.published import APART, LIFE, LIMIT, PATH, PublishedKeys
from shared.auth.tokens import TokenCheck, Tokens
from shared.clock import utc_now
from shared.errors import NotAuthenticated, Unavailable

ISSUER = "https://goals.test"


class Published:
    """Stands for the API: tells `body` at the keys' address."""

    def __init__(self) -> None:
        published = self
        self.asked = 0
        self.status, self.body = 200, b"{}"

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                published.asked += 1
                self.send_response(published.status if self.path == PATH else 404)
                self.end_headers()
                self.wfile.write(published.body)

            def log_message(self, *_: object) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"


@pytest.fixture
def api() -> Iterator[Published]:
    published = Published()
    thread = threading.Thread(target=published.server.serve_forever)
    thread.start()
    yield published
    published.server.shutdown()
    published.server.server_close()
    thread.join(10)


class Time:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def token(folder: Path) -> str:
    return Tokens(load(folder, create=True), issuer=ISSUER, clock=utc_now).issue("ada", ["learner"], tenant="t")


def publish(api: Published, folder: Path) -> None:
    api.body = json.dumps(load(folder).jwks()).encode()


def test_a_token_is_checked_without_a_key_of_ours(api: Published, tmp_path: Path) -> None:
    good, bad = token(tmp_path / "a"), token(tmp_path / "b")
    publish(api, tmp_path / "a")
    check = TokenCheck(PublishedKeys(api.url), issuer=ISSUER, clock=utc_now)
    assert api.asked == 0
    assert check.verify(good).learner == "ada"
    with pytest.raises(NotAuthenticated, match="do not know"):
        check.verify(bad)
    assert api.asked == 1, "no token makes it ask again at once"


def test_a_new_key_is_found_and_one_taken_away_is_refused_in_its_time(api: Published, tmp_path: Path) -> None:
    time = Time()
    keys = PublishedKeys(api.url, clock=time)
    [old], [new] = (load(tmp_path / name, create=True).keys for name in "ab")
    publish(api, tmp_path / "a")
    assert keys.find(old) and not keys.find(new)
    publish(api, tmp_path / "b")
    time.now += APART
    assert keys.find(old), "known, and not old enough to ask"
    assert keys.find(new), "unknown: asked"
    assert not keys.find(old)
    api.status = 500
    time.now += LIFE
    assert keys.find(new), "those known go on to serve"
    assert api.asked == 3


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (503, b""),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"keys": 3}'),
        (200, b'{"keys": [3]}'),
        (200, b'{"keys": []}'),
        (200, b"\xff"),
        (200, b" " * (LIMIT + 1)),
    ],
)
def test_nonsense_is_no_key(api: Published, status: int, body: bytes) -> None:
    api.status, api.body = status, body
    with pytest.raises(Unavailable, match="cannot be had"):
        PublishedKeys(api.url).find("a")


def test_keys_of_other_kinds_check_nothing(api: Published, tmp_path: Path) -> None:
    """A secret published by mistake, as HMAC would have it, is not what a token of ours is checked with."""
    ours = load(tmp_path / "a", create=True).jwks()["keys"]
    api.body = json.dumps({"keys": [*ours, {"kty": "oct", "kid": "shared", "k": "c2VjcmV0", "alg": "HS256"}]}).encode()
    keys = PublishedKeys(api.url)
    assert keys.find(ours[0]["kid"])
    assert keys.find("shared") is None
