"""The function `learning`: a sweep teaches the model, in the system's own graph and after an erasure over HTTP too."""

from __future__ import annotations

from typing import Any

import pytest

from functions.learning.function import LearningFunction
from graph.topology import SWEPT, TICKED
from shared.clock import utc_now
from shared.events.codec import CONTENT_TYPE, command
from shared.learning.version import version
from shared.settings import Settings
from shared.store.connect import connect
from tests.learning.history import append, drawn, figures


def order(type_: str) -> bytes:
    return command(type_, id="1", source="/clock", subject="clock", time=utc_now(), data={}, correlation="1")


@pytest.fixture
def function(database: str) -> Any:
    found = LearningFunction(settings=Settings(database_url=database))
    found.start()
    yield found
    found.stop()


def test_a_sweep_learns_what_is_new_and_nothing_twice(
    database: str, function: LearningFunction, capsys: pytest.CaptureFixture[str]
) -> None:
    told = drawn(2, 30)
    with connect(database) as conn:
        append(conn, told[:50])
        assert function.handle(order(SWEPT), CONTENT_TYPE).status == 204
        assert figures(conn)["position"][0][0] == 50
        append(conn, told[50:])
        assert function.handle(order(SWEPT), CONTENT_TYPE).status == 204
        after = figures(conn)
        assert after["position"][0][0] == len(told)
        assert "learning.learnt" in capsys.readouterr().out
        assert function.handle(order(SWEPT), CONTENT_TYPE).status == 204
        assert figures(conn) == after


def test_another_order_is_refused(function: LearningFunction) -> None:
    assert function.handle(order(TICKED), CONTENT_TYPE).status == 422


def test_what_other_code_left_goes_with_a_sweep(database: str, function: LearningFunction) -> None:
    with connect(database) as conn:
        append(conn, drawn(2, 3))
        conn.execute("INSERT INTO model_fold (version, moved) VALUES ('old', now() - interval '1 day')")
        conn.execute("INSERT INTO model_part VALUES ('old', 'global', '{}')")
        assert function.handle(order(SWEPT), CONTENT_TYPE).status == 204
        for table in ("model_fold", "model_part"):
            assert conn.execute(f"SELECT DISTINCT version FROM {table}").fetchall() == [(version(),)]  # noqa: S608
