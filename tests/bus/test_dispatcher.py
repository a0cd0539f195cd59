"""The dispatcher treats each answer of a function as RabbitmqSource does; the function here is a real HTTP server."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest

from shared.bus.dispatcher import Dispatcher, why_invalid
from shared.bus.port import Bus, Message, QueueSpec, RetryPolicy
from shared.bus.postgres import PostgresBus

FAST = RetryPolicy(retry=3, base=0.02, cap=0.05)
Answer = Callable[[int], int]
"""Takes the number of the request, from 1; gives the status."""


def event(n: object) -> bytes:
    return json.dumps({"specversion": "1.0", "id": str(n), "source": "test", "type": "goals.node.access"}).encode()


class Function:
    """A function's server: remembers what it was sent, answers what the test says."""

    def __init__(self, answer: Answer, port: int = 0, seconds: float = 0.0) -> None:
        self.requests: list[tuple[str, str, bytes]] = []
        self.connections: set[int] = set()
        self.busy = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.requests.append((self.path, self.headers["Content-Type"], body))
                outer.connections.add(self.client_address[1])
                outer.busy.set()
                time.sleep(seconds)
                status = answer(len(outer.requests))
                self.send_response(status)
                self.send_header("Content-Length", "5")
                self.end_headers()
                self.wfile.write(b"reply")

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/events"
        threading.Thread(target=self.server.serve_forever, args=[0.02], daemon=True).start()

    def ids(self) -> list[str]:
        return [json.loads(body)["id"] for _, _, body in self.requests]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def serve() -> Iterator[Callable[..., Function]]:
    made: list[Function] = []

    def make(answer: Answer, port: int = 0, seconds: float = 0.0) -> Function:
        made.append(Function(answer, port, seconds))
        return made[-1]

    yield make
    for function in made:
        function.close()


@pytest.fixture
def bus(database: str) -> Iterator[Bus]:
    bus = PostgresBus(database)
    bus.declare([QueueSpec("access", ("goals.node.access",))])
    yield bus
    bus.close()


@pytest.fixture
def dispatch(bus: Bus) -> Iterator[Callable[..., Dispatcher]]:
    started: list[Dispatcher] = []

    def start(target: str | Callable[[bytes], int], parallelism: int = 1, policy: RetryPolicy = FAST) -> Dispatcher:
        dispatcher = Dispatcher(bus, "access", target, parallelism, policy, timeout=5)
        dispatcher.start()
        started.append(dispatcher)
        return dispatcher

    yield start
    for dispatcher in started:
        dispatcher.stop(1)


def send(bus: Bus, *bodies: bytes) -> None:
    bus.publish([Message("goals.node.access", body, str(n), mandatory=True) for n, body in enumerate(bodies)])


def settled(dispatcher: Dispatcher, count: int = 1, within: float = 10.0) -> dict[str, int]:
    deadline = time.monotonic() + within
    while dispatcher.outcomes["acked"] + dispatcher.outcomes["dead"] < count:
        assert time.monotonic() < deadline, dict(dispatcher.outcomes)
        time.sleep(0.01)
    return dict(dispatcher.outcomes)


def dead(bus: Bus) -> list[bytes]:
    time.sleep(0.1)  # rejections are written together a moment later
    return [letter.body for letter in bus.dead_letters("access")]


@pytest.mark.parametrize("status", [200, 202, 204])
def test_2xx_acknowledges_and_the_reply_is_discarded(
    bus: Bus, serve: Callable[..., Function], dispatch: Callable[..., Dispatcher], status: int
) -> None:
    function = serve(lambda _: status)
    send(bus, event(1))
    assert settled(dispatch(function.url)) == {"acked": 1}
    assert function.requests == [("/events", "application/cloudevents+json", event(1))]
    assert dead(bus) == []
    assert bus.depth("access") == 0


@pytest.mark.parametrize("status", [404, 413, 425, 429, 502, 503, 504])
def test_passing_troubles_are_tried_again_in_place_until_they_pass(
    bus: Bus, serve: Callable[..., Function], dispatch: Callable[..., Dispatcher], status: int
) -> None:
    function = serve(lambda n: status if n < 3 else 200)
    send(bus, event(1))
    assert settled(dispatch(function.url)) == {"acked": 1, "retried": 2}
    assert function.ids() == ["1", "1", "1"]


@pytest.mark.parametrize("status", [301, 400, 401, 403, 409, 422, 500, 501])
def test_every_other_status_gets_one_attempt_and_a_dead_letter(
    bus: Bus, serve: Callable[..., Function], dispatch: Callable[..., Dispatcher], status: int
) -> None:
    function = serve(lambda _: status)
    send(bus, event(1))
    assert settled(dispatch(function.url)) == {"dead": 1}
    assert function.ids() == ["1"]
    assert dead(bus) == [event(1)]


def test_retries_used_up_make_a_dead_letter(
    bus: Bus, serve: Callable[..., Function], dispatch: Callable[..., Dispatcher]
) -> None:
    function = serve(lambda _: 503)
    send(bus, event(1))
    assert settled(dispatch(function.url)) == {"dead": 1, "retried": 3}
    assert len(function.requests) == 4
    assert dead(bus) == [event(1)]


def test_the_pause_doubles_up_to_the_cap(
    bus: Bus, serve: Callable[..., Function], dispatch: Callable[..., Dispatcher]
) -> None:
    times: list[float] = []

    def answer(_: int) -> int:
        times.append(time.monotonic())
        return 503

    send(bus, event(1))
    settled(dispatch(serve(answer).url, policy=RetryPolicy(retry=4, base=0.1, cap=0.3)))
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert [round(pause, 1) for pause in pauses] == pytest.approx([0.1, 0.2, 0.3, 0.3], abs=0.1)


def test_a_function_that_is_down_is_tried_again_until_it_is_up(
    bus: Bus, serve: Callable[..., Function], dispatch: Callable[..., Dispatcher]
) -> None:
    gone = serve(lambda _: 200)
    gone.close()
    send(bus, event(1))
    dispatcher = dispatch(gone.url, policy=RetryPolicy(retry=100, base=0.05, cap=0.1))
    time.sleep(0.4)
    back = serve(lambda _: 200, port=gone.port)
    assert settled(dispatcher)["acked"] == 1
    assert back.ids() == ["1"]


def test_a_function_restarted_in_the_middle_misses_nothing(
    bus: Bus, serve: Callable[..., Function], dispatch: Callable[..., Dispatcher]
) -> None:
    first = serve(lambda _: 200, seconds=0.01)
    send(bus, *[event(n) for n in range(60)])
    dispatcher = dispatch(first.url, parallelism=4, policy=RetryPolicy(retry=100, base=0.05, cap=0.1))
    first.busy.wait(5)
    first.close()
    second = serve(lambda _: 200, port=first.port)
    assert settled(dispatcher, 60)["acked"] == 60
    assert set(first.ids()) | set(second.ids()) == {str(n) for n in range(60)}
    assert dead(bus) == []


def test_a_slow_function_works_on_as_many_messages_as_parallelism_allows(
    bus: Bus, serve: Callable[..., Function], dispatch: Callable[..., Dispatcher]
) -> None:
    function = serve(lambda _: 200, seconds=0.3)
    send(bus, *[event(n) for n in range(8)])
    began = time.monotonic()
    settled(dispatch(function.url, parallelism=4), 8)
    assert 0.55 < time.monotonic() - began < 1.5
    assert len(function.connections) == 4  # each worker keeps its connection


def test_a_function_that_does_not_answer_in_time_is_tried_again(bus: Bus, serve: Callable[..., Function]) -> None:
    def answer(n: int) -> int:
        time.sleep(0.6 if n == 1 else 0)
        return 200

    function = serve(answer)
    send(bus, event(1))
    dispatcher = Dispatcher(bus, "access", function.url, 1, FAST, timeout=0.3)
    dispatcher.start()
    try:
        assert settled(dispatcher) == {"acked": 1, "retried": 1}
    finally:
        dispatcher.stop(1)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[" + event(1) + b"]",
        b'"text"',
        b"{}",
        b'{"specversion": "1.0", "id": "", "source": "test", "type": "t"}',
        b'{"specversion": "0.3", "id": "1", "source": "test", "type": "t"}',
        b'{"specversion": "1.0", "id": 1, "source": "test", "type": "t"}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_cloudevent_is_a_dead_letter_without_an_attempt(
    bus: Bus, serve: Callable[..., Function], dispatch: Callable[..., Dispatcher], body: bytes
) -> None:
    function = serve(lambda _: 200)
    send(bus, body, event(2))
    assert settled(dispatch(function.url), 2) == {"acked": 1, "dead": 1}
    assert function.ids() == ["2"]
    assert dead(bus) == [body]
    assert why_invalid(body) is not None


def test_stop_lets_the_message_in_work_finish_and_gives_the_rest_back(
    bus: Bus, serve: Callable[..., Function], dispatch: Callable[..., Dispatcher]
) -> None:
    function = serve(lambda _: 200, seconds=0.5)
    send(bus, event(1), event(2), event(3))
    dispatcher = dispatch(function.url)
    assert function.busy.wait(5)
    assert dispatcher.stop(5) is True
    assert dispatcher.outcomes == {"acked": 1}
    assert bus.depth("access") == 2


def test_stop_gives_up_on_a_function_that_takes_too_long_and_gives_its_message_back(
    bus: Bus, serve: Callable[..., Function], dispatch: Callable[..., Dispatcher]
) -> None:
    function = serve(lambda _: 200, seconds=1.5)
    send(bus, event(1))
    dispatcher = dispatch(function.url)
    assert function.busy.wait(5)
    assert dispatcher.stop(0.1) is False
    assert bus.depth("access") == 1


def test_stop_during_a_pause_gives_the_message_back_at_once(
    bus: Bus, serve: Callable[..., Function], dispatch: Callable[..., Dispatcher]
) -> None:
    function = serve(lambda _: 503)
    send(bus, event(1))
    dispatcher = dispatch(function.url, policy=RetryPolicy(retry=5, base=30))
    assert function.busy.wait(5)
    began = time.monotonic()
    assert dispatcher.stop(5) is True
    assert time.monotonic() - began < 2
    assert bus.depth("access") == 1


def test_a_function_in_this_process_is_treated_alike(bus: Bus, dispatch: Callable[..., Dispatcher]) -> None:
    answers = {"1": [200], "2": [503, 200], "3": [500], "4": []}

    def function(body: bytes) -> int:
        return answers[json.loads(body)["id"]].pop(0)  # "4" raises IndexError, as an app would fail with 500

    send(bus, *[event(n) for n in (1, 2, 3, 4)])
    assert settled(dispatch(function), 4) == {"acked": 2, "retried": 1, "dead": 2}
    assert dead(bus) == [event(3), event(4)]


def test_a_number_too_long_to_read_is_no_cloudevent_and_stops_nobody() -> None:
    assert "not JSON" in str(why_invalid(b'{"n": ' + b"1" * 5_000 + b"}"))
