"""One trace for each interaction, over all functions it wakes, sent to a collector over OTLP; off unless asked for.

Nothing has to be carried along: every event and command of an interaction has its correlation id, and the trace's id
and its root's id follow from that (SHA-256, cut; W3C Trace Context asks for 16 and 8 random bytes). So a span is put
into its trace by whoever makes it, also after a crash, and in whatever order they arrive.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from hashlib import sha256
from typing import Protocol

from shared.errors import InvalidInput

Value = str | int | float | bool


class Tracer(Protocol):
    def span(
        self, name: str, correlation: str, *, root: bool = False, **attributes: Value
    ) -> AbstractContextManager[dict[str, Value]]:
        """Lasts as long as the block; what is put into the mapping becomes attributes. `root`: the interaction itself,
        once. Attributes never hold a learner's text."""
        ...

    def within(self, name: str) -> AbstractContextManager[dict[str, Value]]:
        """A part of the span that this thread is in; nothing where it is in none."""
        ...


class NoTracer:
    def span(
        self, name: str, correlation: str, *, root: bool = False, **attributes: Value
    ) -> AbstractContextManager[dict[str, Value]]:
        return nullcontext({})

    def within(self, name: str) -> AbstractContextManager[dict[str, Value]]:
        return nullcontext({})


_tracer: Tracer = NoTracer()


def tracer() -> Tracer:
    """Of this process."""
    return _tracer


def ids_of(correlation: str) -> tuple[int, int]:
    """Of the trace, and of its root span. Never 0, which means none."""
    digest = sha256(correlation.encode()).digest()
    return int.from_bytes(digest[:16]) or 1, int.from_bytes(digest[16:24]) or 1


def start_tracing(url: str | None, service: str) -> Callable[[], None]:
    """Sends spans to the collector at `url` (OTLP over HTTP, ends with /v1/traces) from now on, if there is one; gives
    what flushes and ends it. Raises InvalidInput where the address is none, or the extra `traces` is not installed."""
    global _tracer
    if url is None:
        return lambda: None
    if not url.startswith(("http://", "https://")):
        raise InvalidInput(f"GOALS_TRACES_URL {url[:100]!r} is no web address", hint="http://collector:4318/v1/traces")
    try:
        from shared.telemetry.otlp import OtlpTracer
    except ImportError as error:
        raise InvalidInput(
            f"traces need what is not installed ({error.name})", hint="install the extra: traces"
        ) from None
    made = OtlpTracer(url, service)
    _tracer = made

    def stop() -> None:
        global _tracer
        _tracer = NoTracer()
        made.close()

    return stop
