"""Passwords: argon2id with the parameters OWASP recommends (19 MiB, 2 passes, 1 lane; cheat sheet of 2024)."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 10, 200
"""Characters. Length is the only rule (NIST SP 800-63B, section 3.1.1.2)."""


class Passwords:
    """Hashing is slow on purpose: at most `at_once` run together, so that sign-ins cannot starve everything else."""

    def __init__(self, hasher: PasswordHasher | None = None, *, at_once: int = 2) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._turns = threading.BoundedSemaphore(at_once)
        self._nobody = self._hasher.hash("the password of nobody")

    def hash(self, password: str) -> str:
        with self._turns:
            return self._hasher.hash(password)

    def matches(self, encoded: str | None, password: str) -> bool:
        """Whether `password` fits. An unknown account (None) costs the same time as a known one and never fits."""
        with self._turns:
            try:
                fits = self._hasher.verify(encoded or self._nobody, password)
            except (VerificationError, InvalidHashError):
                return False
        return fits and encoded is not None

    def outdated(self, encoded: str) -> bool:
        return self._hasher.check_needs_rehash(encoded)
