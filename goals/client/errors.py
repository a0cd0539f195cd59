"""What can go wrong between a client and the server. Each says what happened and what to do.

GoalsError (shared/errors.py)
├── Answered            the server answered with a problem (RFC 9457)
│   └── NotSignedIn     401, or no account is kept here
└── Unreachable         no answer: the server is not there, or the way to it is cut
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.errors import GoalsError, Unavailable


class Answered(GoalsError):
    """`problem`: as the server sent it; `status` its HTTP status."""

    title = "The server refused"

    def __init__(self, problem: Mapping[str, Any]) -> None:
        super().__init__(
            str(problem.get("detail") or problem.get("title") or "the server refused"), hint=_hint(problem)
        )
        self.problem = dict(problem)
        self.status = int(problem.get("status", 500))

    @property
    def kind(self) -> str:
        """The last word of the problem's type: `not-found`, `conflict`…"""
        return str(self.problem.get("type", "")).rpartition(":")[2]


def _hint(problem: Mapping[str, Any]) -> str | None:
    hint = problem.get("remedy") or problem.get("hint")
    return str(hint) if hint else None


class NotSignedIn(Answered):
    title = "Not signed in"

    def __init__(self, detail: str, *, hint: str = "goals login") -> None:
        super().__init__({"status": 401, "detail": detail, "hint": hint, "type": "urn:goals:problem:not-authenticated"})


class Unreachable(Unavailable):
    title = "Server not reachable"

    def __init__(self, server: str, why: str) -> None:
        super().__init__(
            f"no answer from {server} ({why})",
            hint="is it running? `goals up` starts one here, `--server URL` names another",
        )
        self.server = server


def answered(status: int, body: object) -> Answered:
    """The error a response stands for. `body`: its JSON; None where it is none (a proxy's own page)."""
    problem = dict(body) if isinstance(body, Mapping) else {"detail": f"the server answered {status} without a reason"}
    problem["status"] = status
    if status == 401:
        error = NotSignedIn(str(problem.get("detail") or "the server wants you to sign in"))
        error.problem = problem
        return error
    return Answered(problem)
