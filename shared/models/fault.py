"""How a call went wrong, in our words: neither a server's message nor a key ever gets into a Fault."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from shared.models.answer import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

CODES = frozenset(
    [
        "invalid_api_key",
        "insufficient_quota",
        "billing_hard_limit_reached",
        "model_not_found",
        "model_not_available",
        "rate_limit_exceeded",
        "context_length_exceeded",
        "unsupported_parameter",
        "unsupported_value",
        "invalid_request_error",
    ]
)
"""Error codes that are told: any other word of a server's may quote something."""
LONGEST_REST = 600.0
"""Seconds: a server that asks for more is asked again after this."""
HOPELESS_REST = 300.0
"""Seconds of rest after a key, a model name or an account was turned down: somebody has to mend that."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server told them. `cached`: of the `input`, those it had seen before (they cost less)."""

    input: int = 0
    cached: int = 0
    output: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.input + other.input, self.cached + other.cached, self.output + other.output)


class Fault(Exception):
    """`again`: a repeat may help. `after`: seconds the server asks to wait. `billed`: it may have been charged for;
    by `usage` where that was told. `rest`: leave the endpoint alone for so long at once. `mute`: this way of speaking
    may be unknown to the server."""

    def __init__(
        self,
        reason: Reason,
        detail: str,
        *,
        again: bool = False,
        after: float | None = None,
        billed: bool = False,
        usage: Usage | None = None,
        rest: float | None = None,
        mute: bool = False,
    ) -> None:
        super().__init__(detail)
        self.reason: Reason = reason
        self.detail = detail
        self.again, self.after, self.billed, self.usage = again, after, billed, usage
        self.rest, self.mute = rest, mute


def plainer(fault: Fault, earlier: Fault | None) -> Fault:
    """Of two attempts' faults: an endpoint that rests does so because of what happened before."""
    return earlier if earlier is not None and fault.reason == "resting" else fault


def of_status(status: int, code: object, headers: Mapping[str, str], now: datetime) -> Fault:
    """Of an HTTP status that is not 2xx. `code`: the error's code in the body, whatever is there."""
    word = code if isinstance(code, str) and code in CODES else ""
    detail = f"the server answered {status} {word}".rstrip()
    after = retry_after(headers, now)
    match status:
        case 429 if word in {"insufficient_quota", "billing_hard_limit_reached"}:
            return Fault("not_accepted", detail, rest=HOPELESS_REST)
        case 429:
            return Fault("rate_limited", detail, again=True, after=after)
        case 408 | 409:
            return Fault("server_error", detail, again=True, after=after)
        case _ if status >= 500:
            return Fault("server_error", detail, again=status != 501, after=after, mute=status == 501)
        case 401 | 403:
            return Fault("not_accepted", f"{detail}: check the key", rest=HOPELESS_REST)
        case 404 if word in {"model_not_found", "model_not_available"}:
            return Fault("not_accepted", f"{detail}: check the model's name", rest=HOPELESS_REST)
        case 400 | 404 | 405 | 415 | 422:
            return Fault("not_accepted", detail, mute=True)
        case _:
            return Fault("not_accepted", detail)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds, from `retry-after-ms` or `Retry-After` as seconds or as a date (RFC 9110, section 10.2.3); None where
    there is none or it cannot be read."""
    millis, text = headers.get("retry-after-ms", ""), headers.get("retry-after", "").strip()
    try:
        if millis:
            seconds = float(millis) / 1_000
        elif text and text[0].isdigit():
            seconds = float(text)
        elif text:
            then = parsedate_to_datetime(text)
            seconds = ((then if then.tzinfo else then.replace(tzinfo=UTC)) - now).total_seconds()
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_REST) if seconds == seconds else None
