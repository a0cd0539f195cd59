"""Signing up, in, and out over HTTP."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import jwt
import pytest

from tests.api.conftest import PASSWORD, Learner, Open, World, problem


def test_a_newcomer_gets_an_account_a_trial_contract_and_the_courses_for_newcomers(world: World) -> None:
    ada = world.learner(language="es", timezone="Europe/Madrid")
    me = ada.get("/v1/me").json()
    assert (me["name"], me["language"], me["timezone"], me["roles"]) == ("Ada", "es", "Europe/Madrid", ["learner"])
    assert {e["course"] for e in me["enrolments"]} == {"python-foundations", "python-collections"}
    contract = ada.get("/v1/contract").json()
    assert contract["organisation"] == "trial"
    assert contract["days_left"] in (29, 30)
    types = [e["type"] for e in ada.get("/v1/events").json()["events"]]
    assert types[:2] == ["goals.learner.registered", "goals.contract.signed"]
    assert types.count("goals.enrolment.started") == 2


def test_who_signs_up_may_name_the_courses(world: World) -> None:
    ada = world.learner(courses=["javascript-foundations", "javascript-foundations"])
    assert [e["course"] for e in ada.get("/v1/me").json()["enrolments"]] == ["javascript-foundations"]


def test_the_access_token_verifies_with_the_published_keys(world: World, ada: Learner) -> None:
    [key] = world.http.get("/.well-known/jwks.json").json()["keys"]
    claims = jwt.decode(
        ada.access, jwt.PyJWK(key), algorithms=[key["alg"]], audience="goals", issuer="http://127.0.0.1:8080"
    )
    assert (claims["sub"], claims["exp"] - claims["iat"]) == (ada.id, 600)


def test_an_email_signs_up_once(world: World, ada: Learner) -> None:
    body = {"email": ada.email.upper(), "password": PASSWORD, "name": "Eve"}
    problem(world.http.post("/v1/auth/register", json=body), 409)
    assert world.rows("SELECT count(*) FROM learner") == [(1,)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody"},
        {"email": "a\x00b@example.org"},
        {"email": f"{'x' * 250}@example.org"},
        {"password": "short"},
        {"password": "x" * 201},
        {"name": ""},
        {"name": "a\x00b"},
        {"timezone": "Europe/Nowhere"},
        {"timezone": "../../etc/passwd"},
        {"language": "fr"},
        {"surprise": True},
        {"courses": ["astrology"]},
        {"courses": "python-foundations"},
    ],
)
def test_a_wrong_registration_is_refused_and_leaves_nothing(world: World, wrong: dict[str, object]) -> None:
    body = {"email": "ada@example.org", "password": PASSWORD, "name": "Ada", **wrong}
    told = problem(world.http.post("/v1/auth/register", json=body), 422)
    assert PASSWORD not in str(told)
    assert world.rows("SELECT count(*) FROM accounts") == [(0,)]


def test_wrong_password_and_unknown_account_are_told_alike(world: World, ada: Learner) -> None:
    known = world.http.post("/v1/auth/token", json={"email": ada.email, "password": "wrong"})
    unknown = world.http.post("/v1/auth/token", json={"email": "nobody@example.org", "password": "wrong"})
    assert problem(known, 401) == problem(unknown, 401)
    assert known.headers["www-authenticate"].startswith("Bearer")


def test_signing_in_is_limited(world: World, ada: Learner) -> None:
    body = {"email": ada.email, "password": "wrong"}
    answers = [world.http.post("/v1/auth/token", json=body) for _ in range(12)]
    assert [a.status_code for a in answers[:9]] == [401] * 9
    refused = answers[-1]
    problem(refused, 429)
    assert int(refused.headers["retry-after"]) > 0


def test_a_refresh_token_replayed_ends_the_sign_in(world: World, ada: Learner) -> None:
    body = {"refresh_token": ada.refresh}
    second = world.http.post("/v1/auth/refresh", json=body).json()
    assert ada.get("/v1/me").status_code == 200
    problem(world.http.post("/v1/auth/refresh", json=body), 401)
    problem(world.http.post("/v1/auth/refresh", json={"refresh_token": second["refresh_token"]}), 401)


def test_signing_out_ends_the_refresh_token(world: World, ada: Learner) -> None:
    body = {"refresh_token": ada.refresh}
    assert world.http.post("/v1/auth/logout", json=body).status_code == 204
    problem(world.http.post("/v1/auth/refresh", json=body), 401)


def test_an_editor_signs_in_with_a_device_code(world: World, ada: Learner) -> None:
    asked = world.http.post("/v1/auth/device").json()
    body = {"device_code": asked["device_code"]}
    problem(world.http.post("/v1/auth/device/token", json=body), 409)
    assert ada.post("/v1/auth/device/approve", {"user_code": asked["user_code"]}).status_code == 204
    pair = world.http.post("/v1/auth/device/token", json=body).json()
    assert pair["learner"] == ada.id
    problem(world.http.post("/v1/auth/device/token", json=body), 401)


def test_without_a_token_or_with_an_expired_one_there_is_no_way_in(world: World, ada: Learner) -> None:
    problem(world.http.get("/v1/me"), 401)
    problem(world.http.get("/v1/me", headers={"Authorization": "Basic YTpi"}), 401)
    problem(world.http.get("/v1/me", headers={"Authorization": "Bearer nonsense"}), 401)
    world.clock.ahead = timedelta(minutes=12)
    assert "expired" in problem(ada.get("/v1/me"), 401)["detail"]


def test_a_token_of_another_servers_key_is_refused(
    world: World, open_world: Open, ada: Learner, tmp_path: Path
) -> None:
    other = open_world(keys_dir=_keys(tmp_path))
    problem(other.http.get("/v1/me", headers=ada.headers), 401)


def _keys(folder: Path) -> Path:
    from shared.auth.keys import load

    load(folder / "other", create=True)
    return folder / "other"
