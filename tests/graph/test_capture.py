"""What we rely on in LangGraph beyond its public interface is pinned here: an upgrade that moves it turns red."""

from __future__ import annotations

from langgraph._internal import _constants

from graph.build import build
from graph.capture import NO_WRITES, Capture, Head, config_of
from graph.node import Hands
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


def started() -> tuple[Head, list[dict[str, str]]]:
    capture = Capture(None)
    graph = build(standard_bodies()).copy({"checkpointer": capture})
    tasks = []
    for chunk in graph.stream(GIVEN, config_of("t"), context=HANDS, stream_mode="checkpoints", durability="sync"):
        tasks = [{"task": t["id"], "name": t["name"]} for t in chunk["tasks"]]
    checkpoint, metadata = capture.captured.checkpoints[-1]
    return Head("t", checkpoint, metadata), tasks


def test_a_masked_sibling_is_neither_run_nor_written_to() -> None:
    head, tasks = started()
    assert [t["name"] for t in tasks] == ["evaluation", "feedback"]
    mine, other = tasks
    capture = Capture(head, [other["task"]])
    graph = build(standard_bodies()).copy({"checkpointer": capture})
    list(graph.stream(None, config_of("t"), context=HANDS, stream_mode="checkpoints", durability="sync"))
    assert list(capture.captured.writes) == [mine["task"]]


def test_running_a_task_leaves_the_head_as_it_was_read() -> None:
    head, tasks = started()
    before = repr(head)
    capture = Capture(head, [tasks[1]["task"]])
    graph = build(standard_bodies()).copy({"checkpointer": capture})
    list(graph.stream(None, config_of("t"), context=HANDS, stream_mode="checkpoints", durability="sync"))
    assert repr(head) == before


def test_a_task_has_the_same_id_wherever_it_is_prepared() -> None:
    assert Head.__slots__
    head, tasks = started()
    for _ in range(2):
        capture = Capture(head, [t["task"] for t in tasks[1:]])
        graph = build({}).copy({"checkpointer": capture})
        try:
            list(graph.stream(None, config_of("t"), context=HANDS, stream_mode="checkpoints", durability="sync"))
        except Exception as error:  # noqa: BLE001  the body is not here; the task was prepared all the same
            assert "no body in this process" in str(error)
        assert set(capture.captured.writes) <= {tasks[0]["task"]}
