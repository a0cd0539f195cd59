"""The composition roots on a real store: what each node looks up is what it decides on, and its words are recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from people import NOW, terms

from functions.access import function as access
from functions.access.agent import judge
from functions.access.lookup import subject
from functions.challenges import function as challenges
from functions.contract import function as contract
from functions.courses import function as courses
from functions.courses.lookup import page
from functions.evaluation import function as evaluation
from functions.planner import function as planner
from functions.process import function as process
from graph.decision import Decision
from graph.host import STORE
from shared.clock import rfc3339
from shared.curriculum import load
from shared.errors import NotFound
from shared.events.catalogue import agents, contracts, explaining, interactions, learners
from shared.events.catalogue.teaching import ChallengeMeasured
from shared.events.data import Data
from shared.events.record import new_event
from shared.readmodel import View
from shared.readmodel.challenges import NOBODY
from shared.readmodel.expecting import expected
from shared.store import connect
from shared.store.connect import Connection

BANK = load()


class World:
    """One learner on a real store. `at` moves on by a second with each event."""

    def __init__(self, conn: Connection) -> None:
        self.conn, self.view, self.at, self.n = conn, View(conn), NOW, 0

    def say(self, body: Data, expected: int | None = None, learner: str = "ana") -> str:
        self.n += 1
        self.at += timedelta(seconds=1)
        event = new_event(
            body, id=f"e-{self.n}", source="/t", subject=learner, time=self.at, correlation="k", expected=expected
        )
        with self.conn.transaction():
            STORE.append_one(self.conn, [event])
        return event.id

    def run(self, node: Any, state: dict[str, Any]) -> Decision:
        """What the step does with a node's decision: its events become true."""
        decision: Decision = node.body(state, self.view, self.at)
        for said in decision.events:
            self.say(said.body, said.expected)
        state["findings"] = {**state.get("findings", {}), **decision.update.get("findings", {})}
        state.update({k: v for k, v in decision.update.items() if k != "findings"})
        return decision

    def state(self, trigger: str, input_type: str, id_: str, goal: str | None = None, **facts: Any) -> dict[str, Any]:
        taken = {"id": id_, "type": input_type, "position": 1, "at": rfc3339(self.at), "correlation": "k"}
        return {
            "learner": "ana",
            "tenant": "public",
            "language": "en",
            "goal": goal,
            "trigger": trigger,
            "inputs": [{**taken, "facts": facts}],
            "at": rfc3339(self.at),
        }

    def plan_and_make(self, state: dict[str, Any]) -> None:
        self.run(planner, state)
        for order in state["orders"]:
            made = self.run(challenges, {**state, "order": order}).update["made"][0]
            assert made["ok"]
            self.run(courses, {**state, "page": {"concept": made["concept"], "goal": made["goal"], "anchor": None}})

    def ran(self, goal: str, passed: int, total: int, *, fault: bool = False) -> dict[str, Any]:
        case = {"id": "late", "subtask": "whole", "visible": True, "verdict": "wrong"}
        facts = {"run": f"r-{self.n}", "purpose": "submit", "passed": passed, "failed": total - passed,
                 "total": total, "verdict": "x", "signature": "s", "fault": fault}  # fmt: skip
        id_ = self.say(
            learners.RunFinished(goal=goal, **facts, mode="test", ms=1, report=json.dumps({"cases": [case]}))
        )
        return self.state("run", "goals.run.finished", id_, goal, **facts)


@pytest.fixture
def world(database: str) -> Iterator[World]:
    with connect(database) as conn:
        world = World(conn)
        world.say(learners.LearnerRegistered(name="Ana", timezone="Europe/Madrid"))
        for course in (c.slug for c in BANK.courses.values() if c.newcomers):
            world.say(learners.EnrolmentStarted(course=course, because="chosen"))
        world.say(contracts.ContractSigned(contract="c-1", organisation="acme", terms=terms()))
        yield world


def profile(world: World, **changed: Any) -> dict[str, Any]:
    id_ = world.say(interactions.ProfileStated(timezone="Europe/Madrid", minutes=45, **changed))
    return world.state("profile", "goals.profile.stated", id_)


def test_a_profile_walks_through_access_contract_planner_challenges_courses_and_process(world: World) -> None:
    state = profile(world)
    world.run(access, state)
    assert state["access"]["granted"] is True
    world.run(contract, state)
    assert state["contract"]["kept"] is True
    world.plan_and_make(state)
    world.run(process, state)
    goals = world.view.goals_of("ana")
    assert [g.kind for g in goals] == ["placement"] * 3
    person = world.view.learner("ana")
    assert person is not None
    assert person.state == "placing"
    plan = world.view.plan_of("ana")
    assert plan is not None
    assert plan.version == 1
    assert {line["goal"] for line in plan.goals} == {g.goal for g in goals}
    assert {p.goal for p in world.view.pages_of("ana")} == {g.goal for g in goals}
    again = world.run(planner, state)
    assert (list(again.events), again.update["orders"]) == ([], [])


def test_when_placement_is_over_the_day_has_three_kinds(world: World) -> None:
    state = profile(world)
    state["access"] = {"granted": True}
    world.plan_and_make(state)
    world.run(process, state)
    last: dict[str, Any] = {}
    for goal in world.view.goals_of("ana"):
        last = world.ran(goal.goal, 4, 4)
        last["access"] = {"granted": True}
        last["findings"] = {"evaluation": {"solved": True}}
        world.run(process, last)
        assert last["findings"]["process"]["done"] is True
    person = world.view.learner("ana")
    assert person is not None
    assert person.state == "learning"
    world.at += timedelta(minutes=3)
    world.plan_and_make(last)
    plan = world.view.plan_of("ana")
    assert plan is not None
    assert len({line["kind"] for line in plan.goals} - {"placement"}) >= 3
    assert plan.version == 2


def test_a_stuck_goal_brings_its_page_with_the_failing_sub_task(world: World) -> None:
    state = profile(world, level="new")
    state["access"] = {"granted": True}
    world.plan_and_make(state)
    goal = world.view.goals_of("ana")[0]
    for _ in range(4):
        failing = world.ran(goal.goal, 1, 5)
    failing["access"] = {"granted": True}
    world.run(process, failing)
    assert failing["findings"]["process"]["stuck"] is True
    world.run(planner, failing)
    (wanted,) = failing["pages"]
    assert (wanted["goal"], wanted["anchor"]) == (goal.goal, "subtask-whole")
    text = page(world.view, BANK, learner="ana", language="en", concept=goal.concepts[0], goal=goal.goal)
    assert "## For you" in text
    with pytest.raises(NotFound):
        page(world.view, BANK, learner="ben", language="en", concept=goal.concepts[0], goal=goal.goal)


def test_the_same_rule_serves_the_api_and_counts_the_learners_own_day(world: World) -> None:
    state = profile(world, level="new")
    world.plan_and_make(state)
    goal = world.view.goals_of("ana")[0].goal
    world.say(
        contracts.ContractAmended(contract="c-1", organisation="acme", terms=terms(runs_per_day=2)),
    )
    counted = []
    for _ in range(2):
        verdict = judge(subject(world.view, BANK, learner="ana", language="en", now=world.at, goal=goal, runs=True))
        counted.append(verdict.granted)
        run = world.ran(goal, 1, 5)
        world.run(access, run)
        assert run["access"]["granted"] is True, "a run that was within the quota stays within it"
    verdict = judge(subject(world.view, BANK, learner="ana", language="en", now=world.at, goal=goal, runs=True))
    assert (counted, verdict.reason) == ([True, True], "quota_used_up")
    fault = world.ran(goal, 0, 5, fault=True)
    world.run(contract, fault)
    tomorrow = world.at + timedelta(days=1)
    assert judge(subject(world.view, BANK, learner="ana", language="en", now=tomorrow, goal=goal, runs=True)).granted
    foreign = judge(subject(world.view, BANK, learner="ben", language="en", now=world.at, goal=goal))
    assert foreign.reason == "unknown_learner"


def test_changed_terms_and_an_end_in_sight_are_told_once(world: World) -> None:
    soon = terms(ends=NOW + timedelta(days=5), runs_per_day=9)
    id_ = world.say(contracts.ContractAmended(contract="c-1", organisation="acme", terms=soon))
    state = world.state("contract", "goals.contract.amended", id_, contract="c-1")
    told = [type(s.body) for s in world.run(contract, state).events]
    assert told == [contracts.ContractChanged, contracts.ContractExpiring]
    assert list(world.run(contract, state).events) == []
    row = world.view.contract("c-1")
    assert row is not None
    assert (row.state, row.noticed) == ("expiring", soon)


def test_a_wish_in_words_finds_its_concept_and_an_erased_learner_moves_nothing(world: World) -> None:
    state = profile(world, level="new")
    state["access"] = {"granted": True}
    world.plan_and_make(state)
    id_ = world.say(interactions.WishStated(text="more about loops, please"))
    wished = world.state("wish", "goals.wish.stated", id_, concept=None)
    context = planner.load(wished, world.view, world.at)  # type: ignore[arg-type]
    assert [w.concept for w in context.wishes] == ["loops"]
    world.say(learners.LearnerErased(payloads=1))
    assert list(world.run(planner, wished).events) == []
    assert list(world.run(process, {**wished, "access": {"granted": True}}).events) == []
    denied = world.run(access, wished)
    assert isinstance(denied.events[0].body, agents.AccessDenied)


def test_the_planner_is_told_of_the_submissions_that_stand_newest_last(world: World) -> None:
    world.plan_and_make(profile(world))
    (goal, *_) = world.view.goals_of("ana")
    for passed in (1, 2, 2):
        world.run(evaluation, world.ran(goal.goal, passed, 2))
    taken = world.view.evaluations_of("ana", since=NOW - timedelta(days=1))[1]
    world.say(
        explaining.EvaluationWithdrawn(
            goal=goal.goal, evaluation=taken.event, run=taken.run, concepts=tuple(taken.concepts), deltas=taken.deltas,
            because="taken back",
        )
    )  # fmt: skip
    seen = planner.load(profile(world), world.view, world.at).submissions
    assert [(s.concept, s.difficulty, s.correct, s.assisted) for s in seen] == [
        (goal.concepts[0], goal.difficulty, False, False),
        (goal.concepts[0], goal.difficulty, True, False),
    ]
    assert seen[0].at < seen[1].at
    assert [s.correct for s in world.view.submissions_of("ana", limit=1)] == [True]


def test_a_goal_is_as_likely_to_be_solved_as_submissions_before_then_say(world: World) -> None:
    world.plan_and_make(profile(world))
    (goal, *_) = world.view.goals_of("ana")
    at_first = world.at
    before = expected(world.view, BANK, goal, at_first)
    for _ in range(3):
        world.run(evaluation, world.ran(goal.goal, 2, 2))
    after = expected(world.view, BANK, goal, world.at + timedelta(seconds=1))
    assert before is not None
    assert after is not None
    assert before < after
    assert expected(world.view, BANK, goal, at_first) == before
    assert expected(world.view, BANK, replace(goal, concepts=["gone"]), world.at) is None


def test_who_plans_and_who_assigns_go_by_the_difficulty_that_was_measured(world: World) -> None:
    """Two challenges of one concept swap places: the order is answered by the other one."""
    state = profile(world)
    near, far = (c for c in BANK.challenges_of("loops") if c.slug in ("coin-jar", "trail-markers"))
    order = {"goal": "g-x", "kind": "daily", "concept": "loops", "day": world.at.date().isoformat(), "minutes": 60,
             "because": "next", "difficulty": near.difficulty, "avoid": [c.slug for c in BANK.challenges_of("loops")
             if c not in (near, far)], "round": 1}  # fmt: skip

    def chosen() -> tuple[str, float]:
        decision = challenges.body({**state, "order": order}, world.view, world.at)  # type: ignore[arg-type]
        body = decision.events[-1].body
        return body.challenge, body.difficulty  # type: ignore[attr-defined]

    assert chosen() == (near.slug, near.difficulty)
    for slug, before, after in ((near.slug, near.difficulty, 0.8), (far.slug, far.difficulty, near.difficulty + 0.01)):
        world.say(
            ChallengeMeasured(challenge=slug, version=1, difficulty=after, stated=before, before=before,
                              uncertainty=0.04, learners=30, until=1),
            learner=NOBODY,
        )  # fmt: skip
    assert chosen() == (far.slug, near.difficulty + 0.01)
    planned = planner.load(state, world.view, world.at)
    assert planned.curriculum.challenges[near.slug].difficulty == 0.8
