"""The client on a network that fails: renewing, repeating, resuming; nothing lost and nothing said twice."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.server import ServerConnection, serve

from goals.cli.screen import sentence
from goals.client import Account, Accounts, Answered, Api, Fixed, NotSignedIn, Stored, Stream, Transport, Unreachable
from goals.client.event import interaction
from shared.clock import utc_now

Handler = Callable[[httpx.Request], httpx.Response]
ACCOUNT = Account("http://server", "ada@example.org", "ada", "old", "r1", expires=1e12)


def transport(handler: Handler, *, patience: float = 5.0) -> Transport:
    """Against a server made of one function; waiting takes no time, but counts."""
    clock = [0.0]

    def sleep(seconds: float) -> None:
        clock[0] += seconds

    http = httpx.Client(transport=httpx.MockTransport(handler), base_url="http://server")
    return Transport("http://server", patience=patience, sleep=sleep, clock=lambda: clock[0], http=http)


def problem(status: int, **more: object) -> httpx.Response:
    return httpx.Response(status, json={"type": "urn:goals:problem:x", "title": "x", "status": status, **more})


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    kept = Accounts(tmp_path / "goals")
    kept.keep(ACCOUNT)
    return kept


class TestTransport:
    def test_asks_again_while_the_server_is_away(self) -> None:
        answers = [problem(503), httpx.Response(429, headers={"Retry-After": "2"}), httpx.Response(200, json={"a": 1})]
        assert transport(lambda _: answers.pop(0)).send("GET", "/") == {"a": 1}

    def test_gives_up_when_its_patience_ends(self) -> None:
        def refuse(request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("refused")

        with pytest.raises(Unreachable) as caught:
            transport(refuse).send("GET", "/")
        assert "goals up" in sentence(caught.value)

    def test_never_repeats_what_was_refused(self) -> None:
        asked = []

        def refuse(request: httpx.Request) -> httpx.Response:
            asked.append(request)
            return problem(409, detail="taken", hint="sign in")

        with pytest.raises(Answered) as caught:
            transport(refuse).send("POST", "/", body={})
        assert len(asked) == 1
        assert sentence(caught.value) == "Taken. Sign in."

    def test_a_proxys_own_page_is_an_error_with_its_status(self) -> None:
        with pytest.raises(Answered, match="418"):
            transport(lambda _: httpx.Response(418, text="<html>")).send("GET", "/")


class TestTokens:
    def test_are_renewed_once_and_kept(self, accounts: Accounts) -> None:
        seen: list[str] = []

        def handler(request: httpx.Request) -> httpx.Response:
            if request.url.path == "/v1/auth/refresh":
                seen.append(json.loads(request.content)["refresh_token"])
                pair = {"access_token": "new", "refresh_token": "r2", "expires_in": 600, "learner": "ada"}
                return httpx.Response(200, json=pair)
            good = request.headers["Authorization"] == "Bearer new"
            return httpx.Response(200, json={"email": "x"}) if good else problem(401, detail="expired")

        way = transport(handler)
        assert Api(way, Stored(way, accounts, ACCOUNT)).me() == {"email": "x"}
        assert seen == ["r1"]
        assert accounts.choose().refresh == "r2"

    def test_another_commands_new_token_is_taken_over_instead_of_renewing_again(self, accounts: Accounts) -> None:
        accounts.keep(Account("http://server", "ada@example.org", "ada", "theirs", "r9", expires=1e12))

        def handler(request: httpx.Request) -> httpx.Response:
            assert request.url.path != "/v1/auth/refresh", "a refresh token sent twice would end the sign-in"
            good = request.headers["Authorization"] == "Bearer theirs"
            return httpx.Response(200, json={}) if good else problem(401)

        way = transport(handler)
        Api(way, Stored(way, accounts, ACCOUNT)).me()

    def test_a_refresh_whose_answer_is_lost_is_not_sent_again(self, accounts: Accounts) -> None:
        sent = []

        def handler(request: httpx.Request) -> httpx.Response:
            sent.append(request)
            raise httpx.ReadError("cut")

        way = transport(handler)
        with pytest.raises(Unreachable):
            Stored(way, accounts, Account(**{**_fields(ACCOUNT), "expires": 0.0})).access()
        assert len(sent) == 1

    def test_an_ended_sign_in_says_so(self, accounts: Accounts) -> None:
        way = transport(lambda _: problem(401, detail="used before"))
        with pytest.raises(NotSignedIn) as caught:
            Stored(way, accounts, ACCOUNT).renew("old")
        assert sentence(caught.value) == "The sign-in of ada@example.org has ended: used before. goals login."

    def test_a_sign_in_that_ended_with_its_account_says_that_the_account_is_gone(self, accounts: Accounts) -> None:
        gone = {"type": "urn:goals:problem:account-gone", "title": "t", "status": 401, "detail": "no such account"}
        sent = []

        def handler(request: httpx.Request) -> httpx.Response:
            sent.append(json.loads(request.content))
            return httpx.Response(401, json=gone)

        with pytest.raises(NotSignedIn) as caught:
            Stored(transport(handler), accounts, ACCOUNT).renew("old")
        assert caught.value.kind == "account-gone"
        assert sent == [{"refresh_token": ACCOUNT.refresh, "access_token": ACCOUNT.access}]

    def test_accounts_of_several_servers_stand_side_by_side(self, accounts: Accounts) -> None:
        accounts.keep(Account("http://other", "ada@example.org", "a2", "x", "y", 0.0))
        assert accounts.choose().server == "http://other"
        assert accounts.choose("http://server").access == "old"
        accounts.forget(accounts.choose())
        assert accounts.choose().server == "http://server"


def _fields(account: Account) -> dict[str, Any]:
    return {name: getattr(account, name) for name in account.__slots__}


class TestRun:
    def test_that_is_cut_off_is_joined_again_and_tells_no_case_twice(self) -> None:
        ids: list[str] = []
        first = {"type": "printed", "frame": 1, "text": "hello"}
        cases = [{"type": "case", "index": n, "frame": n + 1, "of": 3, "verdict": "passed"} for n in (1, 2, 3)]

        def handler(request: httpx.Request) -> httpx.Response:
            ids.append(json.loads(request.content)["id"])
            lines = [{"type": "accepted"}, first, *cases[: len(ids)]]
            if len(ids) == 3:
                lines.append({"type": "finished", "passed": 3})
            return httpx.Response(200, text="".join(json.dumps(line) + "\n" for line in lines))

        way = transport(handler)
        api = Api(way, Fixed("t"), sleep=lambda _: None, clock=lambda: 0.0)
        frames = list(api.run("g", "code", id="one", purpose="run"))
        assert [frame["type"] for frame in frames] == ["accepted", "printed", *["case"] * 3, "finished"]
        assert [frame.get("index") for frame in frames] == [None, None, 1, 2, 3, None]
        assert ids == ["one", "one", "one"]

    def test_that_is_refused_raises_the_reason_and_the_remedy(self) -> None:
        way = transport(lambda _: problem(403, detail="Your contract ended", remedy="Ask your organisation"))
        with pytest.raises(Answered) as caught:
            list(Api(way, Fixed("t")).run("g", "code", id="one", purpose="run"))
        assert sentence(caught.value) == "Your contract ended. Ask your organisation."


class Feed:
    """A websocket server that holds a log, cuts connections as told, and loses the first acknowledgement."""

    def __init__(self) -> None:
        self.log = [self._stored(n) for n in range(1, 7)]
        self.cuts = [2, 2]
        self.resumed: list[int] = []
        self.received: list[str] = []

    @staticmethod
    def _stored(sequence: int) -> dict[str, Any]:
        return {**interaction("workspace.seen", {}, id=f"e{sequence}", time=utc_now()), "sequence": str(sequence)}

    def __call__(self, socket: ServerConnection) -> None:
        assert socket.subprotocol == "goals.v1"
        socket.send(json.dumps(self._passing("goals.welcome", {"sequence": "6"})))
        for text in socket:
            message = json.loads(text)
            if message["type"] != "goals.resume":
                self.received.append(message["id"])
                if self.received.count(message["id"]) == 1:
                    return  # taken, and cut before it could be acknowledged
                ack = {"id": message["id"], "status": "duplicate", "position": 7, "problem": None}
                socket.send(json.dumps(self._passing("goals.ack", ack)))
                continue
            after = message["data"]["after"]
            self.resumed.append(after)
            told = self.log[after:]
            if self.cuts:
                for event in told[: self.cuts.pop(0)]:
                    socket.send(json.dumps(event))
                return
            for event in [*self.log[max(0, after - 1) : after], *told]:  # the last one again: it must not count twice
                socket.send(json.dumps(event))

    @staticmethod
    def _passing(type_: str, data: dict[str, Any]) -> dict[str, Any]:
        return {**interaction("workspace.seen", data, time=utc_now()), "type": type_}


@contextmanager
def serving(feed: Feed) -> Iterator[str]:
    with serve(feed, "127.0.0.1", 0, subprotocols=["goals.v1"]) as server:  # type: ignore[list-item]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()
        thread.join()


class Twice:
    """A websocket server that tells the frames of a run that goes on again after a cut."""

    def __init__(self) -> None:
        self.connections = 0

    def __call__(self, socket: ServerConnection) -> None:
        self.connections += 1
        socket.send(json.dumps(Feed._passing("goals.welcome", {"sequence": "0"})))
        for frame in range(1, 3 if self.connections == 1 else 5):
            socket.send(json.dumps(Feed._passing("goals.run.case", {"run": "r", "frame": frame})))
        if self.connections > 1:
            socket.send(json.dumps(Feed._stored(1)))
            for _ in socket:
                pass


class TestStream:
    def test_frames_that_are_told_again_after_a_cut_are_told_once(self) -> None:
        heard: list[int] = []
        server = Twice()
        passing = lambda e: heard.append(e.data["frame"]) if "frame" in e.data else None  # noqa: E731
        with serving(server) as address, Stream(address, Fixed("t"), passing=passing) as stream:  # type: ignore[arg-type]
            stream.wait(lambda e: e.sequence == 1, 10)
        assert server.connections == 2
        assert heard == [1, 2, 3, 4]

    def test_resumes_behind_the_last_sequence_and_misses_nothing(self) -> None:
        feed = Feed()
        with serving(feed) as address, Stream(address, Fixed("t"), after=0) as stream:
            stream.wait(lambda e: e.sequence == 6, 10)
            assert [event.sequence for event in stream.events] == [1, 2, 3, 4, 5, 6]
            assert feed.resumed == [0, 2, 4]

    def test_sends_again_what_was_not_acknowledged(self) -> None:
        feed = Feed()
        with serving(feed) as address, Stream(address, Fixed("t"), after=0) as stream:
            stream.wait(lambda e: e.sequence == 6, 10)
            ack = stream.send(interaction("mood.answered", {"answer": "good"}, id="m", time=utc_now()), 10)
        assert ack["status"] == "duplicate"
        assert feed.received == ["m", "m"]

    def test_says_what_did_not_come(self) -> None:
        feed = Feed()
        with (
            serving(feed) as address,
            Stream(address, Fixed("t"), after=0) as stream,
            pytest.raises(Unreachable, match="the hint did not come within 0 s"),
        ):
            stream.wait(lambda _: False, 0.1, what="the hint")
