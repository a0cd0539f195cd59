"""Whose token goes to the API: over HTTP that of the request, verified as the API verifies it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from fastmcp.server.auth import AccessToken, TokenVerifier
from fastmcp.server.dependencies import get_access_token
from starlette.middleware import Middleware

from shared.auth.tokens import LEEWAY, TokenCheck
from shared.errors import NotAuthenticated
from shared.refusals import say

SCOPE = "learner"
"""The role without which no tool is for the caller; roles are told as scopes."""


class Verifier(TokenVerifier):
    """The API's own check of its JWTs (`shared.auth.tokens`): signature, issuer, audience, times."""

    def __init__(self, tokens: TokenCheck, *, before: Sequence[Middleware] = ()) -> None:
        """`before`: what a request passes before its token is looked at."""
        super().__init__(required_scopes=[SCOPE])
        self._tokens, self._before = tokens, before

    def get_middleware(self) -> list[Any]:
        return [*self._before, *super().get_middleware()]

    async def verify_token(self, token: str) -> AccessToken | None:
        """Raises Unavailable, which is no refusal."""
        try:
            claims = await asyncio.to_thread(self._tokens.verify, token)  # it may have to ask for the keys
        except NotAuthenticated:
            return None
        return AccessToken(
            token=token,
            client_id=claims.learner,
            scopes=sorted(claims.roles),
            expires_at=int((claims.expires + LEEWAY).timestamp()),
            subject=claims.learner,
        )


class OfRequest:
    """The token that came with the request being answered."""

    async def token(self) -> str:
        found = get_access_token()
        if found is None:
            raise NotAuthenticated(say("token_needed"))
        return found.token

    async def renew(self, used: str) -> bool:
        return False
