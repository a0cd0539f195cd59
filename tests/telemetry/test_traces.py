"""One interaction is one trace, whoever works on it and in whatever order; off, it costs nothing."""

from __future__ import annotations

import gzip
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from shared.errors import InvalidInput
from shared.models import Asker
from shared.telemetry import start_tracing, tracer
from shared.telemetry.tracing import ids_of
from tests.api.conftest import Open, event, open_world  # noqa: F401  a fixture
from tests.models.conftest import Make, make, server  # noqa: F401  fixtures
from tests.models.questions import ANA, INPUTS, prompt
from tests.models.questions import Said as Words
from tests.models.server import ModelServer, says

ROOT = Path(__file__).resolve().parents[2]


class Collector:
    """Takes what exporters send over OTLP, and can be asked for it."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if self.headers.get("content-encoding") == "gzip":
                    body = gzip.decompress(body)
                for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                    for scope in resource.scope_spans:
                        collector.spans += scope.spans
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/v1/traces"


@pytest.fixture
def collector() -> Iterator[Collector]:
    found = Collector()
    yield found
    found.server.shutdown()
    found.server.server_close()


def told(span: Any) -> dict[str, Any]:
    return {a.key: getattr(a.value, a.value.WhichOneof("value")) for a in span.attributes}


def test_spans_of_an_interaction_find_their_trace_by_its_correlation_alone(collector: Collector) -> None:
    stop = start_tracing(collector.url, "test")
    with tracer().span("feedback node.feedback", "c-1", function="feedback") as later:
        later["said"] = True
    with tracer().span("run", "c-1", root=True):
        pass
    with tracer().span("run", "c-2", root=True):
        pass
    stop()
    by = {span.name + span.trace_id.hex(): span for span in collector.spans}
    trace, root = ids_of("c-1")
    child = by["feedback node.feedback" + trace.to_bytes(16).hex()]
    parent = by["run" + trace.to_bytes(16).hex()]
    assert int.from_bytes(parent.span_id) == root
    assert child.parent_span_id == parent.span_id
    assert parent.parent_span_id == b""
    assert told(child) == {"function": "feedback", "said": True}
    assert len({span.trace_id for span in collector.spans}) == 2


def test_the_api_begins_the_trace_of_each_interaction_and_run(
    open_world: Open,  # noqa: F811
    collector: Collector,
) -> None:
    world = open_world()
    learner = world.learner()
    goal = world.goal(learner.id)
    stop = start_tracing(collector.url, "api")
    sent = event("goal.opened", {"goal": goal})
    learner.send(sent)
    learner.post(f"/v1/goals/{goal}/runs", {"id": "r-1", "code": "secret = 'words of mine'\n"})
    stop()
    roots = {span.name: span for span in collector.spans if not span.parent_span_id}
    assert set(roots) == {"goal.opened", "run"}
    stored = learner.get("/v1/events").json()["events"]
    correlations = {e["type"]: e["correlationid"] for e in stored}
    for name, type_ in (("goal.opened", "goals.goal.opened"), ("run", "goals.run.finished")):
        assert int.from_bytes(roots[name].trace_id) == ids_of(correlations[type_])[0]
    assert told(roots["run"]) == {"purpose": "run", "language": "python"}
    assert "words of mine" not in str(collector.spans)


def test_a_question_to_a_model_is_a_part_of_the_span_it_is_asked_in(
    collector: Collector,
    server: ModelServer,  # noqa: F811
    make: Make,  # noqa: F811
) -> None:
    server.always(says({"text": "Look at line 3."}))
    model, who = make(), Asker("ana")
    stop = start_tracing(collector.url, "test")
    from tests.graph.conftest import START

    model.ask(prompt(), INPUTS, Words, who=ANA, now=START)
    with tracer().span("feedback node.feedback", "c-1"):
        model.ask(prompt(), {**INPUTS}, Words, who=who, now=START)
    stop()
    (outer,) = [span for span in collector.spans if span.name == "feedback node.feedback"]
    (inner,) = [span for span in collector.spans if span.name.startswith("model ")]
    assert inner.parent_span_id == outer.span_id
    assert told(inner)["outcome"] in ("answered", "cached")


def test_a_collector_that_is_away_stops_nothing(open_world: Open) -> None:  # noqa: F811
    world = open_world()
    stop = start_tracing("http://127.0.0.1:9/v1/traces", "api")
    learner = world.learner()
    assert learner.get("/v1/goals").status_code == 200
    stop()


def test_what_is_no_address_is_said() -> None:
    with pytest.raises(InvalidInput, match="is no web address"):
        start_tracing("collector:4318", "api")


def test_without_a_collector_the_tracer_is_not_imported() -> None:
    code = (
        "import sys; from shared.function.serve import measure; import functions.access.function; "
        "measure('127.0.0.1', 'access'); sys.exit('shared.telemetry.otlp' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={}, check=True)
