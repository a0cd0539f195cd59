"""A server of ours that speaks a model's wire protocol, and breaks it on demand.

It answers POST /v1/responses and /v1/chat/completions, plain and streamed, as OpenAI's API reference describes them,
and is as strict about requests. What it says is planned by the test: `server.plan(...)` for the next requests in turn,
`server.always(...)` for all others. Real sockets, real HTTP/1.1, real server-sent events.

    with ModelServer() as server:
        server.always(says({"text": "Look at line 3."}))
        model = open_model(Settings(..., model_url=server.url, model_key="test"))
"""

from __future__ import annotations

import contextlib
import json
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

TURNED_DOWN = {"minLength", "maxLength", "pattern", "format", "minimum", "maximum", "minItems", "maxItems", "default"}
"""Keywords that strict mode has answered with 400."""
USAGE = (100, 20, 30)
"""Input, of it cached, output: tokens that every proper answer reports."""


@dataclass(frozen=True)
class Received:
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def system(self) -> str:
        return str(
            self.body["instructions"] if self.path.endswith("/responses") else self.body["messages"][0]["content"]
        )

    @property
    def request(self) -> str:
        return str(self.body["input"] if self.path.endswith("/responses") else self.body["messages"][1]["content"])


class Exchange:
    """One request and the means to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, received: Received) -> None:
        self._handler, self.received = handler, received
        self.streamed = bool(received.body.get("stream"))
        self.responses = received.path.endswith("/responses")

    def send(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._head(status, {"content-type": "application/json", "content-length": str(len(raw))} | dict(headers or {}))
        self._handler.wfile.write(raw)

    def text(self, text: str, *, usage: bool = True) -> None:
        """A proper answer with this text, in the form that was asked for."""
        if self.streamed:
            self.events(self.stream_of(text))
        else:
            self.send(200, self.whole(text, usage=usage))

    def whole(self, text: str, *, usage: bool = True, **more: Any) -> dict[str, Any]:
        sent, cached, written = USAGE
        if self.responses:
            content = more.pop("content", [{"type": "output_text", "text": text, "annotations": []}])
            message = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": content}
            told: Any = {
                "input_tokens": sent, "input_tokens_details": {"cached_tokens": cached},
                "output_tokens": written, "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": sent + written,
            }  # fmt: skip
            return {
                "id": "resp_1", "object": "response", "created_at": 1_790_000_000, "model": self.received.body["model"],
                "status": "completed", "error": None, "incomplete_details": None, "instructions": None, "metadata": {},
                "output": [message], "parallel_tool_calls": True, "tool_choice": "auto", "tools": [],
                "usage": told if usage else None, **more,
            }  # fmt: skip
        told = {
            "prompt_tokens": sent, "completion_tokens": written, "total_tokens": sent + written,
            "prompt_tokens_details": {"cached_tokens": cached},
        }  # fmt: skip
        choice = {"index": 0, "finish_reason": "stop", "logprobs": None,
                  "message": {"role": "assistant", "content": text, "refusal": None}}  # fmt: skip
        choice.update(more)
        return {"id": "chatcmpl_1", "object": "chat.completion", "created": 1_790_000_000,
                "model": self.received.body["model"], "choices": [choice],
                **({"usage": told} if usage else {})}  # fmt: skip

    def stream_of(self, text: str, size: int = 7) -> list[dict[str, Any]]:
        """The events of a proper stream, the text in pieces of `size` characters."""
        pieces = [text[i : i + size] for i in range(0, len(text), size)]
        if self.responses:
            events: list[dict[str, Any]] = [
                {"type": "response.created", "response": self.whole("", status="in_progress", output=[], usage=False)}
            ]
            events += [
                {
                    "type": "response.output_text.delta",
                    "item_id": "msg_1",
                    "output_index": 0,
                    "content_index": 0,
                    "delta": p,
                    "logprobs": [],
                }
                for p in pieces
            ]
            events.append({"type": "response.completed", "response": self.whole(text)})
            return [{**event, "sequence_number": n} for n, event in enumerate(events)]
        base = {"id": "chatcmpl_1", "object": "chat.completion.chunk", "created": 1_790_000_000, "model": "m"}
        chunks = [{**base, "choices": [{"index": 0, "delta": {"content": p}, "finish_reason": None}]} for p in pieces]
        chunks.append({**base, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        if (self.received.body.get("stream_options") or {}).get("include_usage"):
            chunks.append({**base, "choices": [], "usage": self.whole("")["usage"]})
        return chunks

    def events(self, events: Iterable[dict[str, Any]], *, pause: float = 0, end: bool = True) -> None:
        """Server-sent events, chunked. `end` False: the connection is cut behind the last."""
        self._head(200, {"content-type": "text/event-stream", "transfer-encoding": "chunked"})
        for event in events:
            name = f"event: {event['type']}\n" if "type" in event else ""
            self.chunk(f"{name}data: {json.dumps(event)}\n\n".encode())
            time.sleep(pause)
        if not end:
            return self.cut()
        if not self.responses:
            self.chunk(b"data: [DONE]\n\n")
        self.chunk(b"")
        return None

    def chunk(self, raw: bytes) -> None:
        self._handler.wfile.write(f"{len(raw):x}\r\n".encode() + raw + b"\r\n")
        self._handler.wfile.flush()

    def cut(self) -> None:
        """Ends the connection in the middle."""
        self._handler.wfile.flush()
        self._handler.close_connection = True
        with contextlib.suppress(OSError):
            self._handler.connection.shutdown(socket.SHUT_RDWR)

    def raw(self, data: bytes) -> None:
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        self._handler.send_response(status)
        for name, value in headers.items():
            self._handler.send_header(name, value)
        self._handler.end_headers()


Behaviour = Callable[[Exchange], None]


@dataclass
class ModelServer:
    """`lacks`: parts of the API that this server does not know: "responses", "json_schema", "response_format"."""

    lacks: frozenset[str] = frozenset()
    key: str | None = None
    received: list[Received] = field(default_factory=list)
    _planned: deque[Behaviour] = field(default_factory=deque)
    _always: Behaviour = field(default_factory=lambda: says({"text": "Look at line 3."}))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def plan(self, *behaviours: Behaviour) -> None:
        self._planned.extend(behaviours)

    def always(self, behaviour: Behaviour) -> None:
        self._always = behaviour

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._http = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"model": self}))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)

    def answer(self, exchange: Exchange) -> None:
        with self._lock:
            self.received.append(exchange.received)
        problem = self._objection(exchange.received)
        if problem is not None:
            status, code = problem
            return exchange.send(status, error("what was sent is quoted here: sk-secret", code))
        with self._lock:
            behaviour = self._planned.popleft() if self._planned else self._always
        return behaviour(exchange)

    def _objection(self, received: Received) -> tuple[int, str] | None:
        """What the real API would say against this request."""
        body = received.body
        if self.key is not None and received.headers.get("authorization") != f"Bearer {self.key}":
            return 401, "invalid_api_key"
        if received.path == "/v1/responses" and "responses" not in self.lacks:
            form = (body.get("text") or {}).get("format")
            fine = isinstance(body.get("input"), str) and body.get("store") is False
        elif received.path == "/v1/chat/completions":
            asked = body.get("response_format") or {}
            if asked.get("type", "text") in self.lacks or (asked and "response_format" in self.lacks):
                return 400, "unsupported_parameter"
            form = asked.get("json_schema") if asked.get("type") == "json_schema" else None
            fine = [m["role"] for m in body["messages"]] == ["system", "user"]
        else:
            return 404, "not_found"
        if not fine or not body.get("model") or (form is not None and not _strict(form)):
            return 400, "invalid_request_error"
        return None


def _strict(form: Mapping[str, Any]) -> bool:
    """What strict mode takes: closed objects, every field required, no bounds of values, no defaults."""
    return bool(form.get("strict")) and _accepted(form.get("schema"))


def _accepted(schema: Any) -> bool:
    if isinstance(schema, list):
        return all(map(_accepted, schema))
    if not isinstance(schema, Mapping):
        return True
    fields = schema.get("properties", {})
    closed = schema.get("type") != "object" or (
        schema.get("additionalProperties") is False and set(schema.get("required", ())) == set(fields)
    )
    others = [value for key, value in schema.items() if key not in {"properties", "$defs"}]
    named = [*fields.values(), *schema.get("$defs", {}).values()]
    return closed and not TURNED_DOWN & set(schema) and all(map(_accepted, [*others, *named]))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # whoever asked went away
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    model: ModelServer

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            self.model.answer(Exchange(self, Received(self.path, headers, json.loads(raw))))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # whoever asked has had enough

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


def error(message: str, code: str | None) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}


def says(answer: object, *, usage: bool = True) -> Behaviour:
    """A proper answer: a text as it is, anything else as JSON."""
    text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    return lambda exchange: exchange.text(text, usage=usage)


def replies(answer: Callable[[Received], object]) -> Behaviour:
    """A proper answer that depends on what was asked."""
    return lambda exchange: says(answer(exchange.received))(exchange)


def fails(status: int, code: str | None = None, headers: Mapping[str, str] | None = None) -> Behaviour:
    return lambda exchange: exchange.send(
        status, error("the key sk-secret and your words are quoted here", code), headers
    )


def slow(seconds: float, then: Behaviour) -> Behaviour:
    def behave(exchange: Exchange) -> None:
        time.sleep(seconds)
        then(exchange)

    return behave


def refuses(exchange: Exchange) -> None:
    """The model will not do it, in the way the API says so."""
    refusal = "I cannot help with that."
    if exchange.streamed and exchange.responses:
        exchange.events(
            [
                {
                    "type": "response.refusal.delta",
                    "delta": refusal,
                    "item_id": "m",
                    "output_index": 0,
                    "content_index": 0,
                    "sequence_number": 0,
                }
            ]
        )
    elif exchange.streamed:
        exchange.events(
            [
                {
                    "id": "c",
                    "object": "chat.completion.chunk",
                    "created": 1,
                    "model": "m",
                    "choices": [{"index": 0, "delta": {"refusal": refusal}, "finish_reason": None}],
                }
            ]
        )
    elif exchange.responses:
        exchange.send(200, exchange.whole("", content=[{"type": "refusal", "refusal": refusal}]))
    else:
        exchange.send(200, exchange.whole("", message={"role": "assistant", "content": None, "refusal": refusal}))


def stops_short(exchange: Exchange) -> None:
    """It reached the most tokens it may write."""
    if exchange.responses:
        exchange.send(
            200,
            exchange.whole('{"text": "Loo', status="incomplete", incomplete_details={"reason": "max_output_tokens"}),
        )
    else:
        exchange.send(200, exchange.whole('{"text": "Loo', finish_reason="length"))


def cuts(text: str, after: int = 3) -> Behaviour:
    """A stream, or a body, that ends in its middle."""

    def behave(exchange: Exchange) -> None:
        if exchange.streamed:
            return exchange.events(exchange.stream_of(text)[:after], end=False)
        raw = json.dumps(exchange.whole(text)).encode()
        exchange.raw(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(raw))
        exchange.raw(raw[: len(raw) // 2])
        return exchange.cut()

    return behave


def floods(exchange: Exchange) -> None:
    """Sends for ever, as long as somebody reads."""
    if exchange.streamed:
        event = exchange.stream_of("x" * 4_096, 4_096)[1 if exchange.responses else 0]
        while True:
            exchange.events([event] * 10_000)
    exchange.raw(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n")
    while True:
        exchange.chunk(b" " * 65_536)


def trickles(exchange: Exchange) -> None:
    """A header byte now and then: never silent, never done."""
    exchange.raw(b"HTTP/1.1 200 OK\r\nx-long: ")
    while True:
        exchange.raw(b"a")
        time.sleep(0.05)


def hangs_up(exchange: Exchange) -> None:
    exchange.cut()
