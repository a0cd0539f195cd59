"""How the learner stands, read over HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from functions.api.models.learning import DayOfWork
from functions.api.presenting import streak
from shared.events.catalogue.agents import EvaluationRecorded, MasteryChanged, StateChanged
from shared.events.catalogue.contracts import Terms
from shared.events.catalogue.explaining import EvaluationSummarised, Retained
from shared.events.catalogue.interactions import CodeEdited
from shared.events.catalogue.learners import RunFinished
from shared.events.catalogue.teaching import (
    FeedbackGiven,
    HintGiven,
    LessonWritten,
    PlanChanged,
    PlannedGoal,
    ReviewDue,
)
from shared.ids import new_id
from tests.api.conftest import CODE, Learner, World, event, lines, problem


def test_todays_goals_are_those_of_the_learners_own_day(world: World) -> None:
    ada = world.learner(timezone="Pacific/Kiritimati")  # UTC+14
    today = (world.clock() + timedelta(hours=14)).date()
    mine = world.goal(ada.id, day=today)
    old = world.goal(ada.id, day=today - timedelta(days=3))
    working = world.goal(ada.id, day=today - timedelta(days=2))
    world.record(ada.id, StateChanged(entity="goal", id=working, before="assigned", after="open", because="ran"))
    listed = ada.get("/v1/goals").json()
    assert listed["day"] == today.isoformat()
    assert {g["goal"] for g in listed["goals"]} == {mine, working}
    assert {g["goal"] for g in ada.get("/v1/goals?all=true").json()["goals"]} == {mine, old, working}


def test_a_goal_is_told_in_the_learners_language_with_its_variant(world: World) -> None:
    from shared.curriculum import load

    ada = world.learner(language="es")
    slug, challenge = next((s, c) for s, c in load().challenges.items() if c.parametric)
    variant = challenge.variants[-1].id
    goal = world.goal(ada.id, slug, variant=variant)
    world.record(ada.id, LessonWritten(page="p", concept=challenge.concept, course=challenge.course, language="es",
                                       version="1", goal=goal, anchor="x", because="new"))  # fmt: skip
    told = ada.get(f"/v1/goals/{goal}").json()
    filled = challenge.instantiate(variant)
    assert told["statement"] == filled.statement["es"]
    assert told["starter"] == filled.starter
    assert [c["id"] for c in told["cases"]] == [c.id for c in filled.visible_cases]
    assert told["hidden_cases"] == len(filled.cases) - len(filled.visible_cases)
    assert told["page"]["href"] == f"/v1/lessons/{challenge.concept}?goal={goal}"
    assert "reference" not in told
    page = ada.get(told["page"]["href"])
    assert page.headers["content-type"] == "text/markdown; charset=utf-8"
    assert page.headers["content-language"] == "es"


def test_a_goal_tells_the_rungs_opened_wherever_they_were_asked_for(world: World, ada: Learner) -> None:
    goal, other = world.goal(ada.id), world.goal(ada.id)
    for rung, words in ((2, "Look at the loop."), (1, "What is asked?"), (2, "Look at its condition.")):
        world.record(ada.id, HintGiven(goal=goal, rung=rung, text=words, left=5 - rung))
    assert ada.get(f"/v1/goals/{goal}").json()["rungs"] == [
        {"rung": 1, "text": "What is asked?", "left": 4},
        {"rung": 2, "text": "Look at its condition.", "left": 3},
    ]
    assert ada.get(f"/v1/goals/{other}").json()["rungs"] == []


def test_another_learners_things_are_not_there(world: World, ada: Learner) -> None:
    goal = world.goal(world.learner().id)
    for path in (f"/v1/goals/{goal}", f"/v1/goals/{goal}/runs", f"/v1/lessons/loops?goal={goal}"):
        problem(ada.get(path), 404)


@pytest.mark.parametrize(
    "path",
    ["/v1/goals/none", "/v1/mastery/loops", "/v1/lessons/no-such-concept", "/v1/plan", "/v1/events/correlation/none",
     "/v1/nowhere", "/nowhere"],
)  # fmt: skip
def test_what_is_not_there_is_a_problem(ada: Learner, path: str) -> None:
    problem(ada.get(path), 404)


@pytest.mark.parametrize(
    "path",
    ["/v1/goals/a%00b", "/v1/goals/a%20b", "/v1/mastery/%F0%9F", "/v1/lessons/UPPER", "/v1/events?after=-1",
     "/v1/events?limit=0", "/v1/events?limit=501", f"/v1/events?after={2**63}", "/v1/events?after=x",
     "/v1/goals?all=perhaps"],
)  # fmt: skip
def test_what_cannot_be_asked_is_a_problem(ada: Learner, path: str) -> None:
    problem(ada.get(path), 422)


def test_plan_mastery_and_reviews_are_shown_with_their_reasons(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    now = world.clock()
    planned = PlannedGoal(kind="daily", concept="loops", minutes=10, because="loops come next", weight=0.8, goal=goal)
    [evidence, *_] = world.record(
        ada.id,
        EvaluationRecorded(goal=goal, run="r", challenge="coin-jar", concepts=("loops",), correct=True, assisted=False,
                           purpose="submit", expected=0.6, score=1, attempt=1),
        PlanChanged(day=now.date(), minutes=30, goals=(planned,), because="a new day"),
        ReviewDue(concept="loops", due=now - timedelta(hours=1)),
    )  # fmt: skip
    world.record(
        ada.id,
        MasteryChanged(concept="loops", goal=goal, before=0, after=0.5, assisted=0.1, unassisted=0.5, uncertainty=0.9,
                       attempts=1, evidence=(evidence,), because="solved at once"),
    )  # fmt: skip
    plan = ada.get("/v1/plan").json()
    assert (plan["goals"][0]["because"], plan["goals"][0]["title"]) == ("loops come next", "Loops")
    progress = ada.get("/v1/progress").json()
    assert (progress["mastery"][0]["shown"], progress["reviews"][0]["overdue"]) == (0.5, True)
    why = ada.get("/v1/mastery/loops").json()
    assert [e["id"] for e in why["events"]] == [evidence]
    assert why["events"][0]["data"]["expected"] == 0.6
    courses = ada.get("/v1/courses").json()["courses"]
    shown = {c["concept"]: c["shown"] for course in courses for m in course["modules"] for c in m["concepts"]}
    assert shown["loops"] == 0.5
    assert shown["lists"] is None


def test_the_day_in_one_answer_has_an_etag(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    first = ada.get("/v1/daily")
    assert [g["goal"] for g in first.json()["goals"]] == [goal]
    seen = {**ada.headers, "If-None-Match": first.headers["etag"]}
    again = world.http.get("/v1/daily", headers=seen)
    assert (again.status_code, again.content) == (304, b"")
    ada.post(f"/v1/goals/{goal}/runs", {"id": "r", "code": CODE})
    third = world.http.get("/v1/daily", headers=seen)
    assert third.status_code == 200
    assert third.json()["stats"] == {"runs": 1, "solved": 0, "minutes_planned": 0, "reviews_due": 0}
    assert third.json()["streak"] == {"current": 1, "longest": 1}


def test_events_come_in_pages_and_by_correlation(world: World, ada: Learner) -> None:
    one = event("mood.answered", {"answer": "good"})
    ada.send(one)
    first = ada.get("/v1/events?limit=3").json()
    rest = ada.get(f"/v1/events?after={first['next']}").json()
    assert rest["next"] is None
    assert [e["type"] for e in rest["events"]][-1] == "goals.mood.answered"
    way = ada.get(f"/v1/events/correlation/{one['id']}").json()["events"]
    assert [e["id"] for e in way] == [one["id"]]
    bob = world.learner()
    problem(bob.get(f"/v1/events/correlation/{one['id']}"), 404)
    world.grant(bob, "operator")
    assert bob.get(f"/v1/events/correlation/{one['id']}").status_code == 200


def test_terms_are_stated_by_the_contracts_own_organisation(world: World, ada: Learner) -> None:
    now = datetime.now(UTC)
    terms = Terms(starts=now, ends=now + timedelta(days=365), runs_per_day=5).model_dump(mode="json")
    path = f"/v1/contracts/{ada.id}/terms"
    problem(ada.post(path, {"terms": terms}), 403)
    boss, operator = world.learner(), world.learner()
    world.grant(boss, "organisation", organisation="acme")
    world.grant(operator, "operator")
    problem(boss.post(path, {"terms": terms}), 404)
    assert operator.post(path, {"terms": terms, "organisation": "acme"}).status_code == 201
    assert boss.post(path, {"terms": {**terms, "runs_per_day": 7}}).status_code == 201
    seen = ada.get("/v1/contract").json()
    assert (seen["organisation"], seen["terms"]["runs_per_day"], seen["left_today"]) == ("acme", 7, 7)
    problem(boss.post(path, {"terms": {**terms, "ends": terms["starts"]}}), 422)
    problem(boss.post("/v1/contracts/none/terms", {"terms": terms}), 404)


def test_a_fault_is_no_day_of_work(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.record(ada.id, RunFinished(goal=goal, run="r", purpose="run", passed=0, failed=0, total=8, verdict="fault",
                                     mode="none", ms=1, fault=True))  # fmt: skip
    assert ada.get("/v1/progress").json()["days"] == []


MONDAY = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("worked", "off", "expected"),
    [
        ([], [], (0, 0)),
        ([0, 1, 2], [], (0, 3)),
        ([4, 5, 6], [], (3, 3)),
        ([4, 5, 6, 7], [], (4, 4)),
        ([0, 1, 4, 7], [5, 6], (2, 2)),
        ([3, 4, 7], [5, 6], (3, 3)),
        ([0, 1, 2, 3, 5], [], (0, 4)),
    ],
)
def test_a_streak_counts_days_in_a_row_and_days_off_do_not_break_it(
    worked: list[int], off: list[int], expected: tuple[int, int]
) -> None:
    days = [DayOfWork(day=MONDAY + timedelta(days=n), runs=1, solved=0) for n in worked]
    found = streak(days, MONDAY + timedelta(days=7), off)
    assert (found.current, found.longest) == expected


def test_progress_tells_the_minutes_an_editor_told_of(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.record(ada.id, RunFinished(goal=goal, run="r", purpose="run", passed=1, failed=7, total=8, verdict="failed",
                                     mode="none", ms=1))  # fmt: skip
    edits = [{"goal": goal, "inserted": 9, "deleted": 1, "seconds": seconds} for seconds in (50.0, 70.5)]
    ada.send(*(event("code.edited", data) for data in edits))
    [day] = ada.get("/v1/progress").json()["days"]
    assert (day["runs"], day["minutes"]) == (1, 2)


def test_progress_shows_eighteen_weeks_day_by_day_and_the_sum_of_all_time(world: World) -> None:
    ada = world.learner(timezone="UTC")
    now = world.clock()
    goal = world.goal(ada.id)

    def ran(ago: int, name: str) -> None:
        run = RunFinished(goal=goal, run=name, purpose="run", passed=1, failed=7, total=8, verdict="failed",
                          mode="none", ms=1)  # fmt: skip
        world.record(ada.id, run, at=now - timedelta(days=ago))

    def typed(ago: int, minutes: int) -> None:
        edited = CodeEdited(goal=goal, inserted=9, deleted=1, seconds=60.0 * minutes)
        world.record(ada.id, edited, at=now - timedelta(days=ago))

    for ago in (0, 61, 125, 126, 300):
        ran(ago, f"r-{ago}")
        typed(ago, 1 + ago)
    typed(90, 4)
    world.record(ada.id, StateChanged(entity="goal", id=goal, before="open", after="solved", because="passed"))
    progress = ada.get("/v1/progress").json()
    shown = {(now.date() - date.fromisoformat(day["day"])).days: day for day in progress["days"]}
    assert list(shown) == [125, 90, 61, 0]
    assert {ago: day["minutes"] for ago, day in shown.items()} == {125: 126, 90: 4, 61: 62, 0: 1}
    assert shown[90]["runs"] == 0
    assert progress["total"] == {"days": 5, "runs": 5, "solved": 1, "minutes": 1 + 62 + 126 + 127 + 301 + 4}


def test_a_goal_is_solved_on_the_day_of_its_first_right_submission(world: World) -> None:
    """By no practice run, and once."""
    ada = world.learner(timezone="UTC")
    now = world.clock()
    goal, practised = world.goal(ada.id), world.goal(ada.id)
    for ago, which, purpose in (
        (3, goal, "run"), (2, goal, "submit"), (2, goal, "submit"), (1, goal, "submit"), (1, practised, "run"),
        (0, practised, "run"),
    ):  # fmt: skip
        run = RunFinished(goal=which, run=new_id(), purpose=purpose, passed=8, failed=0, total=8, verdict="passed",
                          mode="none", ms=1)  # fmt: skip
        world.record(ada.id, run, at=now - timedelta(days=ago))
    days = ada.get("/v1/progress").json()["days"]
    assert [(day["runs"], day["solved"]) for day in days] == [(1, 0), (2, 1), (2, 0), (1, 0)]
    assert ada.get("/v1/daily").json()["stats"]["solved"] == 0


def test_progress_has_the_forgetting_curve_of_the_reviews(world: World, ada: Learner) -> None:
    now = world.clock()

    def submitted(goal: str, ago: int, *, correct: bool = True) -> None:
        said = EvaluationRecorded(goal=goal, run="r", challenge="coin-jar", concepts=("loops",), correct=correct,
                                  assisted=False, purpose="submit", expected=0.6, score=1, attempt=1)  # fmt: skip
        world.record(ada.id, said, at=now - timedelta(days=ago))

    submitted(world.goal(ada.id), 20)
    submitted(world.goal(ada.id, kind="review"), 15)
    submitted(world.goal(ada.id, kind="review"), 5, correct=False)
    curve = ada.get("/v1/progress").json()["recall"]
    seen = {step["from_days"]: (step["reviews"], step["recalled"]) for step in curve if step["reviews"]}
    assert seen == {4: (1, 1), 8: (1, 0)}


def test_retention_is_that_of_the_last_summary_with_reviews(world: World, ada: Learner) -> None:
    assert ada.get("/v1/progress").json()["retention"] is None
    kept = Retained(reviews=4, recalled=3)
    world.record(
        ada.id, EvaluationSummarised(day=MONDAY, attempts=4, solved=3, assisted=1, seconds=900, retention=kept)
    )
    assert ada.get("/v1/progress").json()["retention"] == {"reviews": 4, "recalled": 3}


def test_a_lesson_opened_after_a_failure_begins_where_the_failure_is_explained(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)

    def ran(failing: set[str]) -> str:
        world.runner.failing = failing
        answer = ada.post(f"/v1/goals/{goal}/runs", {"id": new_id(), "code": CODE})
        return str(lines(answer)[-1]["run"])

    def link() -> dict[str, str | None]:
        found: dict[str, str | None] = ada.get(f"/v1/goals/{goal}").json()["page"]
        return found

    assert link() == {"concept": "loops", "anchor": None, "href": f"/v1/lessons/loops?goal={goal}"}
    run = ran({"just-missed", "always-the-same"})
    assert link()["anchor"] == "subtask-edges"
    named = '<a id="subtask-edges"></a>In **A jar that fills faster** the case `always-the-same`'
    assert named in ada.get(str(link()["href"])).text

    world.record(ada.id, FeedbackGiven(goal=goal, run=run, text="Look at the start.", cause="accumulator-reset"))
    assert link()["anchor"] == "reset-inside"
    page = ada.get(str(link()["href"])).text
    assert '<a id="reset-inside"></a>' in page
    assert "See: [Starting again at each pass](#reset-inside)." in page

    run = ran({"just-missed"})
    assert link()["anchor"] == "subtask-edges"
    world.record(ada.id, FeedbackGiven(goal=goal, run=run, text="Look at the limit.", cause="boundary"))
    assert link() == {
        "concept": "conditionals",
        "anchor": "boundary-side",
        "href": f"/v1/lessons/conditionals?goal={goal}",
    }
    ran(set())
    assert (link()["concept"], link()["anchor"]) == ("loops", None)
