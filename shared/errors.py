"""The tree of errors. Each message says what happened, with which value, and what to do.

GoalsError
├── InvalidInput            the caller sent something that can never work   → 400/422, dead letter
│   ├── TooLarge            over a size limit                               → 413
│   ├── UnknownEventType    no such type or version in the catalogue        → 422
│   └── OtherProtocol       the websocket speaks another version            → 426
├── NotAuthenticated        no, wrong or expired credentials                → 401
│   └── AccountGone         the account was erased: what is kept of it elsewhere goes, too
├── NotAllowed              authenticated, and may not                      → 403
├── NotFound                no such thing (or not yours: never told apart)  → 404
├── Conflict                another writer was first, or the state forbids  → 409
│   └── WrongVersion        the stream is not at the expected version
├── TooManyRequests         a quota or rate limit is used up                → 429
└── Unavailable             a dependency is away: try again                 → 503
    ├── StoreUnavailable    PostgreSQL
    ├── BusUnavailable      broker
    │   └── Unroutable      the broker returned a mandatory message
    └── SandboxUnavailable  no sandbox mode works here: we refuse to run

What a learner may meet is said by a code (`refusals.toml`), so that it can be told in their language; the rest is for
operators, in English.
"""

from __future__ import annotations

from shared.refusals import Saying
from shared.spoken import Words


class GoalsError(Exception):
    """Base of every error this system raises on purpose."""

    status = 500
    title = "Internal error"

    def __init__(self, said: Saying | str, *, hint: str | None = None, **context: object) -> None:
        """`said`, `hint`: in English where they are texts."""
        self._said = said if isinstance(said, Saying) else None
        self.detail = said.detail("en") if isinstance(said, Saying) else said
        self.hint = said.hint("en") if isinstance(said, Saying) and hint is None else hint
        self.context = context
        super().__init__(self.detail)

    def told(self, language: Words) -> tuple[str, str | None, str | None]:
        """Detail, hint and remedy, in `language` as far as there are words for them."""
        if self._said is None:
            remedy = self.context.get("remedy")
            return self.detail, self.hint, str(remedy) if remedy is not None else None
        return self._said.detail(language), self._said.hint(language), self._said.remedy(language)


class InvalidInput(GoalsError):
    status = 422
    title = "Invalid input"


class TooLarge(InvalidInput):
    status = 413
    title = "Too large"


class UnknownEventType(InvalidInput):
    title = "Unknown event type"


class OtherProtocol(InvalidInput):
    """RFC 9110, 15.5.22: what is spoken instead stands in a header."""

    status = 426
    title = "Another protocol"


class NotAuthenticated(GoalsError):
    status = 401
    title = "Not authenticated"


class AccountGone(NotAuthenticated):
    title = "No such account any more"


class NotAllowed(GoalsError):
    status = 403
    title = "Not allowed"


class NotFound(GoalsError):
    status = 404
    title = "Not found"


class Conflict(GoalsError):
    status = 409
    title = "Conflict"


class WrongVersion(Conflict):
    title = "Wrong version"


class TooManyRequests(GoalsError):
    status = 429
    title = "Too many requests"


class Unavailable(GoalsError):
    status = 503
    title = "Unavailable"


class StoreUnavailable(Unavailable):
    title = "Store unavailable"


class BusUnavailable(Unavailable):
    title = "Broker unavailable"


class Unroutable(BusUnavailable):
    title = "No queue takes this message"


class SandboxUnavailable(Unavailable):
    title = "No sandbox here"
