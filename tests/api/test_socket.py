"""The websocket: nothing lost, nothing twice, whatever is cut."""

from __future__ import annotations

import json
import socket
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from functions.api.outgoing import Timing
from shared.events.catalogue.agents import AccessGranted, MotivationGiven
from shared.ids import new_id
from tests.api.conftest import CODE, Learner, Open, World, event


def hear(ws: ClientConnection, type_: str | None = None, *, within: float = 10) -> dict[str, Any]:
    """The next message (of a type)."""
    deadline = time.monotonic() + within
    while True:
        message: dict[str, Any] = json.loads(ws.recv(timeout=max(0.01, deadline - time.monotonic())))
        if type_ is None or message["type"] == type_:
            return message


def stored(ws: ClientConnection, count: int) -> list[int]:
    """The sequences of the next `count` stored events."""
    found: list[int] = []
    while len(found) < count:
        message = hear(ws)
        if "sequence" in message:
            found.append(int(message["sequence"]))
    return found


def silent(ws: ClientConnection, seconds: float = 0.5) -> bool:
    with suppress(TimeoutError):
        message = json.loads(ws.recv(timeout=seconds))
        return "sequence" not in message
    return True


def closing(ws: ClientConnection, *, within: float = 10) -> tuple[int, str]:
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            ws.recv(timeout=within)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code, closed.value.rcvd.reason


def say(world: World, learner: str, text: str = "well done") -> int:
    """One stored event from elsewhere; gives its position."""
    [id_] = world.record(learner, MotivationGiven(text=text))
    [(position,)] = world.rows("SELECT position FROM events WHERE id = %s", id_)
    return int(position)


def say_many(world: World, learner: str, count: int) -> list[int]:
    ids = world.record(learner, *(MotivationGiven(text=str(n)) for n in range(count)))
    return [row[0] for row in world.rows("SELECT position FROM events WHERE id = ANY(%s) ORDER BY position", ids)]


def mood(**rest: Any) -> dict[str, Any]:
    return {**event("mood.answered", {"answer": "good"}), **rest}


def test_an_interaction_is_acknowledged_and_comes_back_stored(world: World, ada: Learner) -> None:
    with ada.socket() as ws:
        assert ws.subprotocol == "goals.v1"
        assert hear(ws)["type"] == "goals.welcome"
        one = mood()
        ws.send(json.dumps(one))
        ack = hear(ws, "goals.ack")["data"]
        assert (ack["id"], ack["status"]) == (one["id"], "recorded")
        assert stored(ws, 1) == [ack["position"]]
        ws.send(json.dumps(one))
        assert hear(ws, "goals.ack")["data"]["status"] == "duplicate"


def test_events_from_elsewhere_arrive_live_and_only_ones_own(world: World, ada: Learner) -> None:
    bob = world.learner()
    with ada.socket(after=10**9) as ws:
        hear(ws, "goals.welcome")
    head = max(row[0] for row in world.rows("SELECT position FROM events"))
    with ada.socket(after=head) as ws:
        say(world, bob.id)
        position = say(world, ada.id, "for ada")
        message = hear(ws, "goals.motivation.given")
        assert (int(message["sequence"]), message["data"]["text"]) == (position, "for ada")


def test_after_a_cut_a_client_resumes_without_loss_or_double(world: World, ada: Learner) -> None:
    all_of_it = say_many(world, ada.id, 30)
    with ada.socket(after=all_of_it[0] - 1) as ws:
        seen = stored(ws, 11)
    all_of_it += say_many(world, ada.id, 30)
    with ada.socket(after=seen[-1], close_timeout=0.2) as ws:
        seen += stored(ws, 20)
        ws.socket.shutdown(socket.SHUT_RDWR)  # cut without a word
    all_of_it += say_many(world, ada.id, 20)
    with ada.socket() as again:
        again.send(json.dumps({"type": "goals.resume", "data": {"after": str(seen[-1])}}))
        seen += stored(again, len(all_of_it) - len(seen))
        assert silent(again)
    assert seen == all_of_it


def test_a_resume_far_back_goes_through_pages(world: World, ada: Learner) -> None:
    for _ in range(8):
        assert all(r["status"] == "recorded" for r in ada.send(*(mood() for _ in range(100))))
    positions = [row[0] for row in world.rows("SELECT position FROM events WHERE subject = %s ORDER BY 1", ada.id)]
    with ada.socket(after=0) as ws:
        assert stored(ws, len(positions)) == positions
        assert stored(ws, 0) == []
        assert say(world, ada.id) in stored(ws, 1)


def test_without_a_resume_a_socket_begins_at_the_present(world: World, ada: Learner) -> None:
    say(world, ada.id)
    with ada.socket() as ws:
        hear(ws, "goals.welcome")
        position = say(world, ada.id)
        assert stored(ws, 1) == [position]


def test_two_sockets_share_one_reader_and_both_hear(world: World, ada: Learner) -> None:
    here = world.api.services
    assert here is not None
    with ada.socket() as one, ada.socket() as two:
        for ws in (one, two):
            hear(ws, "goals.welcome")
        assert here.feeds.readers == 1
        position = say(world, ada.id)
        assert stored(one, 1) == stored(two, 1) == [position]
    deadline = time.monotonic() + 5
    while here.feeds.readers and time.monotonic() < deadline:
        time.sleep(0.01)
    assert here.feeds.readers == 0


@pytest.mark.parametrize("redis_url", ["valkey"], indirect=True)
def test_hints_come_over_redis_and_without_redis_it_looks_for_itself(
    open_world: Open, redis_url: str, redis_servers: dict[str, Any]
) -> None:
    here, there = open_world(redis_url=redis_url), open_world(redis_url=redis_url)
    ada = here.learner()
    with ada.socket() as ws:
        hear(ws, "goals.welcome")
        began = time.monotonic()
        position = say(there, ada.id)
        assert stored(ws, 1) == [position]
        assert time.monotonic() - began < 1.0, "a hint, not a look each second"
        redis_servers["valkey"].kill()
        position = say(there, ada.id)
        assert stored(ws, 1) == [position]


def test_a_run_streams_its_cases_and_then_the_stored_end(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.runner.failing = {"just-missed"}
    request = event("run.requested", {"goal": goal, "code": CODE, "purpose": "submit"})
    with ada.socket() as ws:
        ws.send(json.dumps(request))
        assert hear(ws, "goals.ack")["data"]["status"] == "recorded"
        cases = [hear(ws, "goals.run.case") for _ in range(8)]
        assert all("sequence" not in case for case in cases)
        assert {c["data"]["request"] for c in cases} == {request["id"]}
        assert [c["data"].get("input") for c in cases if not c["data"]["visible"]] == [None] * 4
        end = hear(ws, "goals.run.finished")
        assert (end["data"]["passed"], end["data"]["total"]) == (7, 8)
        assert end["data"]["code"].startswith("payload:")
        ws.send(json.dumps(request))
        assert hear(ws, "goals.ack")["data"]["status"] == "duplicate"
    assert len(world.runner.requests) == 1


WRONG: list[tuple[Any, int]] = [
    ("{", 422),
    ("[]", 422),
    ("7", 422),
    ({"type": "goals.mood.answered"}, 422),
    (mood(data={"answer": "furious"}), 422),
    (event("nothing.happened", {}), 422),
    (event("goal.assigned", {}), 422),
    (event("goal.opened", {"goal": new_id()}), 404),
    (event("run.requested", {"goal": new_id(), "code": ""}), 404),
    ({"type": "goals.resume", "data": {"after": -1}}, 422),
    ({"type": "goals.resume", "data": {"after": "soon"}}, 422),
    ({"type": "goals.resume"}, 422),
    (mood(id="a\x00b"), 422),
    ('{"type":"goals.wish.stated","specversion":"1.0","id":"s","data":{"text":"\\ud800"}}', 422),
]


def test_each_wrong_message_is_refused_and_the_socket_lives_on(ada: Learner) -> None:
    with ada.socket() as ws:
        for message, status in WRONG:
            ws.send(message if isinstance(message, str) else json.dumps(message))
            ack = hear(ws, "goals.ack")["data"]
            assert (ack["status"], ack["problem"]["status"]) == ("refused", status), message
        ws.send(json.dumps(mood()))
        assert hear(ws, "goals.ack")["data"]["status"] == "recorded"


def test_another_learners_goal_is_refused(world: World, ada: Learner) -> None:
    goal = world.goal(world.learner().id)
    with ada.socket() as ws:
        for type_, data in (("goal.opened", {"goal": goal}), ("run.requested", {"goal": goal, "code": CODE})):
            ws.send(json.dumps(event(type_, data)))
            assert hear(ws, "goals.ack")["data"]["problem"]["status"] == 404


def test_the_token_may_come_as_the_first_message(ada: Learner) -> None:
    with connect(f"{ada.url.replace('http', 'ws')}/v1/ws", subprotocols=["goals.v1"]) as ws:  # type: ignore[list-item]
        ws.send(json.dumps({"token": ada.access}))
        assert hear(ws)["data"]["learner"] == ada.id


@pytest.mark.parametrize("first", [None, '{"token": "nonsense"}', '{"token": 7}', "{}", "{"])
def test_without_a_token_in_time_the_socket_is_closed(open_world: Open, first: str | None) -> None:
    world = open_world(timing=Timing(token=0.3))
    with connect(f"{world.url.replace('http', 'ws')}/v1/ws", subprotocols=["goals.v1"]) as ws:  # type: ignore[list-item]
        if first is not None:
            ws.send(first)
        assert closing(ws)[0] == 4001


def test_a_wrong_token_closes_with_4001(world: World, ada: Learner) -> None:
    with ada.socket(token="e30.e30.e30") as ws:
        assert closing(ws)[0] == 4001


@pytest.mark.parametrize("path", ["?after=x", "?after=-1", "?after=1e3", f"?after={'9' * 30}"])
def test_a_wrong_handshake_is_a_problem(ada: Learner, path: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        connect(f"{ada.url.replace('http', 'ws')}/v1/ws{path}", subprotocols=["goals.v1"])  # type: ignore[list-item]
    assert refused.value.response.status_code == 422
    assert refused.value.response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("offered", [None, ["goals.v2"], ["goals.v0", "mqtt"]])
def test_a_handshake_in_another_protocol_is_refused_and_told_which_is_spoken(
    ada: Learner, offered: list[Any] | None
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        connect(f"{ada.url.replace('http', 'ws')}/v1/ws", subprotocols=offered, open_timeout=30)
    assert refused.value.response.status_code == 426
    assert refused.value.response.headers["goals-protocol"] == "goals.v1"


def test_pages_of_other_origins_may_not_connect(open_world: Open) -> None:
    world = open_world(cors_origins=("https://app.example.org",))
    ada = world.learner()
    with ada.socket(origin="https://app.example.org") as ws:
        assert hear(ws)["type"] == "goals.welcome"
    with pytest.raises(InvalidStatus) as refused:
        ada.socket(origin="https://evil.example")
    assert refused.value.response.status_code == 403


def test_an_expired_token_closes_the_socket_and_a_new_one_keeps_it(world: World, ada: Learner) -> None:
    with ada.socket() as old, ada.socket() as kept:
        hear(old, "goals.welcome")
        hear(kept, "goals.welcome")
        world.clock.ahead = timedelta(minutes=10, seconds=55)
        pair = world.http.post("/v1/auth/refresh", json={"refresh_token": ada.refresh}).json()
        kept.send(json.dumps({"token": pair["access_token"]}))
        kept.send(json.dumps(mood()))
        assert hear(kept, "goals.ack")["data"]["status"] == "recorded"
    world.clock.ahead = timedelta(minutes=21, seconds=52)
    ada.access = pair["access_token"]
    assert world.clock().timestamp() > 0
    with ada.socket() as late:
        code, reason = closing(late)
        assert (code, "expired" in reason) == (4001, True)


def test_a_token_of_another_learner_ends_the_socket(world: World, ada: Learner) -> None:
    with ada.socket() as ws:
        ws.send(json.dumps({"token": world.learner().access}))
        assert closing(ws)[0] == 4001


def test_a_message_over_256_kib_closes_the_socket(ada: Learner) -> None:
    with ada.socket() as ws:
        ws.send(json.dumps(mood(extra="x" * 262_144)))
        assert closing(ws)[0] == 1009


def test_bytes_close_the_socket(ada: Learner) -> None:
    with ada.socket() as ws:
        ws.send(b"\x00")
        assert closing(ws)[0] == 1003


def test_a_client_that_takes_nothing_is_closed_and_resumes_where_it_was(open_world: Open) -> None:
    world = open_world(timing=Timing(send=0.5, hold=0.1))
    ada = world.learner()
    head = max(row[0] for row in world.rows("SELECT position FROM events"))
    finding = AccessGranted(until=world.clock(), because="x" * 60_000)
    for _ in range(10):
        world.record(ada.id, *[finding] * 20)
    count = world.rows("SELECT count(*) FROM events WHERE position > %s", head)[0][0]
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    narrow.connect(("127.0.0.1", int(world.url.rpartition(":")[2])))
    with ada.socket(after=head, sock=narrow, max_queue=1, compression=None, ping_interval=None) as ws:
        time.sleep(2.0)
        seen: list[int] = []
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                message = json.loads(ws.recv(timeout=10))
                if "sequence" in message:
                    seen.append(int(message["sequence"]))
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4008, "resume")
    assert len(seen) < count
    with ada.socket(after=seen[-1]) as again:
        seen += stored(again, count - len(seen))
    assert seen == sorted(set(seen))
    assert len(seen) == count


def test_too_many_events_at_once_are_told_to_wait(open_world: Open) -> None:
    world = open_world(timing=Timing(events_per_second=1, burst=5))
    ada = world.learner()
    with ada.socket() as ws:
        for _ in range(10):
            ws.send(json.dumps(mood()))
        acks = [hear(ws, "goals.ack")["data"] for _ in range(10)]
    assert [a["status"] for a in acks].count("recorded") == 5
    assert {(a["problem"]["status"], a["problem"]["retry_after"]) for a in acks if a["problem"]} == {(429, 1)}


def test_a_heartbeat_comes(open_world: Open) -> None:
    world = open_world(timing=Timing(ping=0.1))
    with world.learner().socket() as ws:
        hear(ws, "goals.ping")
        ws.send(json.dumps({"type": "goals.ping"}))
        hear(ws, "goals.pong")


def test_sockets_are_told_to_resume_when_the_server_goes(world: World, ada: Learner) -> None:
    with ada.socket() as ws:
        hear(ws, "goals.welcome")
        world.server.should_exit = True
        code, _ = closing(ws)
        assert code in (1012, 1013)
