"""A learner's days through the real graph with all nine nodes, on a real store: what they see at the end of each."""

from __future__ import annotations

import importlib
import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from people import NOW, TODAY, terms

from functions.access.agent import judge
from functions.access.lookup import subject
from graph.build import build
from graph.decision import NODES
from graph.host import STORE
from graph.node import Body
from graph.step import Step
from shared.curriculum import Challenge, load
from shared.events.catalogue import contracts, interactions, learners
from shared.events.data import Data
from shared.learning.folding import Fold
from shared.learning.version import version
from shared.readmodel import View
from shared.readmodel.rows import Goal, Learner, Plan
from shared.store import connect
from shared.store.connect import Connection
from shared.store.log import everything
from tests.graph.conftest import Hand

BANK = load()


class Day:
    def __init__(self, conn: Connection) -> None:
        self.conn, self.view, self.at, self.n = conn, View(conn), NOW, 0
        self.bodies: dict[str, Body] = {
            name: importlib.import_module(f"functions.{name}.function").body for name in NODES
        }
        self.rebuild()

    def rebuild(self) -> None:
        """The graph of `bodies`, which a test may have changed."""
        self.hand = Hand(self.conn, Step(build(self.bodies), STORE, lambda: self.at))

    def happens(self, body: Data, at: datetime | None = None) -> None:
        self.n += 1
        self.at = max(self.at, at or self.at) + timedelta(seconds=20)
        self.hand.happen(body, f"e-{self.n}", "ana", self.at)
        self.hand.drain(1_000)

    def runs(self, goal: Goal, *, right: bool, fault: bool = False, challenge: Challenge | None = None) -> None:
        challenge = challenge or BANK.challenges[goal.challenge].instantiate(goal.variant)
        total = len(challenge.cases)
        case = next(c for c in challenge.cases if c.visible)
        wrong = {"id": case.id, "subtask": case.subtask, "visible": True, "verdict": "wrong", "input": "f(1)",
                 "expected": "2", "got": "3", "line": None, "locals": {}, "error": None, "stdout": ""}  # fmt: skip
        self.happens(
            learners.RunFinished(
                goal=goal.goal, run=f"r-{self.n}", purpose="submit", passed=total if right else total - 1,
                failed=0 if right else 1, total=total, verdict="passed" if right else "failed", mode="test", ms=5,
                signature="" if right else "same", code=challenge.reference if right else challenge.starter,
                report="" if right else json.dumps({"cases": [wrong]}), fault=fault,
            )
        )  # fmt: skip

    @property
    def goals(self) -> list[Goal]:
        return self.view.goals_of("ana")

    @property
    def plan(self) -> Plan:
        plan = self.view.plan_of("ana")
        assert plan is not None
        return plan

    @property
    def learner(self) -> Learner:
        learner = self.view.learner("ana")
        assert learner is not None
        return learner

    def said(self, type_: str) -> list[dict[str, Any]]:
        return [e.data for e in everything(self.conn) if e.type == f"goals.{type_}"]

    def first(self, **facts: Any) -> Goal:
        return next(g for g in self.goals if all(getattr(g, k) == v for k, v in facts.items()))


@pytest.fixture
def day(database: str) -> Iterator[Day]:
    with connect(database) as conn:
        day = Day(conn)
        day.happens(learners.LearnerRegistered(name="Ana", timezone="Europe/Madrid"))
        for course in (c.slug for c in BANK.courses.values() if c.newcomers):
            day.happens(learners.EnrolmentStarted(course=course, because="chosen"))
        day.happens(contracts.ContractSigned(contract="c-1", organisation="acme", terms=terms()))
        day.happens(interactions.ProfileStated(timezone="Europe/Madrid", minutes=45, consent_mood=True))
        yield day


def placed(day: Day) -> None:
    for goal in day.goals:
        day.runs(goal, right=True)


def test_a_profile_brings_placement_and_its_pages(day: Day) -> None:
    assert [g.kind for g in day.goals] == ["placement"] * 3
    assert day.learner.state == "placing"
    assert len(day.view.pages_of("ana")) == 3


def test_solved_placement_brings_the_day_and_every_goal_is_another_challenge(day: Day) -> None:
    placed(day)
    assert day.learner.state == "learning"
    assert {g.state for g in day.goals if g.kind == "placement"} == {"solved"}
    kinds = {line["kind"] for line in day.plan.goals} - {"placement"}
    assert len(kinds) >= 3
    assert {line["goal"] for line in day.plan.goals} <= {g.goal for g in day.goals}
    assert max(Counter((g.challenge, g.variant) for g in day.goals).values()) == 1
    assert sum(line["minutes"] for line in day.plan.goals) <= 1.25 * 45


def test_three_equal_failures_bring_a_page_and_a_smaller_goal_and_a_solution_settles_it(day: Day) -> None:
    placed(day)
    goal = next(g for g in day.goals if g.kind != "placement")
    for _ in range(4):
        day.runs(goal, right=False)
    assert day.first(goal=goal.goal).state == "stuck"
    page = next(p for p in day.said("lesson.written") if p["goal"] == goal.goal and p["anchor"])
    assert "in a row" in page["because"]
    assert any("smaller goal" in g.because for g in day.goals)
    day.runs(day.first(goal=goal.goal), right=True)
    assert day.first(goal=goal.goal).state == "solved"


def test_what_is_expected_is_the_ratings_word_until_the_model_has_learnt_and_its_own_from_then_on(day: Day) -> None:
    placed(day)
    told = day.said("evaluation.recorded")
    assert {e["predictor"] for e in told} == {"ratings"}
    fold = Fold()
    while fold.step(day.conn, day.at) is not None:
        pass
    position = fold.position
    goal = next(g for g in day.goals if g.state == "assigned")
    day.runs(goal, right=False)
    day.runs(goal, right=True)
    failed, passed = day.said("evaluation.recorded")[len(told) :]
    for e in (failed, passed):
        assert (e["predictor"], e["predictor_version"], e["predictor_position"]) == (
            "learner_model", version(), position,
        )  # fmt: skip
    assert failed["expected"] != passed["expected"], "the failure that the model has not learnt from yet is known"
    [due] = [r for r in day.said("review.due") if r["concept"] == goal.concepts[0]][-1:]
    assert due["reviewed"]


def test_swapping_brings_another_goal_and_the_swapped_one_can_be_run_no_more(day: Day) -> None:
    placed(day)
    goal = next(g for g in day.goals if g.state == "assigned")
    day.happens(interactions.GoalSwapped(goal=goal.goal))
    assert day.first(goal=goal.goal).state == "swapped"
    assert goal.goal not in {line["goal"] for line in day.plan.goals}
    assert any(g.state == "assigned" and g.kind == goal.kind for g in day.goals)
    asked = subject(day.view, BANK, learner="ana", language="en", now=day.at, goal=goal.goal, runs=True)
    assert judge(asked).reason == "goal_closed"


@pytest.mark.parametrize(
    ("language", "target", "job"),
    [("en", "Read logs", "I just want to die"), ("es", "ya no quiero vivir", "")],
)
def test_who_writes_of_harm_in_their_profile_is_pointed_to_a_person_and_planned_for_all_the_same(
    day: Day, language: Any, target: str, job: str
) -> None:
    planned = len(day.said("plan.changed"))
    day.happens(interactions.ProfileStated(timezone="Europe/Madrid", language=language, target=target, job=job))
    (pointed,) = day.said("support.pointed")
    assert (pointed["seen"], pointed["language"]) == ("profile", language)
    assert len(day.said("plan.changed")) > planned
    day.happens(interactions.ProfileStated(timezone="Europe/Madrid", language=language, target=target, minutes=60))
    assert len(day.said("support.pointed")) == 1


def test_a_wish_is_in_the_plan_at_once(day: Day) -> None:
    placed(day)
    day.happens(interactions.WishStated(text="something with lists"))
    wish = day.first(kind="wish")
    assert wish.concepts[0] == "lists"
    assert wish.goal in {line["goal"] for line in day.plan.goals}


def test_an_answer_about_mood_changes_the_plan(day: Day) -> None:
    placed(day)
    before = day.plan.version
    day.happens(interactions.MoodAnswered(answer="tired"))
    assert day.said("mood.observed")[-1]["effect"] != "none"
    assert day.plan.version > before


def test_the_next_day_comes_by_the_tick_once(day: Day) -> None:
    placed(day)
    tomorrow = TODAY + timedelta(days=1)
    day.happens(learners.DayStarted(day=tomorrow), NOW + timedelta(hours=20))
    assert day.plan.day == tomorrow
    version = day.plan.version
    day.happens(learners.DayStarted(day=tomorrow), NOW + timedelta(hours=21))
    assert day.plan.version == version
    assert {line["goal"] for line in day.plan.goals} <= {g.goal for g in day.goals}


def test_an_end_in_sight_is_told_and_after_it_nothing_runs_but_the_notice_still_comes(day: Day) -> None:
    day.happens(
        contracts.ContractAmended(contract="c-1", organisation="acme", terms=terms(ends=NOW + timedelta(days=5)))
    )
    assert day.said("contract.changed")[-1]["changes"]["ends"][1].startswith("2026-11-28")
    assert [n["state"] for n in day.said("contract.expiring")] == ["expiring"]
    over = NOW + timedelta(days=9)
    day.happens(learners.DayStarted(day=over.date()), over)
    assert [n["state"] for n in day.said("contract.expiring")] == ["expiring", "ended"]
    day.runs(day.goals[0], right=True)
    assert day.said("access.denied")[-1]["reason"] == "contract_ended"


def test_a_run_that_we_failed_is_given_back_and_moves_nothing(day: Day) -> None:
    goal = day.goals[0]
    day.runs(goal, right=False, fault=True)
    assert len(day.said("quota.refunded")) == 1
    assert day.first(goal=goal.goal).state == "assigned"
    assert day.said("evaluation.recorded") == []
