"""A page in other words: streamed sentence by sentence as it passes, or the page's own words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from shared.curriculum import load
from tests.api.conftest import Learner, Open, World
from tests.models.conftest import KEY
from tests.models.server import ModelServer, cuts, fails, says

PROSE = (
    "Think of a porter who walks along a row of doors and knocks at each of them once. He carries a slip of paper, and "
    "what is written on it when he starts decides what it can say at the end. A loop does the same with a list. What "
    "should be on the slip before the first door?"
)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(key=KEY) as server:
        yield server


@pytest.fixture
def spoken(open_world: Open, server: ModelServer) -> World:
    """An API with a model."""
    return open_world(model_key=KEY, model_url=server.url)


def explained(learner: Learner, concept: str = "loops", **body: Any) -> list[dict[str, Any]]:
    answer = learner.post(f"/v1/lessons/{concept}/explanation", body)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


def events(learner: Learner, type_: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = learner.get("/v1/events").json()["events"]
    return [e["data"] for e in found if e["type"] == f"goals.{type_}"]


def test_a_models_words_come_sentence_by_sentence_and_are_kept(spoken: World, server: ModelServer) -> None:
    learner = spoken.learner()
    server.always(says(PROSE))
    *words, end = explained(learner)
    assert [line["type"] for line in words] == ["words"] * 4
    assert "".join(line["text"] for line in words) == PROSE
    assert end == {"type": "explained", "origin": "model", "replaced": None}
    (kept,) = events(learner, "lesson.explained")
    assert (kept["text"], kept["concept"], kept["origin"]) == (PROSE, "loops", "model")
    (called,) = events(learner, "model.called")
    assert (called["prompt"], called["outcome"]) == ("explain", "answered")


def test_without_a_model_the_pages_own_words_are_given(world: World) -> None:
    learner = world.learner()
    only, end = explained(learner)
    assert only["text"] in load().concepts["loops"].lesson["en"]
    assert end == {"type": "explained", "origin": "rule", "replaced": None}


def test_it_is_aimed_at_the_goal_and_gives_nothing_of_its_solution(spoken: World, server: ModelServer) -> None:
    learner = spoken.learner()
    goal = spoken.goal(learner.id)
    challenge = load().challenges["coin-jar"].instantiate()
    line = max((x.strip() for x in challenge.reference.splitlines() if not x.startswith("def")), key=len)
    server.always(says(f"A loop walks along the numbers one after the other until it ends. Just write `{line}` there."))
    *words, end = explained(learner, goal=goal)
    assert challenge.statement["en"][:40] in server.received[-1].request
    assert line not in json.dumps(words)
    assert words[-1]["instead"]
    assert end == {"type": "explained", "origin": "rule", "replaced": "objected"}
    (kept,) = events(learner, "lesson.explained")
    assert line not in kept["text"]


@pytest.mark.parametrize(
    "text",
    ["# A heading\n\n" + PROSE, PROSE + "\n\n```python\nx = 1\n```\n", "- one\n- two\n" + PROSE,
     "Have a look at https://example.org before you read on. " + PROSE, "You are an idiot, so here it is. " + PROSE],
)  # fmt: skip
def test_what_is_not_decent_prose_is_not_shown(text: str, spoken: World, server: ModelServer) -> None:
    server.always(says(text))
    *words, end = explained(spoken.learner())
    assert end["origin"] == "rule"
    assert words[-1]["text"] in load().concepts["loops"].lesson["en"]
    shown = "".join(line["text"] for line in words[:-1])
    assert not any(piece in shown for piece in ("#", "```", "- one", "https", "idiot"))


def test_a_model_that_is_down_or_cut_leaves_the_pages_words_standing(spoken: World, server: ModelServer) -> None:
    learner = spoken.learner()
    server.always(fails(500))
    *words, end = explained(learner)
    assert (end["origin"], end["replaced"]) == ("rule", "server_error")
    assert not words[-1]["instead"]
    server.always(cuts(PROSE, after=30))
    *words, end = explained(learner)
    assert end["origin"] == "rule"
    assert words[-1]["text"] in load().concepts["loops"].lesson["en"]


def test_who_asks_too_often_is_told_to_wait_and_an_unknown_concept_or_goal_is_not_there(world: World) -> None:
    learner = world.learner()
    assert learner.post("/v1/lessons/nothing/explanation", {}).status_code == 404
    assert learner.post("/v1/lessons/loops/explanation", {"goal": "g-none"}).status_code == 404
    for _ in range(19):
        explained(learner)
    late = learner.post("/v1/lessons/loops/explanation", {})
    assert (late.status_code, late.headers["content-type"]) == (429, "application/problem+json")
    assert int(late.headers["retry-after"]) > 0
