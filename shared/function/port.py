"""What every function is.

Source of the life cycle: knative/func, Python template (handle, start, stop, alive, ready).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Reply:
    """`status`: 204 done or a duplicate; 503 try again; 422 this can never work. `problem`: RFC 9457, where not 2xx."""

    status: int = 204
    problem: dict[str, Any] | None = None

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


class Function(Protocol):
    """`handle` may be called from several threads at once; it never raises."""

    name: str

    def start(self) -> None: ...

    def stop(self) -> None:
        """Takes nothing more, finishes what it has, closes."""
        ...

    def alive(self) -> bool: ...

    def ready(self) -> bool: ...

    def handle(self, body: bytes, content_type: str) -> Reply: ...
