"""The tutor's tools on standard input and output, for an MCP client that starts us as its child."""

from __future__ import annotations

import asyncio

from goals.cli.options import Email, Server, signed_in
from goals.client import Session
from shared.errors import GoalsError


class OfAccount:
    """The token of the account on this machine, renewed when it must be."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def token(self) -> str:
        return await asyncio.to_thread(self._session.access)

    async def renew(self, used: str) -> bool:
        try:
            await asyncio.to_thread(self._session.renew, used)
        except GoalsError:
            return False  # the refusal itself is told
        return True


def mcp(server: Server = None, account: Email = None) -> None:
    """Speak MCP on stdin and stdout, as the account signed in here (an MCP client starts it)."""
    from functions.mcp.door import Door
    from functions.mcp.server import create
    from shared.function.serve import quiet_logs

    quiet_logs()
    api = signed_in(server, account)
    tools = create(Door(api.server), OfAccount(api.session), None)
    asyncio.run(tools.run_stdio_async(show_banner=False, log_level="WARNING"))
