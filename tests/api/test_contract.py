"""The contract as its learner meets it: what is left and when it comes anew, what changed, what is to accept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.events.catalogue.contracts import QuotaRefunded, Terms
from shared.events.catalogue.learners import RunCancelled, RunFinished
from shared.events.catalogue.teaching import ChallengeRejected, HintGiven
from tests.api.conftest import CODE, PASSWORD, Learner, World, event, problem


@pytest.fixture
def boss(world: World, ada: Learner) -> Learner:
    """The organisation that pays for Ada."""
    operator, boss = world.learner(), world.learner()
    world.grant(operator, "operator")
    world.grant(boss, "organisation", organisation="acme")
    assert operator.post(terms_of(ada), {"terms": terms(), "organisation": "acme"}).status_code == 201
    return boss


def terms_of(learner: Learner) -> str:
    return f"/v1/contracts/{learner.id}/terms"


def terms(**told: Any) -> dict[str, Any]:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    found = Terms(starts=start, ends=datetime.now(UTC) + timedelta(days=100), **told).model_dump(mode="json")
    return {**found, "ends": "2036-01-01T00:00:00Z"} if "ends" not in told else found


def later(world: World, learner: Learner, ahead: timedelta) -> None:
    """Moves the clock on; tokens of before have expired, so the learner signs in again."""
    world.clock.ahead = ahead
    pair = world.http.post("/v1/auth/token", json={"email": learner.email, "password": PASSWORD}).json()
    learner.access = pair["access_token"]


def quota(learner: Learner, kind: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = learner.get("/v1/contract").json()["quotas"]
    return next(q for q in found if q["kind"] == kind)


def ran(goal: str, run: str, **told: Any) -> RunFinished:
    facts: dict[str, Any] = {
        "purpose": "run",
        "passed": 1,
        "failed": 0,
        "total": 1,
        "verdict": "passed",
        "mode": "none",
    }
    return RunFinished(goal=goal, run=run, ms=1, **{**facts, **told})


def test_a_learner_reads_what_is_left_of_each_quota_and_when_it_comes_anew(
    world: World, ada: Learner, boss: Learner
) -> None:
    ada.send(event("profile.stated", {"timezone": "Asia/Kathmandu"}))
    boss.post(terms_of(ada), {"terms": terms(runs_per_day=5, hints_per_day=3, kinds_per_day={"review": 1})})
    goal = world.goal(ada.id, day=datetime.now(ZoneInfo("Asia/Kathmandu")).date(), kind="review")
    world.record(ada.id, ran(goal, "r-1"), HintGiven(goal=goal, rung=1, text="Look.", left=4))
    found = {q["kind"]: (q["limit"], q["used"], q["left"]) for q in ada.get("/v1/contract").json()["quotas"]}
    assert found == {"runs": (5, 1, 4), "hints": (3, 1, 2), "goals": (12, 1, 11), "goals.review": (1, 1, 0)}
    resets = datetime.fromisoformat(quota(ada, "runs")["resets"]).astimezone(ZoneInfo("Asia/Kathmandu"))
    assert (resets.hour, resets.minute) == (0, 0)
    later(world, ada, timedelta(days=1))
    assert quota(ada, "runs")["used"] == quota(ada, "hints")["used"] == 0


def test_another_time_zone_brings_no_new_quota_a_third_time(world: World, ada: Learner, boss: Learner) -> None:
    boss.post(terms_of(ada), {"terms": terms(runs_per_day=2)})
    later(world, ada, timedelta(days=2))
    goal, now = world.goal(ada.id), datetime.now(UTC) + timedelta(days=2)

    def state_midnight(hours_ago: int) -> None:
        """A zone in which the day began so many hours ago; the signs of these names are turned round."""
        offset = (hours_ago - now.hour) % 24
        name = f"Etc/GMT-{offset}" if 0 < offset <= 14 else f"Etc/GMT+{24 - offset}" if offset else "UTC"
        ada.send(event("profile.stated", {"timezone": name}))

    state_midnight(6)
    world.record(ada.id, ran(goal, "r-1"), ran(goal, "r-2"))
    assert quota(ada, "runs")["left"] == 0
    world.clock.ahead += timedelta(hours=2)
    later(world, ada, world.clock.ahead)
    state_midnight(0)
    world.record(ada.id, ran(goal, "r-3"), ran(goal, "r-4"))
    world.clock.ahead += timedelta(hours=2)
    later(world, ada, world.clock.ahead)
    for hours in range(24):
        state_midnight(hours)
        assert quota(ada, "runs")["left"] == 0


def test_what_we_failed_the_learner_ended_or_was_never_proven_uses_up_nothing(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    before = {kind: quota(ada, kind)["used"] for kind in ("runs", "goals")}
    contract = ada.get("/v1/contract").json()["contract"]
    world.record(
        ada.id,
        ran(goal, "r-fault", verdict="fault", fault=True, passed=0),
        RunCancelled(goal=goal, run="r-ended", purpose="run", judged=1, total=8),
        ran(goal, "r-back"),
        QuotaRefunded(contract=contract, run="r-back", because="the runner was away"),
        ChallengeRejected(challenge="coin-jar", version=1, reasons=("the starter passes",)),
    )
    assert {kind: quota(ada, kind)["used"] for kind in ("runs", "goals")} == before


def test_new_terms_hold_for_the_very_next_run(world: World, ada: Learner, boss: Learner) -> None:
    goal = world.goal(ada.id)
    ask = {"id": "run-1", "code": CODE, "purpose": "run"}
    boss.post(terms_of(ada), {"terms": terms(courses=["python-collections"])})
    refused = problem(ada.post(f"/v1/goals/{goal}/runs", ask), 403)
    assert refused["reason"] == "course_not_covered"
    boss.post(terms_of(ada), {"terms": terms(runs_per_day=0)})
    assert problem(ada.post(f"/v1/goals/{goal}/runs", ask), 403)["reason"] == "quota_used_up"
    boss.post(terms_of(ada), {"terms": terms()})
    assert ada.post(f"/v1/goals/{goal}/runs", ask).status_code == 200


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({"starts": "2026-01-01T00:00:00", "ends": "2036-01-01T00:00:00"}, "starts"),
        ({"ends": "2036-01-01T00:00:00"}, "ends"),
        ({"ends": "2025-01-01T00:00:00Z"}, "end"),
        ({"courses": ["python-foundations", "alchemy"]}, "alchemy"),
    ],
)
def test_terms_that_cannot_hold_are_refused_and_lock_nobody_out(
    ada: Learner, boss: Learner, told: dict[str, Any], where: str
) -> None:
    answer = boss.post(terms_of(ada), {"terms": {**terms(), **told}})
    assert answer.status_code == 422
    assert where in answer.text
    assert ada.get("/v1/contract").status_code == 200


def test_an_amendment_sent_twice_is_one_and_an_id_used_for_other_terms_is_refused(
    world: World, ada: Learner, boss: Learner
) -> None:
    first = boss.post(terms_of(ada), {"id": "a-1", "terms": terms(runs_per_day=5)})
    again = boss.post(terms_of(ada), {"id": "a-1", "terms": terms(runs_per_day=5)})
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    problem(boss.post(terms_of(ada), {"id": "a-1", "terms": terms(runs_per_day=6)}), 409)
    boss.post(terms_of(ada), {"id": "a-2", "terms": terms(runs_per_day=7)})
    late = boss.post(terms_of(ada), {"id": "a-1", "terms": terms(runs_per_day=5)})
    assert late.json() == first.json()
    assert ada.get("/v1/contract").json()["terms"]["runs_per_day"] == 7


def test_every_amendment_says_what_it_changed_under_a_version_of_its_own(
    world: World, ada: Learner, boss: Learner
) -> None:
    for runs in (5, 9, 5):
        boss.post(terms_of(ada), {"terms": terms(runs_per_day=runs)})
    steps = [s for s in ada.get("/v1/contract/history").json()["steps"] if s["type"] == "goals.contract.amended"]
    assert [s["changes"]["runs_per_day"] for s in steps[1:]] == [["200", "5"], ["5", "9"], ["9", "5"]]
    versions = [s["version"] for s in steps]
    assert len(set(versions)) == len(versions)


def test_terms_to_accept_stop_the_learning_after_the_grace_and_acceptance_lifts_it_at_once(
    world: World, ada: Learner, boss: Learner
) -> None:
    goal = world.goal(ada.id)
    boss.post(terms_of(ada), {"terms": terms(acceptance=True, consents=["models"], grace_days=2, version="spring")})
    seen = ada.get("/v1/contract").json()["acceptance"]
    assert (seen["required"], seen["missing"]) == (True, ["models"])

    def tried(name: str) -> Any:
        return ada.post(f"/v1/goals/{goal}/runs", {"id": name, "code": CODE, "purpose": "run"})

    assert tried("r-1").status_code == 200
    later(world, ada, timedelta(days=2, minutes=1))
    assert problem(tried("r-2"), 403)["reason"] == "terms_not_accepted"
    accepts = "/v1/contract/acceptance"
    problem(ada.post(accepts, {"id": "x", "version": "winter"}), 409)
    assert ada.post(accepts, {"id": "x", "version": "spring"}).status_code == 201
    assert problem(tried("r-3"), 403)["reason"] == "consent_missing"
    whole = {"id": "y", "version": "spring", "consents": ["models"]}
    assert ada.post(accepts, whole).json() == ada.post(accepts, whole).json()
    problem(ada.post(accepts, {**whole, "consents": []}), 409)
    seen = ada.get("/v1/contract").json()["acceptance"]
    assert (seen["missing"], seen["by"], seen["accepted"], seen["consents"]) == ([], None, "spring", ["models"])
    assert tried("r-4").status_code == 200


def test_seats_go_to_those_who_signed_first(world: World, ada: Learner, boss: Learner) -> None:
    late = world.learner()
    operator = world.learner()
    world.grant(operator, "operator")
    for learner in (late, ada):
        operator.post(terms_of(learner), {"terms": terms(seats=1), "organisation": "acme"})
    asked = {"code": CODE, "purpose": "run"}
    assert ada.post(f"/v1/goals/{world.goal(ada.id)}/runs", {"id": "r", **asked}).status_code == 200
    refused = problem(late.post(f"/v1/goals/{world.goal(late.id)}/runs", {"id": "r", **asked}), 403)
    assert refused["reason"] == "no_seat"
    operator.post(terms_of(ada), {"terms": {**terms(seats=1), "ends": "2026-02-01T00:00:00Z"}})
    assert late.post(f"/v1/goals/{world.goal(late.id)}/runs", {"id": "r2", **asked}).status_code == 200
