"""The three nodes of a run on a real store: what one run recorded is what the next one builds on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from functions.evaluation import function as evaluation
from functions.feedback import function as feedback
from functions.mood import function as mood
from graph import entries
from graph.decision import Decision
from graph.node import Body
from graph.state import Input, State
from shared.events.catalogue.interactions import HintAsked, MoodAnswered, ProfileStated
from shared.events.catalogue.learners import LearnerRegistered, RunFinished
from shared.events.catalogue.teaching import GoalAssigned
from shared.events.data import Data
from shared.events.record import new_event
from shared.ids import derived_id
from shared.learner import mastery_keys
from shared.readmodel import READ_MODEL, View
from shared.store import Store, connect
from shared.store.connect import Connection

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WRONG = "def fare(age):\n    if age < 4:\n        return 0\n    if age <= 16:\n        return 7\n    return 14\n"
REPORT = json.dumps(
    {"cases": [{"id": "first-adult-fare", "subtask": "grown", "visible": True, "verdict": "failed",
                "input": "fare(16)", "expected": "14", "got": "7", "line": 5, "locals": {"age": "16"},
                "error": None, "stdout": ""}]}
)  # fmt: skip


class Day:
    """One learner's goal on a real store; time moves by a minute with each event."""

    def __init__(self, conn: Connection) -> None:
        self.conn, self.store = conn, Store(READ_MODEL, entries.thread_of, entries.wake)
        self.count = 0

    def record(self, body: Data) -> Input:
        self.count += 1
        id_, at = derived_id("test", self.count), NOW + timedelta(minutes=self.count)
        event = new_event(body, id=id_, source="/test", subject="ana", time=at, correlation=id_)
        with self.conn.transaction():
            self.store.append_one(self.conn, [event])
        return {"id": id_, "type": event.type, "position": self.count, "at": at.isoformat(), "correlation": id_,
                "facts": event.data}  # fmt: skip

    def node(self, body: Body, *inputs: Input) -> Decision:
        state: State = {"learner": "ana", "tenant": "public", "goal": "g1", "trigger": "run", "inputs": list(inputs)}
        decision = body(state, View(self.conn), NOW + timedelta(minutes=self.count))
        for said in decision.events:
            self.record(said.body)
        return decision

    def run(self, passed: int, purpose: Any = "submit", goal: str = "g1") -> Input:
        return self.record(
            RunFinished(
                goal=goal, run=f"r{self.count}", purpose=purpose, passed=passed, failed=10 - passed, total=10,
                verdict="passed" if passed == 10 else "failed", mode="none", ms=1, signature=f"s{passed}",
                code=WRONG, report=REPORT if passed < 10 else "",
            )
        )  # fmt: skip


@pytest.fixture
def day(database: str) -> Iterator[Day]:
    with connect(database) as conn:
        started = Day(conn)
        started.record(LearnerRegistered(name="Ana"))
        started.record(ProfileStated(consent_mood=True))
        started.record(
            GoalAssigned(
                goal="g1", kind="daily", challenge="cable-car", challenge_version=1, course="python-foundations",
                concepts=("conditionals",), difficulty=0.2, day=date(2026, 11, 23), minutes=5, because="",
            )
        )  # fmt: skip
        yield started


def test_a_wrong_run_is_answered_a_hint_given_a_solution_moves_mastery_and_the_question_comes(day: Day) -> None:
    wrong = day.run(9)
    day.node(feedback.body, wrong)
    day.node(evaluation.body, wrong)
    view = View(day.conn)
    (said,) = view.feedback_of("g1")
    assert said.text.startswith("fare(16) should give 14, it gave 7")
    low = view.mastery_of("ana")["conditionals"]

    day.node(feedback.body, day.record(HintAsked(goal="g1")))
    goal = view.goal("g1")
    assert goal is not None
    assert goal.hints == 1

    right = day.run(10)
    found = day.node(evaluation.body, right).update["findings"]["evaluation"]
    day.node(feedback.body, right)
    asked = day.node(mood.body, right).update["findings"]["mood"]["asked"]
    high = view.mastery_of("ana")["conditionals"]
    assert found["solved"]
    assert asked
    assert high.shown > low.shown
    assert high.evidence == [right["id"], wrong["id"]]
    assert high.attempts == 2
    assert view.ratings(mastery_keys("ana", "conditionals"))["mu:ana|conditionals"].n == 2
    assert view.feedback_of("g1")[0].text == "Solved: all 10 cases pass (2 parts), on run 2, with 1 hint."
    (review,) = view.reviews_of("ana")
    assert review.due > NOW

    effect = day.node(mood.body, day.record(MoodAnswered(answer="tired", goal="g1"))).update["findings"]["mood"]
    assert effect["effect"] == "pause"
    assert view.mood_of("ana").effect == "pause"


def test_every_node_speaks_the_language_the_learner_stated(day: Day) -> None:
    day.record(ProfileStated(consent_mood=True, language="es"))
    run = day.run(10)
    for body in (feedback.body, evaluation.body):
        day.node(body, run)
    view = View(day.conn)
    assert view.feedback_of("g1")[0].text.startswith("Resuelto: pasan los 10 casos")
    assert view.mastery_of("ana")["conditionals"].because.startswith("Resuelto «Tarifas del teleférico»")
    (asked,) = day.node(mood.body, run).events
    assert "¿Qué tal" in asked.body.question  # type: ignore[attr-defined]


def test_the_same_failure_is_never_answered_with_the_same_words_twice_running(day: Day) -> None:
    for _ in range(6):
        day.node(feedback.body, day.run(9, "run"))
    words = [said.text for said in View(day.conn).feedback_of("g1", limit=6)]
    assert len(set(words)) >= 5


def test_erased_feedback_reads_as_empty_and_the_next_is_given_all_the_same(day: Day) -> None:
    day.node(feedback.body, day.run(9, "run"))
    day.conn.execute("DELETE FROM payloads WHERE learner = 'ana'")
    assert [said.text for said in View(day.conn).feedback_of("g1")] == [""]
    day.node(feedback.body, day.run(9, "run"))
    assert View(day.conn).feedback_of("g1")[0].text.startswith("fare(16)")


def test_messages_of_a_session_are_counted_and_a_new_session_starts_at_one(day: Day) -> None:
    from shared.events.catalogue.agents import MotivationGiven

    for minutes, count in ((0, 1), (15, 2), (30, 3), (400, 1)):
        day.count += minutes
        day.record(MotivationGiven(text="4 of 8 cases pass."))
        assert View(day.conn).attention_of("ana").messages == count


def test_only_an_edit_after_the_run_counts_as_typing(day: Day) -> None:
    from shared.events.catalogue.interactions import CodeEdited

    day.record(CodeEdited(goal="g1", inserted=3, deleted=0))
    run = day.run(9, "run")
    state: State = {"learner": "ana", "tenant": "public", "goal": "g1", "trigger": "run", "inputs": [run]}
    assert feedback.load(state, View(day.conn), NOW).edited is None
    day.record(CodeEdited(goal="g1", inserted=3, deleted=0))
    edited = feedback.load(state, View(day.conn), NOW).edited
    assert edited == NOW + timedelta(minutes=day.count)


def test_what_is_kept_of_a_mood_is_forgotten_at_the_learners_word_and_a_refusal_for_ever_stays(day: Day) -> None:
    from shared.events.catalogue.agents import MoodAsked, MoodObserved
    from shared.events.catalogue.attention import MoodForgotten
    from shared.events.catalogue.interactions import MoodAnswered

    day.record(MoodAsked(question="?", answers={"good": "Good"}, because="solved"))
    day.record(MoodAnswered(answer="never_ask"))
    day.record(MoodObserved(state="tired", signal="answered", effect="pause"))
    day.record(MoodForgotten())
    mood = View(day.conn).mood_of("ana")
    assert (mood.asked, mood.answer, mood.state, mood.effect, mood.never) == (None, None, "good", "none", True)


def test_of_two_questions_decided_on_the_same_facts_one_is_stored(day: Day) -> None:
    """Two goals worked on at once: the second to commit rests on old facts and is decided again."""
    from shared.errors import WrongVersion
    from shared.events.catalogue.agents import MoodAsked

    seen = View(day.conn).attention_of("ana").version
    for n, lands in ((1, True), (2, False)):
        asked = new_event(
            MoodAsked(question="?", answers={"good": "Good"}, because="solved"),
            id=f"q-{n}", source="/test", subject="ana", time=NOW, correlation="k", expected=seen,
        )  # fmt: skip
        if lands:
            with day.conn.transaction():
                day.store.append_one(day.conn, [asked])
        else:
            with pytest.raises(WrongVersion), day.conn.transaction():
                day.store.append_one(day.conn, [asked])
    assert View(day.conn).attention_of("ana").version == seen + 1


def test_messages_waved_off_twice_bring_a_day_of_quiet(day: Day) -> None:
    from shared.attention import held
    from shared.events.catalogue.agents import MotivationGiven
    from shared.events.catalogue.attention import MessageDismissed

    for n in range(2):
        day.record(MotivationGiven(text="4 of 8 cases pass."))
        day.record(MessageDismissed(message=f"m-{n}"))
        day.record(MessageDismissed(message=f"m-{n}"))  # a double click is one dismissal
        day.count += 200
    attention = View(day.conn).attention_of("ana")
    assert attention.dismissed == 2
    assert held(attention, now=NOW + timedelta(minutes=day.count), run="e-1") == "dismissed"
    assert held(attention, now=NOW + timedelta(days=3), run="e-1") is None


def test_a_return_after_days_that_begins_on_another_goal_is_noticed(day: Day) -> None:
    from functions.access import function as access
    from functions.mood import function as mood
    from graph.edges import by_trigger
    from shared.events.catalogue.agents import MoodAsked

    day.run(9, "run")
    day.count += 60 * 24 * 5
    run = day.run(9, "run", goal="g2")
    state: State = {"learner": "ana", "tenant": "public", "goal": "g2", "trigger": "run", "inputs": [run]}
    state["struggle"] = {"signature": "s", "count": 1, "last": run["at"], "away_days": 0.0, "first": True}
    now = NOW + timedelta(minutes=day.count)
    told = access.body(state, View(day.conn), now).update["struggle"]
    assert 4.9 < told["away_days"] < 5.1
    state["struggle"] = told
    assert "mood" in by_trigger(state)
    (asked,) = [said.body for said in mood.body(state, View(day.conn), now).events if isinstance(said.body, MoodAsked)]
    assert asked.because in ("First run after 5 days.", "Primera ejecución tras 5 días.")


@pytest.mark.parametrize(
    ("consents", "given", "asked"), [((), (), True), (("models",), (), False), (("models",), ("models",), True)]
)
def test_a_model_is_asked_for_the_learners_account_and_only_with_the_consent_the_terms_ask_for(
    day: Day, consents: tuple[Any, ...], given: tuple[Any, ...], asked: bool
) -> None:
    from shared.events.catalogue.contracts import ContractAccepted, ContractSigned, Terms
    from shared.events.catalogue.models import ModelCalled
    from shared.models import LentModel
    from shared.models.opening import open_model
    from shared.settings import Settings
    from tests.models.server import ModelServer, says

    terms = Terms(starts=NOW - timedelta(days=1), ends=NOW + timedelta(days=300), consents=consents)
    day.record(ContractSigned(contract="c-1", organisation="acme", terms=terms))
    if given:
        day.record(ContractAccepted(contract="c-1", version="1", consents=given))
    run = day.run(9, "run")
    lent, text = LentModel(), "Which ages reach the line that answered? Compare its limit with the table of the task."
    with ModelServer(key="sk-test") as server:
        server.always(says({"text": text}))
        settings = Settings(database_url="postgresql://nowhere", model_key=SecretStr("sk-test"), model_url=server.url)
        model = open_model(settings)
        try:
            lent.lend(model)
            decision = day.node(feedback.asking(lent), run)
        finally:
            model.close()
        assert bool(server.received) is asked
    called = [said.body for said in decision.events if isinstance(said.body, ModelCalled)]
    assert [body.contract for body in called] == (["c-1"] if asked else [])
    (said,) = View(day.conn).feedback_of("g1")
    assert (said.text == text) is asked


def test_the_review_promised_for_a_worked_example_stands_in_the_learners_reviews(day: Day) -> None:
    for _ in range(5):
        day.node(feedback.body, day.record(HintAsked(goal="g1")))
    (review,) = View(day.conn).reviews_of("ana")
    assert review.concept == "conditionals"
    assert timedelta(0) < review.due - NOW <= timedelta(days=2, minutes=day.count)
    day.node(feedback.body, day.record(HintAsked(goal="g1", rung=5)))
    assert View(day.conn).reviews_of("ana") == [review]
