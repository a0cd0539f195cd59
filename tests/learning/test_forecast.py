"""Evaluation expects by the model as it is kept and what the learner did since; by the ratings where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.evaluation.agent import Context, decide
from graph.state import Input
from shared.clock import utc_now
from shared.events.catalogue.agents import EvaluationRecorded
from shared.learner import Attempt, LearnerModel
from shared.learner.forecasting import ASSIGNED, HINTED, Forecast, as_news, learn, needed
from shared.learning import standing
from shared.learning.folding import Fold
from shared.learning.version import version
from shared.readmodel import View
from shared.readmodel.rows import Learnt
from shared.store.connect import Connection, connect
from tests.agents.test_evaluation import finished, goal, seen
from tests.learning.history import CONCEPTS, START, append, assigned, drawn, evaluated, folded, hinted, model_of

TOLD = drawn(1, 60)
LATER = START + timedelta(days=40)


@pytest.fixture
def conn(database: str) -> Iterator[Connection]:
    with connect(database) as found:
        yield found


def learnt(conn: Connection, learner: str, item: str) -> Learnt | None:
    return View(conn).learnt(learner, needed(learner, item, CONCEPTS[item]), version())


def forecast(conn: Connection, learner: str, item: str) -> Forecast:
    found = learnt(conn, learner, item)
    assert found is not None
    return Forecast(found)


def attempt(learner: str, item: str, at: datetime = LATER, difficulty: float = 0.5) -> Attempt:
    return Attempt(learner, item, CONCEPTS[item], difficulty, at)


@pytest.mark.parametrize("learner", ["ana", "bob", "nobody"])
def test_the_parts_of_an_attempt_say_what_the_whole_model_says(conn: Connection, learner: str) -> None:
    append(conn, TOLD)
    folded(conn)
    whole = model_of(conn)
    for item, concepts in CONCEPTS.items():
        said = forecast(conn, learner, item).expected(attempt(learner, item))
        assert said == whole.predict(learner, item, concepts, LATER.timestamp())


def test_a_reader_has_no_memory_of_attempts(conn: Connection) -> None:
    append(conn, TOLD)
    folded(conn)
    found = forecast(conn, "ana", "coin-jar")
    found.expected(attempt("ana", "coin-jar"))
    found.saw(attempt("ana", "coin-jar"), True)
    assert "memory" not in vars(found._model.net)


def test_what_the_learner_did_since_is_taken_in_and_what_others_did_is_not(conn: Connection) -> None:
    append(conn, TOLD)
    folded(conn)
    before = forecast(conn, "ana", "coin-jar").expected(attempt("ana", "coin-jar"))
    since = LATER - timedelta(hours=2)
    append(conn, [("bob", since, evaluated("b", "coin-jar", n, False)) for n in range(1, 4)])
    assert forecast(conn, "ana", "coin-jar").expected(attempt("ana", "coin-jar")) == before
    append(conn, [("ana", since, evaluated("a", "coin-jar", n, False)) for n in range(1, 4)])
    known = learnt(conn, "ana", "coin-jar")
    assert known is not None
    assert len(known.news) == 3
    after = Forecast(known).expected(attempt("ana", "coin-jar"))
    whole = model_of(conn)
    for _ in range(3):
        whole.notice("ana", "coin-jar", CONCEPTS["coin-jar"], False, since.timestamp())
    assert after == whole.predict("ana", "coin-jar", CONCEPTS["coin-jar"], LATER.timestamp())
    assert after != before
    folded(conn)
    assert forecast(conn, "ana", "coin-jar").expected(attempt("ana", "coin-jar")) == pytest.approx(after, abs=0.1)


def test_a_hint_since_is_taken_in(conn: Connection) -> None:
    append(conn, [*TOLD, ("ana", LATER, assigned("h", "coin-jar"))])
    folded(conn)
    append(conn, [("ana", LATER, hinted("h", 3))])
    known = learnt(conn, "ana", "coin-jar")
    assert known is not None
    assert [one["type"] for one in known.news] == [HINTED]
    model = Forecast(known)._model
    assert model.history.learners["ana"].tried["coin-jar"].hints >= 1


def test_an_item_nobody_has_tried_is_expected_by_its_stated_difficulty(conn: Connection) -> None:
    append(conn, TOLD[:20])
    folded(conn)
    easy, hard = (
        Forecast(found).expected(Attempt("new", "unseen", ("loops",), difficulty, LATER))
        for difficulty in (0.1, 0.9)
        if (found := View(conn).learnt("new", needed("new", "unseen", ["loops"]), version()))
    )
    assert easy > hard + 0.3


def test_without_a_model_that_has_come_to_the_logs_end_there_is_none(conn: Connection) -> None:
    assert learnt(conn, "ana", "coin-jar") is None
    append(conn, TOLD)
    fold = Fold(batch=5)
    fold.step(conn, utc_now())
    assert learnt(conn, "ana", "coin-jar") is None, "it is being learnt"
    folded(conn, fold)
    assert learnt(conn, "ana", "coin-jar") is not None
    assert View(conn).learnt("ana", needed("ana", "coin-jar", ["loops"]), "other code") is None
    with conn.transaction():
        standing.forget(conn, [version()])
    assert learnt(conn, "ana", "coin-jar") is None


def test_it_costs_one_round_trip(conn: Connection) -> None:
    append(conn, TOLD)
    folded(conn)
    asked: list[Any] = []

    class Counting:
        def execute(self, query: Any, parameters: Any = None) -> Any:
            asked.append(query)
            return conn.execute(query, parameters)

    found = View(Counting()).learnt("ana", needed("ana", "coin-jar", CONCEPTS["coin-jar"]), version())  # type: ignore[arg-type]
    assert found is not None
    assert len(asked) == 1


def test_a_hint_of_no_goal_and_a_light_one_tell_nothing() -> None:
    data, first = {"goal": "g", "rung": 3}, {"challenge": "coin-jar"}
    assert as_news("ana", HINTED, data, 0.0, None) is None
    assert as_news("ana", HINTED, {"goal": "g", "rung": 2}, 0.0, first) is None
    told = as_news("ana", HINTED, data, 0.0, first)
    assert told is not None
    assert told.item == "coin-jar"
    assert as_news("ana", "goals.mood.answered", {}, 0.0) is None


def test_a_stated_difficulty_says_nothing_of_what_was_tried() -> None:
    model = LearnerModel()
    model.update("ana", "coin-jar", ["loops"], True, 0.0)
    before = model.predict("bob", "coin-jar", ["loops"], 1.0)
    news = as_news("bob", ASSIGNED, {"challenge": "coin-jar", "difficulty": 1.0}, 0.0)
    assert news is not None
    learn(model, news)
    assert model.predict("bob", "coin-jar", ["loops"], 1.0) == before


def decided(*inputs: Input, learnt: Learnt | None) -> list[EvaluationRecorded]:
    made = decide(Context("ana", "en", goal(), inputs, [seen(event) for event in inputs], title="A", learnt=learnt))
    return [said.body for said in made.events if isinstance(said.body, EvaluationRecorded)]


def test_evaluation_expects_by_the_model_and_says_so(conn: Connection) -> None:
    append(conn, TOLD)
    folded(conn)
    known = View(conn).learnt("ana", needed("ana", "calm-window", ["loops", "conditionals"]), version())
    assert known is not None
    (by_model,) = decided(finished("r1"), learnt=known)
    (by_ratings,) = decided(finished("r1"), learnt=None)
    assert by_model.expected != by_ratings.expected
    assert (by_model.predictor, by_model.predictor_version) == ("learner_model", version())
    assert by_model.predictor_position == len(TOLD)
    assert (by_ratings.predictor, by_ratings.predictor_version) == ("ratings", None)
    assert by_ratings.predictor_position is None
    assert by_model.deltas == by_ratings.deltas, "what an attempt moves is the ratings' own"
    assert decided(finished("r1"), learnt=known) == [by_model], "a repeated task decides the same"


def test_of_several_submissions_at_once_each_is_expected_with_those_before_it(conn: Connection) -> None:
    append(conn, TOLD)
    folded(conn)
    known = View(conn).learnt("ana", needed("ana", "calm-window", ["loops", "conditionals"]), version())
    said = decided(finished("r1", 0), finished("r2", 0, signature="b"), learnt=known)
    assert known is not None
    by_hand = Forecast(known)
    one = attempt("ana", "calm-window", datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    first = by_hand.expected(one)
    by_hand.saw(one, False)
    assert [e.expected for e in said] == [first, by_hand.expected(one)]
    assert first != said[1].expected
    tries = decided(finished("r1", 0, "run"), finished("r2", 0), learnt=known)
    assert tries[0].expected == tries[1].expected, "a try teaches nothing"
