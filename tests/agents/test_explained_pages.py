"""What a model adds to a page: for one learner, true where it can be run, without the solution; else the page alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from test_day_through_the_graph import BANK, Day, day, placed  # noqa: F401  `day` is a fixture

from functions.courses import function as courses
from functions.courses.lookup import page
from shared.events.catalogue.learners import RunFinished
from shared.models import LentModel
from shared.readmodel.rows import Goal
from shared.store import payloads
from tests.models.conftest import Make
from tests.models.server import ModelServer, Received, fails, floods, refuses, replies, says

GOOD = (
    "A value that is kept between the turns of a loop remembers what has happened so far. Before the first turn it "
    "needs a beginning, and each turn may change it once. A thermometer that is read every hour shows how:\n\n"
    "```python\ncoldest = None\nfor degrees in [4, -2, 7]:\n    if coldest is None or degrees < coldest:\n"
    "        coldest = degrees\n```\n\nWhat does your own loop remember after its first turn?"
)

SPANISH = (
    "Un valor que se guarda entre las vueltas de un bucle recuerda lo que ha pasado hasta ahora, y cada vuelta lo "
    "puede cambiar una vez; antes de la primera hace falta un comienzo."
)


@pytest.fixture
def explained(day: Day, make: Make) -> Day:  # noqa: F811
    model = LentModel()
    model.lend(make())
    day.bodies["courses"] = courses.asking(model)
    day.rebuild()
    return day


def stuck(day: Day) -> Goal:  # noqa: F811
    """A goal of the day on which three runs found nothing new: its page comes."""
    goal = next(g for g in day.goals if g.kind != "placement" and g.state == "assigned")
    for _ in range(4):
        day.runs(goal, right=False)
    return goal


def read(day: Day, goal: Goal) -> str:  # noqa: F811
    return page(day.view, BANK, learner="ana", language="en", concept=goal.concepts[0], goal=goal.goal)


def last_page(day: Day, goal: Goal) -> dict[str, Any]:  # noqa: F811
    return [e for e in day.said("lesson.written") if e["goal"] == goal.goal][-1]


def test_a_page_explains_for_this_learner_what_failed(explained: Day, server: ModelServer) -> None:
    server.always(says({"text": GOOD}))
    placed(explained)
    goal = stuck(explained)
    assert "A thermometer that is read every hour" in read(explained, goal)
    assert read(explained, goal).index("A thermometer") < read(explained, goal).index("## About")
    asked = next(received for received in server.received if "call: f(1)" in received.request)
    assert "got: 3" in asked.request
    reference = BANK.challenges[goal.challenge].instantiate(goal.variant).reference
    assert reference.strip() not in asked.request + asked.system
    assert last_page(explained, goal)["words"].startswith("payload:")
    assert explained.said("model.called")[-1]["prompt"] == "page"


def test_where_nothing_failed_nobody_is_asked(explained: Day, server: ModelServer) -> None:
    server.always(says({"text": GOOD}))
    placed(explained)
    assert explained.said("lesson.written")
    assert server.received == []


def test_the_words_are_the_learners_own_and_go_with_erasure(explained: Day, server: ModelServer) -> None:
    server.always(says({"text": GOOD}))
    placed(explained)
    goal = stuck(explained)
    with explained.conn.transaction():
        payloads.erase(explained.conn, "ana")
    assert "thermometer" not in read(explained, goal)
    assert "## About" in read(explained, goal)


def with_reference(received: Received) -> dict[str, str]:
    """A model that has read our courses and gives the solution of whatever is asked."""
    challenge = next(
        c for c in (x.instantiate() for x in BANK.challenges.values()) if c.statement["en"][:60] in received.request
    )
    return {"text": f"{GOOD[:200]}\n\n```python\n{challenge.reference}```\n\nWhat is left to do after that?"}


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        (says({"text": GOOD.replace("What does your own loop", "## More\n\nWhat does your own loop")}), "structure"),
        (says({"text": GOOD.replace("coldest = None\n", "coldest = nothing\n")}), "untrue"),
        (says({"text": GOOD.replace("```python\n", "```python\n>>> 1 + 1\n3\n")}), "untrue"),
        (says({"text": GOOD.replace("```python\n", "```python\nimport os\nos._exit(0)\n")}), "untrue"),
        (says({"text": GOOD + " Read more at https://example.org/loops now."}), "links"),
        (says({"text": GOOD + " Only a stupid beginner gets this wrong."}), "manners"),
        (says({"text": SPANISH}), "language"),
        (replies(with_reference), "solution"),
        (fails(500), "server_error"),
        (refuses, "refused"),
        (floods, "too_large"),
        (says({"text": "short"}), "invalid"),
    ],
)  # fmt: skip
def test_what_may_not_be_shown_is_left_out_and_the_event_says_why(
    behaviour: Callable[..., Any], why: str, explained: Day, server: ModelServer
) -> None:
    server.always(says({"text": GOOD}))
    placed(explained)
    server.always(behaviour)
    goal = stuck(explained)
    written = last_page(explained, goal)
    assert written["words"] is None
    assert why in written["replaced"].split(",")
    assert "## About" in read(explained, goal)


def test_of_a_hidden_case_the_model_is_told_its_part_only(explained: Day, server: ModelServer) -> None:
    server.always(says({"text": GOOD}))
    placed(explained)
    server.received.clear()
    goal = next(g for g in explained.goals if g.kind != "placement" and g.state == "assigned")
    challenge = BANK.challenges[goal.challenge].instantiate(goal.variant)
    case = next(c for c in challenge.cases if not c.visible)
    for number in range(4):
        report = {"cases": [{"id": case.id, "subtask": case.subtask, "visible": False, "verdict": "failed",
                             "input": "f(987654)", "expected": "4567", "got": "1"}]}  # fmt: skip
        explained.happens(
            RunFinished(
                goal=goal.goal, run=f"hidden-{number}", purpose="submit", passed=1, failed=1, total=2,
                verdict="failed", mode="test", ms=5, signature="same", code="x = 1\n", report=json.dumps(report),
            )
        )  # fmt: skip
    requests = [received.request for received in server.received]
    assert any("a hidden case of the part" in request for request in requests)
    assert not any("987654" in request or "4567" in request for request in requests)
