"""Our errors as a client's model reads them: what happened and what would help."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fastmcp.exceptions import FastMCPError, ToolError

from functions.mcp.door import Refused
from functions.mcp.speaking import spoken
from shared.errors import GoalsError
from shared.http import problem_of


@contextmanager
def telling(kind: type[FastMCPError] = ToolError) -> Iterator[None]:
    """`kind`: FastMCP's class whose words reach the client; other errors are masked."""
    try:
        yield
    except Refused as error:
        raise kind(error.sentence) from error
    except GoalsError as error:
        problem = problem_of(error, language=spoken())
        what = f"{problem['title']}: {problem['detail'].rstrip('.')}."
        raise kind(" ".join(filter(None, (what, problem.get("hint"))))) from error
