"""A simulated learner in front of the product: its planner, its choice of challenges, its evaluation, its reviews.

The agents are those that run in the system (`functions/*/agent.py`), called as the graph calls them: the planner at the
start of a day and whenever a goal is done or stuck, evaluation after each submission. What they say is put into the
rows they read, as the read model would. Nothing of the learner's hidden state reaches them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from functions.challenges.writing import Bank, Draft
from functions.evaluation import agent as evaluation
from functions.planner import agent as planner
from goals.simulate.minds import MINUTE, Mind
from goals.simulate.world import COURSE, START, World
from graph.decision import Decision
from graph.state import Input, Order
from shared.clock import rfc3339
from shared.events.catalogue.agents import EvaluationRecorded, MasteryChanged
from shared.events.catalogue.contracts import Terms
from shared.events.catalogue.teaching import PlanChanged, ReviewDue
from shared.learner import applied
from shared.readmodel.rows import Contract, Enrolment, Goal, Learner, Mastery, Plan, Rating, Review, Run, Submission

SUBMISSIONS = 3
"""On one goal on one day; who has not solved it then leaves it for that day, and it counts as stuck."""
GIVEN_UP = 6
"""Failed submissions after which a learner swaps a goal for another."""
RETRY = 0.5
"""Time of a further submission on a goal, as a share of the first one's."""

NEVER_PAST = START + timedelta(days=100_000)
"""When a planner that is to know nothing of forgetting is told that everything was submitted."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One submission: when, at what, and whether it passed."""

    day: float
    concept: str
    passed: bool
    kind: str


class Taught:
    """`reviews`: False takes the review dates away, and that things are forgotten, and leaves all else.
    `only_reviews`: of the plan, the learner does nothing else any more."""

    def __init__(self, world: World, mind: Mind, name: str, minutes: int, *, reviews: bool = True) -> None:
        self.world, self.mind, self.reviewing = world, mind, reviews
        self.only_reviews = False
        level = "new" if mind.prior < 0.05 else "beginner" if mind.prior < 0.4 else "intermediate"
        self.learner = Learner(
            name, "public", "", START, "en", "UTC", "", level, minutes, [], False, False, "learning", START
        )
        terms = Terms(starts=START - timedelta(days=1), ends=START + timedelta(days=10_000), goals_per_day=1_000)
        self.contract = Contract("c", name, "o", terms, terms, "kept", "", START)
        self.enrolments = [Enrolment(COURSE, "active", START)]
        self.goals: dict[str, Goal] = {}
        self.runs: dict[str, list[Run]] = {}
        self.ratings: dict[str, Rating] = {}
        self.mastery: dict[str, Mastery] = {}
        self.reviews: dict[str, Review] = {}
        self.submissions: list[Submission] = []
        self.plan: Plan | None = None

    def day(self, number: int) -> Iterator[Attempt]:
        """One day's submissions, as they happen, until the plan or the minutes are used up."""
        start, spent = float(number), 0.0
        self._planned("daily", start)
        tried: set[str] = set()
        while spent < self.learner.minutes and (goal := self._next(tried)) is not None:
            tried.add(goal.goal)
            for turn in range(SUBMISSIONS):
                spent += goal.minutes * (RETRY if turn or goal.runs else 1.0)
                at = start + spent * MINUTE
                passed = self.mind.attempt(goal.concepts[0], self.world.true[goal.challenge], at)
                goal = self._submitted(goal, passed, at)
                yield Attempt(at, goal.concepts[0], passed, goal.kind)
                if passed or spent >= self.learner.minutes:
                    break
            stuck = None
            if goal.state != "solved" and goal.failures >= GIVEN_UP:
                goal = self.goals[goal.goal] = replace(goal, state="swapped", closed=_instant(at))
            elif goal.state != "solved" and goal.stalled >= SUBMISSIONS:
                goal = self.goals[goal.goal] = replace(goal, state="stuck")
                stuck = planner.Stuck(goal, None)
            if goal.state != "open":
                self._planned("run", at, stuck)

    def _next(self, tried: set[str]) -> Goal | None:
        lines = [str(line["goal"]) for line in (self.plan.goals if self.plan else ())]
        rows = (self.goals[id_] for id_ in lines if id_ in self.goals and id_ not in tried)
        live = (row for row in rows if row.state in ("assigned", "open", "stuck"))
        return next((row for row in live if row.kind == "review" or not self.only_reviews), None)

    def _planned(self, trigger: str, at: float, stuck: planner.Stuck | None = None) -> None:
        now = _instant(at)
        decision = planner.decide(
            planner.Context(
                now=now,
                trigger=trigger,
                curriculum=self.world.curriculum,
                learner=self.learner,
                contract=self.contract,
                enrolments=self.enrolments,
                goals=tuple(self.goals.values()),
                mastery=self.mastery,
                reviews=tuple(self.reviews.values()) if self.reviewing else (),
                plan=self.plan,
                ratings=self.ratings,
                stuck=stuck,
                submissions=self.submissions,
            )
        )
        for order in decision.update["orders"]:
            self._assigned(order, now)
        for said in decision.events:
            if isinstance(change := said.body, PlanChanged):
                lines = [line.model_dump(mode="json") for line in change.goals]
                version = self.plan.version + 1 if self.plan else 1
                self.plan = Plan(
                    self.learner.learner, change.day, change.minutes, lines, change.because, change.mood, version, now
                )

    def _assigned(self, order: Order, now: datetime) -> None:
        draft = Bank(self.learner.learner, self.world.curriculum, tuple(self.goals.values())).draft(order)
        if not isinstance(draft, Draft):
            return
        c = draft.challenge
        self.goals[order["goal"]] = Goal(
            order["goal"], self.learner.learner, order["kind"], c.slug, c.version, draft.variant, c.course,
            list(c.concepts), c.difficulty, now.date(), c.minutes, order["because"], "assigned", now,
            None, None, 0, 0, 0, "", 0, 0, 0, 0,
        )  # fmt: skip

    def _submitted(self, goal: Goal, passed: bool, at: float) -> Goal:
        """The submission is evaluated by the product's evaluation; the row as the read model would have it."""
        now = _instant(at)
        id_ = f"{goal.goal}.{goal.runs}"
        signature = "" if passed else f"failure-{goal.runs}"
        before = self.runs.setdefault(goal.goal, [])
        run = Run(id_, id_, goal.goal, goal.learner, "submit", int(passed), int(not passed), 1,
                  "passed" if passed else "failed", signature, "", "", False, now)  # fmt: skip
        before.append(run)
        told = now if self.reviewing else NEVER_PAST
        self.submissions.append(Submission(goal.concepts[0], goal.difficulty, passed, False, told))
        goal = replace(goal, state="open", opened=goal.opened or now)
        facts = {
            "run": id_, "purpose": "submit", "passed": run.passed, "failed": run.failed, "total": 1,
            "signature": signature, "fault": False, "verdict": run.verdict,
        }  # fmt: skip
        event = Input(id=id_, type="goals.run.finished", position=0, at=rfc3339(now), correlation=id_, facts=facts)
        self._heard(
            evaluation.decide(
                evaluation.Context(
                    goal.learner, "en", goal, [event], before, self.ratings, self.mastery, self.reviews, goal.challenge
                )
            ),
            now,
        )
        goal = replace(
            goal,
            runs=goal.runs + 1,
            state="solved" if passed else "open",
            closed=now if passed else None,
            failures=goal.failures + (not passed),
            stalled=0 if passed else goal.stalled + 1,
            best=max(goal.best, run.passed),
            total=1,
        )
        self.goals[goal.goal] = goal
        return goal

    def _heard(self, decision: Decision, now: datetime) -> None:
        for said in decision.events:
            match said.body:
                case EvaluationRecorded() as e:
                    moved = {key: self.ratings[key] for key in e.deltas if key in self.ratings}
                    self.ratings.update(applied(moved, e.deltas))
                case MasteryChanged() as m:
                    self.mastery[m.concept] = Mastery(
                        m.concept, m.after, m.assisted, m.unassisted, m.uncertainty, m.attempts, list(m.evidence),
                        m.because, now, None,
                    )  # fmt: skip
                case ReviewDue() as r:
                    self.reviews[r.concept] = Review(r.concept, r.due, r.stability, r.difficulty, r.reviewed)
                case _:
                    pass


def _instant(day: float) -> datetime:
    return START + timedelta(days=day)
