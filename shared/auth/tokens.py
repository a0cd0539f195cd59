"""Access tokens: short-lived JWTs, signed with an asymmetric key, checked without a look-up.

Only the algorithm that belongs to the key is taken (RFC 8725, section 3.1): neither `none` nor an HMAC made with our
public key gets through, because the header's `alg` is never what decides.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import jwt

from shared.auth.keys import KeyRing, Keys
from shared.clock import Clock
from shared.errors import NotAuthenticated
from shared.ids import new_id
from shared.refusals import say

ROLES = ("learner", "author", "organisation", "operator")
LEEWAY = timedelta(seconds=60)
LONGEST = 4_096
AUDIENCE = "goals"
_REQUIRED = ["iss", "aud", "sub", "exp", "iat", "jti"]


@dataclass(frozen=True, slots=True)
class Claims:
    """Who is calling. `organisation`: whose terms this account may state, if any."""

    learner: str
    roles: frozenset[str]
    tenant: str
    organisation: str | None
    issued: datetime
    expires: datetime
    id: str


class TokenCheck:
    """Verifies. The `remember` tokens used last are known by their digest, so that their signature (100 µs) is not
    checked again; their times are, each time."""

    def __init__(self, keys: Keys, *, issuer: str, clock: Clock, remember: int = 4_096) -> None:
        self._keys = keys
        self._issuer = issuer
        self._clock = clock
        self._remember = remember
        self._known: OrderedDict[bytes, Claims] = OrderedDict()
        self._lock = threading.Lock()

    def verify(self, token: str) -> Claims:
        """Raises NotAuthenticated, saying why; Unavailable where the keys are."""
        if len(token) > LONGEST:
            raise NotAuthenticated(say("token_too_long"))
        digest = sha256(token.encode("utf-8", "surrogatepass")).digest()
        with self._lock:
            claims = self._known.get(digest)
            if claims is not None:
                self._known.move_to_end(digest)
        if claims is None:
            claims = self._read(token)
            with self._lock:
                self._known[digest] = claims
                if len(self._known) > self._remember:
                    self._known.popitem(last=False)
        now = self._clock()
        if now >= claims.expires + LEEWAY:
            raise NotAuthenticated(say("token_expired"))
        if claims.issued > now + LEEWAY:
            raise NotAuthenticated(say("token_from_future"))
        return claims

    def signed(self, token: str) -> Claims:
        """Whose token it is or was, whatever the time. Raises NotAuthenticated where it is none of ours."""
        if len(token) > LONGEST:
            raise NotAuthenticated(say("token_too_long"))
        return self._read(token)

    def _read(self, token: str) -> Claims:
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            key = self._keys.find(kid) if isinstance(kid, str) else None
            if key is None:
                raise NotAuthenticated(say("token_of_unknown_key"))
            body = jwt.decode(
                token,
                key.public,
                algorithms=[key.alg],
                issuer=self._issuer,
                audience=AUDIENCE,
                # The times are checked by `verify`, against our own clock.
                options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
            return _claims(body)
        except (jwt.PyJWTError, ValueError, KeyError, TypeError, OverflowError) as error:
            raise NotAuthenticated(say("token_not_valid", why=str(error)[:200])) from error


class Tokens(TokenCheck):
    """Issues too. `life`: of the tokens issued."""

    def __init__(
        self,
        ring: KeyRing,
        *,
        issuer: str,
        clock: Clock,
        life: timedelta = timedelta(minutes=10),
        remember: int = 4_096,
    ) -> None:
        super().__init__(ring, issuer=issuer, clock=clock, remember=remember)
        self._signing = ring.signing
        self.life = life

    def issue(self, learner: str, roles: Sequence[str], *, tenant: str, organisation: str | None = None) -> str:
        now = self._clock()
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "sub": learner,
            "iat": int(now.timestamp()),
            "exp": int((now + self.life).timestamp()),
            "jti": new_id(),
            "roles": list(roles),
            "tenant": tenant,
        }
        if organisation is not None:
            claims["org"] = organisation
        key = self._signing
        return jwt.encode(claims, key.private, algorithm=key.alg, headers={"kid": key.kid})


def _claims(body: dict[str, Any]) -> Claims:
    roles, organisation = body["roles"], body.get("org")
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise ValueError("roles is not a list of words")
    if not isinstance(body["tenant"], str) or not isinstance(organisation, str | None):
        raise ValueError("tenant or org is not a word")
    return Claims(
        learner=body["sub"],
        roles=frozenset(roles).intersection(ROLES),
        tenant=body["tenant"],
        organisation=organisation,
        issued=datetime.fromtimestamp(body["iat"], UTC),
        expires=datetime.fromtimestamp(body["exp"], UTC),
        id=body["jti"],
    )
