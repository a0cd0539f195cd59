"""Export and erasure: everything we hold, and then nothing that says who it was."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from shared.auth import accounts
from shared.errors import NotAuthenticated
from shared.models.budget import private
from shared.models.redis import RedisCache
from shared.models.redis import connect as connect_redis
from shared.store import connect
from tests.api.conftest import CODE, PASSWORD, Learner, Open, World, event, problem
from tests.api.test_socket import closing, hear
from tests.learning.history import append, evaluated, folded


def test_an_export_holds_every_event_with_its_texts(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    ada.send(event("wish.stated", {"text": "parse logs"}), *(event("goal.opened", {"goal": goal}) for _ in range(3)))
    ada.post(f"/v1/goals/{goal}/runs", {"id": "r", "code": CODE})
    answer = ada.get("/v1/me/export")
    assert "attachment" in answer.headers["content-disposition"]
    held = answer.json()
    assert held["account"]["email"] == ada.email
    assert [int(e["sequence"]) for e in held["events"]] == [
        row[0] for row in world.rows("SELECT position FROM events WHERE subject = %s ORDER BY 1", ada.id)
    ]
    text = answer.text
    assert "payload:" not in text
    for own in ("parse logs", "Ada", json.dumps(CODE)[1:-1]):
        assert own in text


def test_an_export_of_many_pages_is_whole(world: World, ada: Learner) -> None:
    for _ in range(11):
        ada.send(*(event("mood.answered", {"answer": "good"}) for _ in range(100)))
    assert len(ada.get("/v1/me/export").json()["events"]) == 1_104


def test_erasure_leaves_nothing_of_the_learner_and_everything_of_others(world: World, ada: Learner) -> None:
    bob = world.learner(name="Bob")
    goal = world.goal(ada.id)
    ada.send(event("wish.stated", {"text": "my secret wish"}))
    ada.post(f"/v1/goals/{goal}/runs", {"id": "r", "code": "secret = 1"})
    threads = [f"goal/{goal}", f"learner/{ada.id}", f"learner/{bob.id}"]
    with connect(world.database) as conn:
        for thread in threads:
            conn.execute(
                "INSERT INTO checkpoints (thread, id, kind, checkpoint, metadata) VALUES (%s, '1', 'x', '', '{}')",
                [thread],
            )
            conn.execute("INSERT INTO threads (id, checkpoint) VALUES (%s, '1') ON CONFLICT DO NOTHING", [thread])
        conn.execute(
            "INSERT INTO rejections (id, consumer, type, reason, body) VALUES ('1', 'x', 'y', 'z', %s)",
            [f'{{"subject":"{ada.id}","data":"secret"}}'.encode()],
        )
    with ada.socket() as ws:
        hear(ws, "goals.welcome")
        erased = world.http.request("DELETE", "/v1/me", headers=ada.headers)
        assert erased.status_code == 200
        assert closing(ws) == (4001, "erased")
    for table in ("payloads", "accounts", "refresh_tokens"):
        assert world.rows(f"SELECT count(*) FROM {table} WHERE learner = %s", ada.id) == [(0,)]  # noqa: S608
        assert world.rows(f"SELECT count(*) > 0 FROM {table} WHERE learner = %s", bob.id) == [(True,)]  # noqa: S608
    assert world.rows("SELECT thread FROM checkpoints") == [(f"learner/{bob.id}",)]
    assert world.rows("SELECT id FROM threads") == [(f"learner/{bob.id}",)]
    assert world.rows("SELECT count(*) FROM waiting WHERE thread = ANY(%s)", threads[:2]) == [(0,)]
    assert world.rows("SELECT body FROM rejections") == [(b"",)]
    assert world.rows("SELECT count(*) FROM events WHERE type = 'goals.learner.erased'") == [(1,)]
    assert bob.get("/v1/me").json()["name"] == "Bob"


@pytest.mark.parametrize("redis_url", ["valkey"], indirect=True)
def test_erasure_reaches_a_model_s_answers_and_waits_for_them(
    open_world: Open, redis_url: str, redis_servers: dict[str, Any], run_owner: int
) -> None:
    world = open_world(redis_url=redis_url)
    eva = world.learner(name="Eva")
    with connect_redis(redis_url) as client:
        cache = RedisCache(client)
        cache.put(private(eva.id), "k", "what a model said of her code", world.clock())
        redis_servers["valkey"].kill()
        refused = world.http.request("DELETE", "/v1/me", headers=eva.headers)
        assert refused.status_code == 503
        assert eva.get("/v1/me").json()["name"] == "Eva"
        redis_servers["valkey"].start(run_owner)
        cache.put(private(eva.id), "k", "what a model said of her code", world.clock())
        assert world.http.request("DELETE", "/v1/me", headers=eva.headers).status_code == 200
        assert cache.get(private(eva.id), "k", world.clock()) is None


def test_erasure_takes_the_learner_s_part_of_the_learner_model(world: World, ada: Learner) -> None:
    bob = world.learner(name="Bob")
    at = world.clock()
    with connect(world.database) as conn:
        append(
            conn,
            [(ada.id, at, evaluated("g1", "coin-jar", 1, True)), (bob.id, at, evaluated("g2", "coin-jar", 1, True))],
        )
        folded(conn)
        parts = "SELECT name FROM model_part WHERE name LIKE 'learner:%%' ORDER BY name"
        assert world.rows(parts) == sorted([(f"learner:{ada.id}",), (f"learner:{bob.id}",)])
        assert world.http.request("DELETE", "/v1/me", headers=ada.headers).status_code == 200
        assert world.rows(parts) == [(f"learner:{bob.id}",)]
        folded(conn)
        assert world.rows(parts) == [(f"learner:{bob.id}",)]


def test_an_erased_learner_has_no_way_in_with_any_token(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.http.request("DELETE", "/v1/me", headers=ada.headers)
    for path in ("/v1/me", "/v1/me/export", "/v1/goals", f"/v1/goals/{goal}", "/v1/events", "/v1/daily", "/v1/plan"):
        problem(ada.get(path), 401)
    problem(ada.post("/v1/interactions", [event("mood.answered", {"answer": "good"})]), 401)
    problem(ada.post(f"/v1/goals/{goal}/runs", {"id": "r", "code": CODE}), 401)
    problem(world.http.post("/v1/auth/refresh", json={"refresh_token": ada.refresh}), 401)
    problem(world.http.post("/v1/auth/token", json={"email": ada.email, "password": PASSWORD}), 401)
    with ada.socket() as ws:
        assert closing(ws)[0] == 4001
    with connect(world.database) as conn:
        try:
            accounts.rotate(conn, ada.refresh, now=world.clock(), days=1)
        except NotAuthenticated:
            return
    raise AssertionError("the refresh token still works")


def test_who_comes_back_after_an_erasure_is_told_that_the_account_is_gone(world: World, ada: Learner) -> None:
    token = ada.headers["Authorization"].removeprefix("Bearer ")
    world.http.request("DELETE", "/v1/me", headers=ada.headers)
    world.clock.ahead = timedelta(days=2)  # the access token has long expired
    body = {"refresh_token": ada.refresh, "access_token": token}
    assert problem(world.http.post("/v1/auth/refresh", json=body), 401)["type"].endswith(":account-gone")
    for told in (None, "nonsense", token[:-8] + "AAAAAAAA"):
        answer = problem(world.http.post("/v1/auth/refresh", json={**body, "access_token": told}), 401)
        assert answer["type"].endswith(":not-authenticated"), told


def test_a_sign_in_that_only_ended_is_not_taken_for_an_erasure(world: World, ada: Learner) -> None:
    token = ada.headers["Authorization"].removeprefix("Bearer ")
    world.http.post("/v1/auth/logout", json={"refresh_token": ada.refresh})
    body = {"refresh_token": ada.refresh, "access_token": token}
    assert problem(world.http.post("/v1/auth/refresh", json=body), 401)["type"].endswith(":not-authenticated")


def test_erasing_twice_is_harmless_and_the_email_is_free_again(world: World, ada: Learner) -> None:
    assert world.http.request("DELETE", "/v1/me", headers=ada.headers).status_code == 200
    assert world.http.request("DELETE", "/v1/me", headers=ada.headers).status_code in (200, 401)
    body = {"email": ada.email, "password": PASSWORD, "name": "Ada again"}
    assert world.http.post("/v1/auth/register", json=body).json()["learner"] != ada.id
