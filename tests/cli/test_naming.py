"""Which goal a word means, and what the screen makes of an answer."""

from __future__ import annotations

from typing import Any

import pytest

from goals.cli.naming import meant, numbered
from goals.cli.tables import bar
from goals.cli.workspace import write
from goals.client import Event
from goals.client.trace import functions, tree
from shared.errors import InvalidInput, NotFound


def goal(id_: str, challenge: str, state: str = "assigned", day: str = "2026-11-23", kind: str = "daily") -> Any:
    return {"goal": id_, "challenge": challenge, "state": state, "day": day, "kind": kind, "assigned": day}


FENCE = goal("aaaa1111", "fence-paint")
KAYAK = goal("aaaa2222", "late-kayak", "open")
OLD = goal("bbbb3333", "fence-paint", "solved", "2026-11-20")


def test_what_is_begun_comes_first_and_what_is_done_last() -> None:
    assert [g["goal"] for g in numbered([OLD, FENCE, KAYAK])] == ["aaaa2222", "aaaa1111", "bbbb3333"]


@pytest.mark.parametrize(
    ("word", "id_"),
    [("1", "aaaa2222"), ("aaaa1", "aaaa1111"), ("aaaa1111", "aaaa1111"), ("late", "aaaa2222"),
     ("fence-paint", "aaaa1111"), ("bbbb", "bbbb3333")],
)  # fmt: skip
def test_a_goal_is_meant_by_number_id_or_name(word: str, id_: str) -> None:
    assert meant(word, numbered([FENCE, KAYAK]), [FENCE, KAYAK, OLD])["goal"] == id_


def test_an_unclear_word_names_what_it_may_be() -> None:
    with pytest.raises(InvalidInput, match=r"fence-paint .*late-kayak"):
        meant("aaaa", [FENCE, KAYAK])


@pytest.mark.parametrize("word", ["9", "0", "nothing"])
def test_an_unknown_word_is_not_found(word: str) -> None:
    with pytest.raises(NotFound):
        meant(word, [FENCE])


def test_another_goal_of_the_same_challenge_gets_a_folder_of_its_own(tmp_path: Any) -> None:
    detail = {
        **FENCE, "title": "Fence", "statement": "Paint.", "starter": "pass\n", "language": "python", "entry": "f",
        "minutes": 5, "because": "why", "page": {"concept": "loops"},
    }  # fmt: skip
    first, _ = write(detail, tmp_path, server="s", email="e", code=None)
    second, _ = write({**detail, "goal": "cccc4444"}, tmp_path, server="s", email="e", code="mine\n")
    assert first.folder.name == "fence-paint"
    assert second.folder.name == "fence-paint-cccc4444"
    assert (first.code(), second.code()) == ("pass\n", "mine\n")


def test_a_bar_is_as_long_as_it_is_whatever_the_figures() -> None:
    for shown in (0.0, 0.1, 0.5, 1.0):
        for uncertainty in (0.0, 1.0, 9.0):
            assert len(bar(shown, uncertainty)) == 24


def event(id_: str, cause: str | None, function: str, ms: int) -> Event:
    return Event.read(
        {
            "id": id_, "type": "goals.x.y", "source": f"/functions/{function}", "sequence": "1", "causationid": cause,
            "time": f"2026-11-23T06:00:00.{ms:03}Z", "correlationid": "a", "data": {},
        }
    )  # fmt: skip


def test_a_way_is_a_tree_of_causes_with_milliseconds() -> None:
    events = [
        event("a", None, "api", 0),
        event("b", "a", "feedback", 40),
        event("c", "b", "mood", 50),
        event("d", "a", "process", 90),
        event("e", "elsewhere", "daily", 95),
        event("f", "f", "lake", 99),
    ]
    nodes = [(node.event.id, node.depth, node.ms) for node in tree(events)]
    assert nodes == [("a", 0, 0), ("b", 1, 40), ("c", 2, 50), ("d", 1, 90), ("e", 0, 95), ("f", 0, 99)]
    assert functions(events) == ["api", "feedback", "mood", "process", "daily", "lake"]
