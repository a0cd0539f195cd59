"""Whose token goes to the API: over HTTP that of the request, verified as the API verifies it."""

from __future__ import annotations

from fastmcp.server.auth import AccessToken, TokenVerifier
from fastmcp.server.dependencies import get_access_token

from shared.auth.tokens import LEEWAY, Tokens
from shared.errors import NotAuthenticated

SCOPE = "learner"
"""The role without which no tool is for the caller; roles are told as scopes."""


class Verifier(TokenVerifier):
    """The API's own check of its JWTs (`shared.auth.tokens`): signature, issuer, audience, times."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__(required_scopes=[SCOPE])
        self._tokens = tokens

    async def verify_token(self, token: str) -> AccessToken | None:
        try:
            claims = self._tokens.verify(token)
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
            raise NotAuthenticated("this needs an access token", hint="Authorization: Bearer …")
        return found.token

    async def renew(self, used: str) -> bool:
        return False
