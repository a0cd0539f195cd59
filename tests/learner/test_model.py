"""The learner model predicts before it sees, remembers what it saw and nothing it was only asked about."""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.learner import LearnerModel
from shared.learner.evaluate.generated import generated
from shared.learner.model.rows import Row

names = st.sampled_from(["", "a", "b", "ünï", "x|y", "0"])
times = st.none() | st.floats() | st.integers(-(10**20), 10**20)
concepts = st.lists(names, max_size=4) | st.none() | st.just("a|b|a")
attempts = st.lists(st.tuples(names, names, concepts, st.booleans(), times, st.booleans()), max_size=25)


def taught(rows: list[Row]) -> LearnerModel:
    model = LearnerModel()
    for learner, item, concepts, t, correct in rows:
        model.update(learner, item, concepts, correct, t)
    return model


@settings(max_examples=40, deadline=None)
@given(attempts)
def test_whatever_happens_a_prediction_is_a_probability(
    seen: list[tuple[str, str, list[str] | None, bool, float | None, bool]],
) -> None:
    model = LearnerModel()
    for learner, item, about, correct, t, hinted in seen:
        if hinted:
            model.hint(learner, item, about, t)
        assert 0 < model.predict(learner, item, about, t) < 1
        model.update(learner, item, about, correct, t)
    assert 0 < model.predict("new", "new", ["new"], None) < 1


def test_before_anything_is_known_a_prediction_is_a_fair_coin() -> None:
    assert LearnerModel().predict("ana", "x", ["loops"], 0.0) == pytest.approx(0.5, abs=0.05)


def test_success_raises_the_next_prediction_and_failure_lowers_it() -> None:
    base = generated("exercises", "rasch", 3)[:400]
    for correct in (True, False):
        model = taught(base)
        before = model.predict("new", "x1", ["k1"], None)
        for _ in range(4):
            model.update("new", "x1", ["k1"], correct, None)
        assert (model.predict("new", "x1", ["k1"], None) > before) is correct


def test_asking_leaves_no_trace() -> None:
    model = taught(generated("exercises", "rasch", 3)[:200])
    before = json.dumps(model.parts())
    for name in ("l0", "somebody"):
        model.predict(name, "never seen", ["nor this", "k1"], 5.0)
    assert json.dumps(model.parts()) == before


def test_an_outcome_is_learnt_alike_whether_it_was_predicted_first_or_not() -> None:
    rows = generated("blocks", "tracing", 3, 0.02)[:300]
    asked = LearnerModel()
    for learner, item, about, t, correct in rows:
        asked.predict(learner, item, about, t)
        asked.predict("other", item, about, t)
        asked.update(learner, item, about, correct, t)
    assert json.dumps(asked.parts()) == json.dumps(taught(rows).parts())


def test_the_difficulty_of_an_item_is_learnt_from_all_learners() -> None:
    model, chance = LearnerModel(), random.Random(1)
    for k in range(80):
        model.update(f"l{k}", "easy", ["c"], chance.random() < 0.9, None)
        model.update(f"l{k}", "hard", ["c"], chance.random() < 0.2, None)
    assert model.predict("new", "easy", ["c"]) > 0.75
    assert model.predict("new", "hard", ["c"]) < 0.4


def test_a_stated_difficulty_counts_until_attempts_speak() -> None:
    model = LearnerModel()
    model.expect("easy", 0.1)
    model.expect("hard", 0.9)
    assert model.predict("ana", "easy", ["c"]) > 0.75
    assert model.predict("ana", "hard", ["c"]) < 0.25
    for k in range(60):
        model.update(f"l{k}", "hard", ["c"], True)
    assert model.predict("ana", "hard", ["c"]) > 0.6
    model.expect("hard", 1.0)
    assert model.predict("ana", "hard", ["c"]) > 0.6


def test_success_after_a_hint_says_less_of_the_learner_than_success_alone() -> None:
    alone, helped = LearnerModel(), LearnerModel()
    for k in range(5):
        alone.update("ana", f"x{k}", ["loops"], True, None)
        helped.hint("ana", f"x{k}", ["loops"], None)
        helped.update("ana", f"x{k}", ["loops"], True, None)
    assert helped.predict("ana", "new", ["loops"]) < alone.predict("ana", "new", ["loops"])


def test_after_a_hint_only_the_next_attempt_is_a_helped_one() -> None:
    model = LearnerModel()
    model.hint("ana", "x", ["loops"])
    model.update("ana", "x", ["loops"], True)
    assert model.history.learners["ana"].tried["x"].hints == 0


def test_concepts_are_a_set_and_may_be_written_in_any_way() -> None:
    model = taught(generated("exercises", "rasch", 3)[:200])
    said = [
        model.predict("l1", "x1", about, 9.0) for about in (["k1", "k2"], ("k2", "k1", "k2"), "k2|k1", {"k1", "k2"})
    ]
    assert len(set(said)) == 1


def test_time_may_be_missing_or_run_backwards() -> None:
    model = LearnerModel()
    for t in (5.0, None, 3.0, float("nan"), float("inf"), 1e300, -1e300, 4.0):
        model.update("ana", "x", ["loops"], True, t)
        assert 0 < model.predict("ana", "x", ["loops"], t) < 1


def test_an_outcome_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="true or false"):
        LearnerModel().update("ana", "x", [], None)
    with pytest.raises(ValueError, match="7"):
        LearnerModel().update("ana", "x", [], 7)


@pytest.mark.parametrize("fitted", [False, True])
def test_a_model_kept_as_json_goes_on_with_the_same_figures(fitted: bool) -> None:
    rows = generated("exercises", "forgetting", 3)[:900]
    model = LearnerModel().fit(rows[:700]) if fitted else taught(rows[:700])
    kept = LearnerModel.of(json.loads(json.dumps(model.parts())))
    for learner, item, about, t, correct in rows[700:]:
        assert kept.predict(learner, item, about, t) == model.predict(learner, item, about, t)
        kept.update(learner, item, about, correct, t)
        model.update(learner, item, about, correct, t)


def test_an_attempt_changes_its_own_parts_and_the_shared_one_only() -> None:
    model = taught(generated("exercises", "rasch", 3)[:300])
    before = {name: json.dumps(part) for name, part in model.parts().items()}
    model.update("l1", "x3", ["k1", "k4"], True, 1.0)
    changed = {name for name, part in model.parts().items() if json.dumps(part) != before.get(name)}
    assert changed == {"learner:l1", "item:x3", "concept:k1", "concept:k4", "concept:k1|k4",
                       "global", "training", "memory"}  # fmt: skip
    assert set(model.parts({"learner:l1", "global"})) == {"learner:l1", "global"}


def test_a_part_of_another_kind_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="cat:tom"):
        LearnerModel.of({"cat:tom": {}})


def test_what_is_kept_of_a_learner_in_a_concept_does_not_grow() -> None:
    model = LearnerModel()
    sizes = []
    for _ in range(3):
        for _ in range(200):
            model.update("ana", "x", ["loops"], True, 1.0e9)
        sizes.append(len(json.dumps(model.parts({"learner:ana"}))))
    assert max(sizes) < 1.1 * min(sizes)


def test_the_same_attempts_give_the_same_figures_in_another_process() -> None:
    program = (
        "from shared.learner import LearnerModel\nfrom shared.learner.evaluate.generated import generated\n"
        "m = LearnerModel()\n"
        "for l, i, c, t, y in generated('problems', 'kinds', 3, 0.05)[:400]: m.update(l, i, c, y, t)\n"
        "print(repr(m.predict('new', 'x1', ['k1'], 3.0)))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert said == {
        repr(taught(generated("problems", "kinds", 3, 0.05)[:400]).predict("new", "x1", ["k1"], 3.0)) + "\n"
    }


def test_the_package_does_not_load_numpy_until_the_model_is_asked_for() -> None:
    program = "import sys, shared.learner as l; assert 'numpy' not in sys.modules; l.LearnerModel; sys.modules['numpy']"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_rows_are_fitted_in_any_usual_form() -> None:
    rows = generated("exercises", "rasch", 3)[:300]
    forms: list[list[object]] = [
        list(rows),
        [tuple(row) for row in rows],
        [row._asdict() for row in rows],
        [(r.learner, r.item, r.concepts, r.correct, r.t) for r in rows],
    ]
    said = {LearnerModel().fit(form).predict("new", "x1", ["k1"], None) for form in forms}
    assert len(said) == 1
    with pytest.raises(ValueError, match="row 2"):
        LearnerModel().fit([rows[0], ("ana", "x")])


def test_fitting_on_nothing_or_on_one_learner_does_no_harm() -> None:
    assert 0 < LearnerModel().fit([]).predict("a", "x", []) < 1
    one = [Row("ana", f"x{k % 3}", ("c",), None, k % 2 == 0) for k in range(30)]
    assert 0 < LearnerModel().fit(one).predict("ana", "x1", ["c"]) < 1


@pytest.mark.parametrize("mechanism", ["tracing", "kinds"])
def test_learners_not_seen_before_are_predicted_better_than_by_the_items_alone(mechanism: str) -> None:
    rows = generated("blocks", mechanism, 3, 0.1)
    names = sorted({row.learner for row in rows})
    held = set(names[::4])
    model = taught([row for row in rows if row.learner not in held])
    counts: dict[str, list[int]] = {}
    ours = naive = 0.0
    for learner, item, about, t, correct in rows:
        seen = counts.setdefault(item, [1, 2])
        if learner in held:
            p, q = model.predict(learner, item, about, t), seen[0] / seen[1]
            ours -= math.log(p if correct else 1 - p)
            naive -= math.log(q if correct else 1 - q)
            model.update(learner, item, about, correct, t)
        seen[0] += correct
        seen[1] += 1
    assert ours < 0.95 * naive
