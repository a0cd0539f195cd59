"""What operators see of the running system: figures for Prometheus, traces for a collector; off unless asked for.

`meter()` is what code reports to; it does nothing until `start` was called with a port. The library is imported then
and not before: a function that is not measured starts as fast as ever. Labels never hold a learner, a text or an id.
"""

from shared.telemetry.meter import Gauge, Meter, meter, start
from shared.telemetry.tracing import start_tracing, tracer

__all__ = ["Gauge", "Meter", "meter", "start", "start_tracing", "tracer"]
