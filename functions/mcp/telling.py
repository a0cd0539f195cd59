"""Our errors as a client's model reads them: what happened and what would help."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fastmcp.exceptions import FastMCPError, ToolError

from functions.mcp.door import Refused
from shared.errors import GoalsError


@contextmanager
def telling(kind: type[FastMCPError] = ToolError) -> Iterator[None]:
    """`kind`: FastMCP's class whose words reach the client; other errors are masked."""
    try:
        yield
    except Refused as error:
        raise kind(error.sentence) from error
    except GoalsError as error:
        raise kind(" ".join(filter(None, (f"{error.title}: {error.detail}.", error.hint)))) from error
