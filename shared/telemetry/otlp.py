"""The tracer on OpenTelemetry's SDK. Imported only where traces are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import (
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    TraceFlags,
    get_current_span,
    set_span_in_context,
    use_span,
)

from shared.telemetry.tracing import Value, ids_of

SECONDS = 5.0
"""For what is left at the end of the process."""

_root: ContextVar[tuple[int, int] | None] = ContextVar("root", default=None)


class _Ids(RandomIdGenerator):
    """Random, but for the root of an interaction."""

    def generate_trace_id(self) -> int:
        chosen = _root.get()
        return chosen[0] if chosen else super().generate_trace_id()

    def generate_span_id(self) -> int:
        chosen = _root.get()
        return chosen[1] if chosen else super().generate_span_id()


class OtlpTracer:
    def __init__(self, url: str, service: str) -> None:
        self._provider = TracerProvider(
            resource=Resource.create({"service.name": service, "service.namespace": "goals"}),
            id_generator=_Ids(),
            shutdown_on_exit=True,
        )
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url, timeout=SECONDS)))
        self._tracer = self._provider.get_tracer("goals")

    def span(
        self, name: str, correlation: str, *, root: bool = False, **attributes: Value
    ) -> AbstractContextManager[dict[str, Value]]:
        trace, parent = ids_of(correlation)
        if root:
            token = _root.set((trace, parent))
            try:
                made = self._tracer.start_span(name, Context(), kind=SpanKind.SERVER, attributes=attributes)
            finally:
                _root.reset(token)
            return _lasting(made)
        far = SpanContext(trace, parent, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
        context = set_span_in_context(NonRecordingSpan(far), Context())
        return _lasting(self._tracer.start_span(name, context, kind=SpanKind.CONSUMER, attributes=attributes))

    def within(self, name: str) -> AbstractContextManager[dict[str, Value]]:
        if not get_current_span().get_span_context().is_valid:
            return nullcontext({})
        return _lasting(self._tracer.start_span(name))

    def close(self) -> None:
        self._provider.shutdown()


@contextmanager
def _lasting(span: Span) -> Iterator[dict[str, Value]]:
    later: dict[str, Value] = {}
    with use_span(span, end_on_exit=True, record_exception=False):  # an error's text may quote a learner
        try:
            yield later
        finally:
            span.set_attributes(later)
