"""What every delivery holds, whichever bus it came from. How it is finished is the bus's own."""

from __future__ import annotations


class Held:
    __slots__ = ("_attempt", "_body", "_key")

    def __init__(self, key: str, body: bytes, attempt: int) -> None:
        self._key = key
        self._body = body
        self._attempt = attempt

    @property
    def body(self) -> bytes:
        return self._body

    @property
    def key(self) -> str:
        return self._key

    @property
    def attempt(self) -> int:
        return self._attempt
