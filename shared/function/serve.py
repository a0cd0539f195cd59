"""The command line of a function's container: `python -m functions.<name>` listens on `PORT` (default 8080).

SIGTERM: uvicorn stops taking connections, the lifespan's shutdown finishes and closes.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable

import structlog

from shared.errors import InvalidInput
from shared.function.asgi import FunctionApp
from shared.function.port import Function
from shared.telemetry import start, start_tracing

SWITCH_SECONDS = 0.0005
"""How long one thread may keep the interpreter while others wait (Python's default is 0.005). Threads that talk to the
database wake for microseconds, several times a transaction, beside an event loop that is busy."""


def quiet_logs() -> None:
    """JSON lines on standard error; levels below GOALS_LOG_LEVEL (default warning) are not even made."""
    level = logging.getLevelNamesMapping().get(os.environ.get("GOALS_LOG_LEVEL", "WARNING").upper(), logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def measure(host: str, service: str) -> None:
    """Figures for Prometheus, if GOALS_METRICS_PORT names a port; traces, if GOALS_TRACES_URL names a collector. Ends
    the process where these cannot be had."""
    port = os.environ.get("GOALS_METRICS_PORT", "")
    try:
        if port and not (port.isascii() and port.isdecimal() and 0 < int(port) < 65_536):
            raise InvalidInput(f"GOALS_METRICS_PORT {port[:20]!r} is no port", hint="a number from 1 to 65535, or none")
        start(int(port) if port else None, host)
        start_tracing(os.environ.get("GOALS_TRACES_URL") or None, service)
    except InvalidInput as error:
        sys.exit(f"{error.detail}; {error.hint}")


def serve(new: Callable[[], Function]) -> None:
    """Runs until SIGTERM or SIGINT."""
    import uvicorn

    quiet_logs()
    sys.setswitchinterval(SWITCH_SECONDS)
    host = os.environ.get("HOST", "0.0.0.0")  # noqa: S104  a container's port is its only door
    measure(host, os.environ.get("K_SERVICE") or getattr(new, "__module__", "function").split(".")[-2])
    uvicorn.run(
        FunctionApp(new),
        host=host,
        port=int(os.environ.get("PORT", "8080")),
        log_level="warning",
        lifespan="on",
        timeout_graceful_shutdown=20,
        ws="none",
    )
