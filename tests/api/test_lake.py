"""The learner's own copy over HTTP: what has changed, and signed addresses that hold for a while."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.api.routes.lake import MINUTES
from shared.lake.copies.making import behind, make
from shared.lake.filling import fill
from shared.lake.objects.local import LocalObjects
from shared.store.connect import connect
from tests.api.conftest import CODE, Learner, World, problem


def followed(world: World) -> None:
    """What the function `lake` does at a sweep."""
    folder = world.api.settings.data_dir / "lake"
    objects = LocalObjects(folder, public_url=world.url)
    with connect(world.database) as conn:
        while fill(conn, objects, now=world.clock()):
            pass
        for learner in behind(conn):
            make(conn, objects, learner)


def files(world: World, learner: Learner) -> list[dict[str, Any]]:
    """Of the whole copy; addresses lead to the public URL, which is this server's."""
    found: list[dict[str, Any]] = learner.get("/v1/lake/manifest").json()["files"]
    public = world.api.settings.public_url
    assert all(f["url"].startswith(f"{public}/v1/lake/files/") for f in found)
    return [{**f, "url": f["url"].replace(public, world.url)} for f in found]


@pytest.fixture
def worked(world: World) -> Learner:
    ada = world.learner()
    goal = world.goal(ada.id)
    ada.post(f"/v1/goals/{goal}/runs", {"id": "r", "code": CODE})
    followed(world)
    return ada


def test_the_manifest_leads_to_every_file(world: World, worked: Learner) -> None:
    told = worked.get("/v1/lake/manifest").json()
    assert (told["schema"], told["learner"], told["whole"], told["gone"]) == (1, worked.id, True, [])
    assert {f["dataset"] for f in told["files"]} == {"attempts", "goals", "streak"}
    for file in files(world, worked):
        answer = world.http.get(file["url"])  # without a token
        assert answer.headers["content-type"] == "application/vnd.apache.parquet"
        assert hashlib.sha256(answer.content).hexdigest() == file["sha256"]
        assert len(answer.content) == file["bytes"]


def test_a_file_can_be_had_in_parts(world: World, worked: Learner) -> None:
    file = files(world, worked)[0]
    whole = world.http.get(file["url"]).content
    rest = world.http.get(file["url"], headers={"Range": "bytes=100-"})
    assert (rest.status_code, rest.content) == (206, whole[100:])


def test_a_cursor_gives_what_is_new_and_an_etag_spares_the_answer(world: World, worked: Learner) -> None:
    first = worked.get("/v1/lake/manifest")
    again = world.http.get("/v1/lake/manifest", headers={**worked.headers, "If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    change = first.json()["change"]
    assert worked.get(f"/v1/lake/manifest?after={change}").json()["files"] == []
    goal = world.goal(worked.id)
    followed(world)
    third = world.http.get("/v1/lake/manifest", headers={**worked.headers, "If-None-Match": first.headers["etag"]})
    assert third.status_code == 200
    news = worked.get(f"/v1/lake/manifest?after={change}").json()
    assert {f["dataset"] for f in news["files"]} == {"goals"}, goal
    assert not news["whole"]
    assert news["position"] > first.json()["position"]
    assert news["digest"] == third.json()["digest"] != first.json()["digest"]


def test_an_address_expires_and_holds_for_its_own_file_alone(world: World, worked: Learner) -> None:
    one, other, *_ = files(world, worked)
    assert world.http.get(one["url"]).status_code == 200
    mixed = other["url"].partition("?")[0] + "?" + one["url"].partition("?")[2]
    problem(world.http.get(mixed), 403)
    problem(world.http.get(one["url"].replace("expires=", "expires=9")), 403)
    world.clock.ahead = timedelta(minutes=MINUTES, seconds=5)
    assert "expired" in problem(world.http.get(one["url"]), 403)["detail"]


@pytest.mark.parametrize("key", ["../../keys/x.pem", ".signing", "learners/x/%00", "learners/%2e%2e/x"])
def test_no_address_leads_out_of_the_lake(world: World, worked: Learner, key: str) -> None:
    answer = world.http.get(f"/v1/lake/files/{key}?expires=9999999999&signature={'0' * 64}")
    assert answer.status_code in (403, 404, 422)


def test_somebody_else_is_told_nothing_of_it(world: World, worked: Learner) -> None:
    bob = world.learner()
    followed(world)
    assert bob.get("/v1/lake/manifest").json()["files"] == []
    problem(world.http.get("/v1/lake/manifest"), 401)


def test_what_cannot_be_asked_is_a_problem(worked: Learner) -> None:
    for query in ("after=-1", "after=x", f"after={2**63}"):
        problem(worked.get(f"/v1/lake/manifest?{query}"), 422)


def test_after_erasure_the_client_is_told_that_the_account_is_gone(world: World, worked: Learner) -> None:
    world.http.delete("/v1/me", headers=worked.headers)
    assert problem(worked.get("/v1/lake/manifest"), 401)["type"] == "urn:goals:problem:account-gone"


def test_a_lake_that_is_away_is_a_503(world: World, worked: Learner) -> None:
    worked.get("/v1/lake/manifest")
    file = files(world, worked)[0]
    folder: Path = world.api.settings.data_dir / "lake"
    folder.rename(folder.with_name("away"))
    try:
        problem(world.http.get(file["url"]), 503)
        assert worked.get("/v1/lake/manifest").status_code == 200
    finally:
        folder.with_name("away").rename(folder)
