"""Queries over the read model. Each costs one round trip; inside `conn.pipeline()` they still come one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from shared.events.catalogue.contracts import Terms
from shared.events.upcast import lifted
from shared.readmodel import rows
from shared.store import payloads
from shared.store.connect import Connection
from shared.store.queries import load

NEWS = 200
"""A learner's newest facts that the learner model has not come to yet: more are not taken in on the way."""

SQL = load(Path(__file__).with_name("queries.sql"))


class View:
    """What a function may look up. Everything is as of the last commit it can see; nothing here writes."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def _one(self, query: str, *parameters: object) -> Sequence[Any] | None:
        return self._conn.execute(SQL[query], parameters).fetchone()

    def _all(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        return self._conn.execute(SQL[query], parameters).fetchall()

    def learner(self, learner: str) -> rows.Learner | None:
        row = self._one("learner", learner)
        return rows.Learner(*row) if row else None

    def learners(self, *, after: str = "", limit: int = 500) -> list[rows.Learner]:
        return [rows.Learner(*row) for row in self._all("learners", after, limit)]

    def enrolments(self, learner: str) -> list[rows.Enrolment]:
        return [rows.Enrolment(*row) for row in self._all("enrolments", learner)]

    def rests_of(self, learner: str) -> list[rows.Rest]:
        """Oldest first."""
        return [rows.Rest(*row) for row in self._all("rests_of", learner)]

    def contract_of(self, learner: str) -> rows.Contract | None:
        return _contract(self._one("contract_of", learner))

    def contract(self, contract: str) -> rows.Contract | None:
        return _contract(self._one("contract", contract))

    def goal(self, goal: str) -> rows.Goal | None:
        row = self._one("goal", goal)
        return rows.Goal(*row) if row else None

    def goals_of(self, learner: str, *, since: date = date.min) -> list[rows.Goal]:
        return [rows.Goal(*row) for row in self._all("goals_of", learner, since)]

    def run(self, run: str) -> rows.Run | None:
        row = self._one("run", run)
        return rows.Run(*row) if row else None

    def runs_of(self, goal: str, *, limit: int = 20) -> list[rows.Run]:
        """Newest first."""
        return [rows.Run(*row) for row in self._all("runs_of", goal, limit)]

    def idle_goals(self, learner: str, since: datetime) -> dict[str, datetime]:
        """Open and stuck goals without a run since then: when they were last worked on."""
        return dict(self._all("idle_goals", learner, since))

    def unsettled_goals(self, learner: str, before: datetime) -> dict[str, tuple[str, datetime]]:
        """Goals that are not solved although a submission before then passes every case: that run's event, and when."""
        return {goal: (event, at) for goal, event, at in self._all("unsettled_goals", learner, before)}

    def days_of_work(self, learner: str, zone: str) -> list[tuple[date, int, int]]:
        """Each day on which something was run, in that time zone: runs, and goals solved (by the first right
        submission)."""
        return self._all("days_of_work", zone, learner)

    def runs_since(self, learner: str, since: datetime) -> int:
        """Runs that count against the quota: not our faults, not refunded ones."""
        row = self._one("runs_since", learner, since)
        return int(row[0]) if row else 0

    def seats_before(self, contract: rows.Contract, now: datetime) -> int:
        """Contracts of the same organisation that were signed earlier and are in force or in grace."""
        asked = {"contract": contract.contract, "organisation": contract.organisation, "now": now}
        row = self._conn.execute(SQL["seats_before"], asked).fetchone()
        return int(row[0]) if row else 0

    def hints_since(self, learner: str, since: datetime) -> int:
        row = self._one("hints_since", learner, since)
        return int(row[0]) if row else 0

    def hints_of(self, goal: str) -> list[rows.Hint]:
        """Oldest first."""
        return [rows.Hint(*row) for row in self._all("hints_of", goal)]

    def evaluations_of(self, learner: str, *, since: datetime) -> list[rows.Evaluation]:
        """Oldest first, withdrawn ones too."""
        return [rows.Evaluation(*row) for row in self._all("evaluations_of", learner, since)]

    def submissions_of(self, learner: str, *, limit: int) -> list[rows.Submission]:
        """The newest so many, oldest first; withdrawn ones are left out."""
        return [rows.Submission(*row) for row in self._all("submissions_of", learner, limit)][::-1]

    def mastery_steps_of(self, learner: str, *, since: datetime) -> list[rows.MasteryStep]:
        return [rows.MasteryStep(*row) for row in self._all("mastery_steps_of", learner, since)]

    def summaries_of(self, learner: str, *, since: date) -> list[rows.Summary]:
        return [rows.Summary(*row) for row in self._all("summaries_of", learner, since)]

    def doubts_of(self, learner: str, *, since: datetime) -> list[rows.Doubt]:
        return [rows.Doubt(*row) for row in self._all("doubts_of", learner, since)]

    def causes_of(self, learner: str, *, since: datetime) -> list[rows.Cause]:
        """Likely causes named by feedback, oldest first."""
        return [rows.Cause(*row) for row in self._all("causes_of", learner, since)]

    def mastery_of(self, learner: str) -> dict[str, rows.Mastery]:
        return {row[0]: rows.Mastery(*row) for row in self._all("mastery_of", learner)}

    def ratings(self, keys: Sequence[str]) -> dict[str, rows.Rating]:
        return {key: rows.Rating(value, n) for key, value, n in self._all("ratings", list(keys))}

    def learnt(self, learner: str, names: Sequence[str], version: str) -> rows.Learnt | None:
        """The learner model, kept by code of `version`: parts by name, and what the learner did since. None where it is
        not there, or has not yet come to the log's end."""
        asked = {"learner": learner, "names": list(names), "version": version, "most": NEWS}
        row = self._conn.execute(SQL["learnt"], asked).fetchone()
        if row is None:
            return None
        position, parts, news = row
        own = sorted(news or (), key=lambda one: int(one["position"]))
        return rows.Learnt(learner, version, position, parts or {}, [_own(one) for one in own])

    def plan_of(self, learner: str) -> rows.Plan | None:
        row = self._one("plan_of", learner)
        return rows.Plan(*row) if row else None

    def reviews_of(self, learner: str) -> list[rows.Review]:
        return [rows.Review(*row) for row in self._all("reviews_of", learner)]

    def mood_of(self, learner: str) -> rows.Mood:
        row = self._one("mood_of", learner)
        return rows.Mood(*row) if row else rows.Mood()

    def attention_of(self, learner: str) -> rows.Attention:
        row = self._one("attention_of", learner)
        return rows.Attention(*row) if row else rows.Attention()

    def last_edit(self, learner: str) -> datetime | None:
        """Read from the log itself: edits are many, and nothing else asks for them."""
        row = self._one("last_edit", learner)
        return row[0] if row else None

    def last_run_before(self, learner: str, at: datetime) -> datetime | None:
        """On whichever goal; None: there was none."""
        row = self._one("last_run_before", learner, at)
        return row[0] if row else None

    def feedback_of(self, goal: str, *, limit: int = 5) -> list[rows.Feedback]:
        """Newest first, texts in place; empty where they were erased."""
        return [rows.Feedback(*row) for row in self._all("feedback_of", goal, limit)]

    def pages_of(self, learner: str, *, limit: int = 50) -> list[rows.Page]:
        return [rows.Page(*row) for row in self._all("pages_of", learner, limit)]

    def wishes_of(self, learner: str, *, since: datetime) -> list[rows.Wish]:
        return [rows.Wish(*row) for row in self._all("wishes_of", learner, since)]

    def states_of(self, learner: str) -> dict[tuple[str, str], rows.State]:
        """By (entity, id)."""
        return {(row[0], row[1]): rows.State(*row) for row in self._all("states_of", learner)}

    def measured(self) -> dict[str, rows.Measured]:
        """Challenges whose difficulty was measured, by name."""
        return {row[0]: rows.Measured(*row) for row in self._all("measured")}

    def written(self, learner: str, challenge: str) -> str:
        """The document of a challenge written for this learner; empty where there is none, or it was erased."""
        row = self._one("written", challenge, learner)
        return self.text(learner, row[0]) if row else ""

    def text(self, learner: str, ref: str) -> str:
        """An erasable text by its reference; empty where it was erased."""
        return payloads.text(self._conn, learner, ref)


def _own(one: dict[str, Any]) -> dict[str, Any]:
    """One of the learner's news, its data in the newest version."""
    assigned = one["assigned"]
    if assigned is not None:
        assigned = lifted("goals.goal.assigned", one["assigned_schema"], assigned)
    data = lifted(one["type"], one["schema"], one["data"])
    return {"type": one["type"], "data": data, "t": one["t"], "assigned": assigned}


def _contract(row: Sequence[Any] | None) -> rows.Contract | None:
    if row is None:
        return None
    return rows.Contract(row[0], row[1], row[2], Terms.model_validate(row[3]), Terms.model_validate(row[4]), *row[5:])
