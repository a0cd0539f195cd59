"""`python -m shared.learner.evaluate`: any log is read, every figure is the one it is called, and nothing is leaked."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.learner.evaluate.__main__ import main
from shared.learner.evaluate.baselines import Elo, ItemMean, Predictor
from shared.learner.evaluate.comparing import FITTED, OURS, PREDICTORS, RIVAL, compared
from shared.learner.evaluate.figures import auc, calibration_error, difference, log_loss, rmse
from shared.learner.evaluate.generated import MECHANISMS, SHAPES, generated
from shared.learner.evaluate.reading import BadLog, parse, read
from shared.learner.evaluate.regressions import PFA, BestLR, BestLRRecent
from shared.learner.model.lbfgs import Entries, minimised
from shared.learner.model.rows import Row

ANA = Row("ana", "x", ("a", "b"), 5.0, True)


@pytest.mark.parametrize(
    "lines",
    [
        ["ana,x,a|b,5,1"],
        ["learner,item,concepts,t,correct", "ana,x,b|a,5.0,1"],
        ["correct;t;skill;user_id;problem_id;extra", "1;5;a|b;ana;x;zzz"],
        [
            "\ufefflearner,item,concepts(a|b),t,correct".lstrip("\ufeff"),
            "",
            '"ana","x","a|b|a",1970-01-01T00:00:05Z,true',
        ],
        ["student\titem\tskills\ttime\tscore", "ana\tx\ta|b\t5\t0.75"],
    ],
)
def test_a_log_is_read_in_whatever_dress(lines: list[str]) -> None:
    assert parse(lines, "log") == [ANA]


def test_what_is_not_there_is_nothing() -> None:
    assert parse(["ana,x,,,0"], "log") == [Row("ana", "x", (), None, False)]
    assert parse(["learner,item,correct", "ana,x,0"], "log") == [Row("ana", "x", (), None, False)]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "no attempts"),
        (["learner,item,concepts,t,correct"], "no attempts"),
        (["ana,x,a,5,1", "ana,x,a,5"], "line 2: 4 columns"),
        (["ana,x,a,5,1", "", "ana,x,a,5,maybe"], "line 3: correct is neither 0 nor 1: 'maybe'"),
        (["ana,x,a,noon,1"], "line 1: t is neither"),
        ([",x,a,5,1"], "line 1: no learner"),
        (["learner,concepts,t", "ana,a,5"], "line 1: the header has no column item, correct"),
        (["ana,x,a,5,7"], "neither 0 nor 1: '7'"),
    ],
)
def test_a_bad_line_is_named(lines: list[str], said: str) -> None:
    with pytest.raises(BadLog, match=said):
        parse(lines, "log")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("learner,item,concepts,t,correct\nana,x,a|b,5,1\n", encoding="utf-8-sig")
    assert read(tmp_path / "log.csv") == [ANA]


def test_lines_end_where_a_csv_says_and_cells_may_be_long_and_hold_lines(tmp_path: Path) -> None:
    name = "x" * 200_000
    (tmp_path / "log.csv").write_bytes(f'ana,"two\nlines\u2028 and\x0bmore",{name},1,1\r\nbob,x,,2,0\r\n'.encode())
    assert read(tmp_path / "log.csv") == [
        Row("ana", "two\nlines\u2028 and\x0bmore", (name,), 1.0, True),
        Row("bob", "x", (), 2.0, False),
    ]


def test_a_learners_attempts_are_put_in_the_order_of_their_times() -> None:
    lines = ["ana,x3,,3,1", "bob,y2,,2,0", "ana,x1,,1,1", "bob,y1,,,0", "ana,x2a,,2,0", "ana,x2b,,2,1"]
    assert [row.item for row in parse(lines, "log")] == ["x1", "y2", "x2a", "y1", "x2b", "x3"]


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadLog, match="UTF-8"):
        read(tmp_path / "log.csv")


def test_auc_is_the_share_of_pairs_in_the_right_order_ties_half() -> None:
    y, p = np.array([1.0, 1, 0, 0]), np.array([0.9, 0.4, 0.4, 0.1])
    assert auc(y, p) == pytest.approx(3.5 / 4)
    assert np.isnan(auc(np.ones(3), np.ones(3)))


def test_log_loss_rmse_and_calibration_error_by_hand() -> None:
    y, p = np.array([1.0, 0, 1, 1]), np.array([0.8, 0.82, 0.3, 1.0])
    assert log_loss(y, p) == pytest.approx(-(np.log(0.8) + np.log(0.18) + np.log(0.3)) / 4, abs=1e-5)
    assert rmse(y, p) == pytest.approx(np.sqrt((0.04 + 0.6724 + 0.49 + 0) / 4))
    assert calibration_error(y, p) == pytest.approx((abs(0.2 - 0.82) + 0.7 + 0) / 4)


def test_an_interval_is_above_zero_where_one_is_better_for_everybody_and_spans_it_where_nobody_is() -> None:
    chance = np.random.default_rng(1)
    y = (chance.random(2000) < 0.5).astype(float)
    learners = [f"l{k % 40}" for k in range(2000)]
    blind, other = chance.random(2000), chance.random(2000)
    better = np.clip(blind + 0.3 * (y - 0.5), 0, 1)
    assert difference(auc, y, better, blind, learners, times=100).low > 0
    level = difference(auc, y, other, blind, learners, times=100)
    assert level.low < 0 < level.high


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_lbfgs_ends_where_the_gradient_does(seed: int) -> None:
    chance = np.random.default_rng(seed)
    x, y = chance.normal(size=(60, 5)), (chance.random(60) < 0.5).astype(float)
    entries = Entries()
    for (row, column), value in np.ndenumerate(x):
        entries.add(row, column, float(value))
    w = minimised(entries.sparse(60, 5), y, 1.0)
    gradient = x.T @ (1 / (1 + np.exp(-x @ w)) - y) + w
    assert np.abs(gradient).max() < 0.05


@pytest.mark.parametrize("make", [ItemMean, Elo, PFA, BestLR, BestLRRecent])
def test_a_rival_knows_more_than_the_mean(make: Callable[[], Predictor]) -> None:
    rows = generated("steps", "rasch", 2, 0.12)
    held = {row.learner for row in rows[-900:]}
    model = make()
    model.fit([row for row in rows if row.learner not in held])
    y, p = [], []
    for learner, item, concepts, t, correct in (row for row in rows if row.learner in held):
        p.append(model.predict(learner, item, concepts, t))
        model.update(learner, item, concepts, correct, t)
        y.append(float(correct))
    outcome = np.array(y)
    assert log_loss(outcome, np.array(p)) < log_loss(outcome, np.full(len(y), outcome.mean()))
    assert auc(outcome, np.array(p)) > 0.6


@pytest.mark.parametrize("name", list(PREDICTORS))
def test_no_predictor_is_told_an_outcome_before_it_has_predicted_it(name: str) -> None:
    """Outcomes of held-out learners are coin flips: nobody can do better than chance unless they look."""
    chance = np.random.default_rng(3)
    rows = [
        Row(f"l{k % 24}", f"x{chance.integers(6)}", ("c",), float(k), bool(chance.random() < 0.5)) for k in range(1200)
    ]
    result = compared(rows, [name], many=3)
    assert 0.44 < auc(result.y, result.predicted[name].p) < 0.56


def test_each_attempt_is_predicted_once_by_a_model_that_never_met_its_learner() -> None:
    rows = generated("exercises", "tracing", 2)[:600]
    result = compared(rows, [RIVAL, OURS], many=3)
    assert len(result.y) == len(rows) == len(result.predicted[OURS].p) == len(result.learners)
    assert sum(result.y) == sum(row.correct for row in rows)
    assert ((result.predicted[OURS].p > 0) & (result.predicted[OURS].p < 1)).all()


@pytest.mark.parametrize("shape", list(SHAPES))
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_generated_log_is_the_same_for_the_same_seed_and_has_its_shape(shape: str, mechanism: str) -> None:
    rows = generated(shape, mechanism, 5, 0.06)
    assert rows == generated(shape, mechanism, 5, 0.06)
    assert rows != generated(shape, mechanism, 6, 0.06)
    assert all((row.t is None) is (shape == "blocks") for row in rows)
    assert 0.2 < sum(row.correct for row in rows) / len(rows) < 0.95


def test_the_command_prints_every_rival_and_the_intervals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (tmp_path / "log.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        for learner, item, concepts, t, correct in generated("exercises", "kinds", 2)[:500]:
            writer.writerow([learner, item, "|".join(concepts), t, int(correct)])
    assert main([str(tmp_path / "log.csv"), "--folds", "2", "--resamplings", "20"]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in PREDICTORS)
    assert "500 attempts" in said
    assert "…" not in said.replace(" … ", "")
    assert FITTED in said.split("beside")[1]


@pytest.mark.parametrize(
    ("content", "said"), [("ana,x,a,5,maybe\n", "line 1"), ("ana,x,a,5,1\n", "at least two learners")]
)
def test_the_command_says_what_is_wrong_with_a_file(
    content: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "log.csv").write_text(content)
    assert main([str(tmp_path / "log.csv")]) == 2
    assert said in " ".join(capsys.readouterr().err.split())
    assert main([str(tmp_path / "none.csv")]) == 2
    assert main(["generated:steps/nothing"]) == 2
