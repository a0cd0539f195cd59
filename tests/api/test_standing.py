"""What is remembered of a learner's account and goals, and for how long."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import pytest

from functions.api.standing import Standing
from shared.errors import NotAuthenticated
from shared.store import connect
from shared.store.connect import pool
from tests.api.conftest import Learner, World, event


class Ticking:
    """A clock the test sets."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


class Counted(Standing):
    """Counts the questions to the database."""

    asked = 0

    def _ask(self, learner: str, goals: list[str]) -> frozenset[str] | None:
        self.asked += 1
        return super()._ask(learner, goals)


def test_the_database_is_asked_once_in_a_few_seconds_and_for_each_goal_not_known_to_be_theirs(
    world: World, ada: Learner
) -> None:
    mine, foreign, clock = world.goal(ada.id), world.goal(world.learner().id), Ticking()
    connections = pool(world.database, size=2)
    standing = Counted(connections, seconds=3.0, now=clock)

    def own(goals: Collection[str], *, afresh: bool = False) -> set[str]:
        return set(asyncio.run(standing.of(ada.id, goals, afresh=afresh)))

    try:
        assert own([mine]) == {mine}
        assert own([mine]) == {mine}
        assert own([]) == {mine}
        assert standing.asked == 1
        assert foreign not in own([mine, foreign])
        assert foreign not in own([foreign])
        assert standing.asked == 3
        assert own([mine], afresh=True) == {mine}
        clock.at += 3.1
        assert own([mine]) == {mine}
        assert standing.asked == 5
        with connect(world.database) as conn:
            conn.execute("UPDATE learner SET erased = true WHERE learner = %s", [ada.id])
        assert own([mine]) == {mine}
        with pytest.raises(NotAuthenticated):
            own([mine], afresh=True)
        with pytest.raises(NotAuthenticated):
            own([mine])
    finally:
        connections.close()


def test_only_so_many_learners_are_remembered(world: World) -> None:
    people = [world.learner().id for _ in range(3)]
    connections = pool(world.database, size=2)
    standing = Counted(connections, most=2)
    try:
        for learner in (*people, people[2], people[0]):
            asyncio.run(standing.of(learner, []))
    finally:
        connections.close()
    assert standing.asked == 4


def test_words_are_never_taken_on_what_is_remembered(world: World, ada: Learner) -> None:
    """Another instance erased the learner a moment ago: their words must not come to rest after that."""
    ada.send(event("mood.answered", {"answer": "good"}))
    with connect(world.database) as conn:
        conn.execute("UPDATE learner SET erased = true WHERE learner = %s", [ada.id])
    answer = ada.post("/v1/interactions", [event("wish.stated", {"text": "a secret"})])
    assert answer.status_code == 401
    assert world.rows("SELECT count(*) FROM payloads WHERE body = 'a secret'") == [(0,)]
