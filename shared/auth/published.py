"""The public keys as the API publishes them (RFC 7517): whoever checks tokens with these needs no key of ours."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import httpx
import jwt

from shared.auth.keys import Key
from shared.errors import Unavailable
from shared.near import near
from shared.refusals import say

PATH = "/.well-known/jwks.json"
LIFE = 300.0
"""Seconds after which they are asked for anew: a key that was taken away is refused from then on."""
APART = 5.0
"""Seconds between two questions at the least, whatever keys tokens name."""
LIMIT = 65_536
ALGORITHMS = ("EdDSA", "ES256")


class PublishedKeys:
    """`url`: of the API. Asked for at the first token, not before; where the API is away, those known go on to serve.
    Any thread may use it; blocks while it asks. `clock`: seconds that only grow."""

    def __init__(self, url: str, *, clock: Callable[[], float] = time.monotonic, timeout: float = 3.0) -> None:
        self._url, self._clock, self._timeout = url.rstrip("/") + PATH, clock, timeout
        self._keys: dict[str, Key] | None = None
        self._got = self._asked = float("-inf")
        self._lock = threading.Lock()

    def find(self, kid: str) -> Key | None:
        """Raises Unavailable until they were had once."""
        with self._lock:
            now = self._clock()
            wanted = self._keys is None or kid not in self._keys or now - self._got >= LIFE
            if wanted and now - self._asked >= APART:
                self._asked = now
                if (keys := self._fetch()) is not None:
                    self._keys, self._got = keys, now
            if self._keys is None:
                raise Unavailable(say("keys_away"))
            return self._keys.get(kid)

    def _fetch(self) -> dict[str, Key] | None:
        try:
            with (
                httpx.Client(timeout=self._timeout, trust_env=not near(self._url)) as client,
                client.stream("GET", self._url) as answer,
            ):
                answer.raise_for_status()
                body = b""
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > LIMIT:
                        return None
            found = jwt.PyJWKSet.from_json(body.decode())
        except (httpx.HTTPError, jwt.PyJWTError, ValueError, TypeError, AttributeError):
            return None
        keys = (Key(str(key.key_id), key.algorithm_name, None, key.key, {}) for key in found.keys)
        return {key.kid: key for key in keys if key.alg in ALGORITHMS}
