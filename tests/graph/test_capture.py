"""What we rely on in LangGraph beyond its public interface is pinned here: an upgrade that moves it turns red."""

from __future__ import annotations

import threading

import pytest
from langgraph._internal import _constants

from graph.build import NodeNotHere, build
from graph.capture import NO_WRITES, Head
from graph.node import Hands
from graph.tick import Task, tick
from tests.graph.conftest import START, standard_bodies

FACTS = {"purpose": "run", "passed": 1, "total": 3, "fault": False, "signature": "s"}
GIVEN = {
    "learner": "ada",
    "trigger": "run",
    "inputs": [{"id": "e", "type": "goals.run.finished", "facts": FACTS, "position": 1, "at": "", "correlation": "e"}],
    "at": "2026",
    "access": {"granted": True, "until": "9"},
    "contract": {"kept": True, "until": "9"},
}
HANDS = Hands(None, lambda: START, lambda _: None)  # type: ignore[arg-type]


def test_the_mark_of_a_finished_task_is_still_langgraph_s() -> None:
    assert NO_WRITES == _constants.NO_WRITES


def started() -> tuple[Head, list[Task]]:
    advance = tick(build(standard_bodies()), "t", None, GIVEN, (), HANDS)
    checkpoint, metadata = advance.captured.checkpoints[-1]
    return Head("t", checkpoint, metadata), advance.tasks


def test_a_masked_sibling_is_neither_run_nor_written_to() -> None:
    head, tasks = started()
    assert [t["name"] for t in tasks] == ["evaluation", "feedback"]
    mine, other = tasks
    advance = tick(build(standard_bodies()), "t", head, None, [other["task"]], HANDS)
    assert list(advance.captured.writes) == [mine["task"]]


def test_running_a_task_leaves_the_head_as_it_was_read() -> None:
    head, tasks = started()
    before = repr(head)
    tick(build(standard_bodies()), "t", head, None, [tasks[1]["task"]], HANDS)
    assert repr(head) == before


def test_a_process_without_a_node_s_body_says_so_when_it_is_asked_to_run_it() -> None:
    head, tasks = started()
    with pytest.raises(NodeNotHere, match="'evaluation' has no body in this process"):
        tick(build({}), "t", head, None, [tasks[1]["task"]], HANDS)


def test_each_thread_ticks_on_a_loop_of_its_own_that_ends_with_it() -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(len(started()[1]))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [2] * 4
