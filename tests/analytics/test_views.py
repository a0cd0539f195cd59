"""The ready views against the events they stand on, counted another way; the same views over a learner's copy."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from statistics import median

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goals.analytics.asking import ask
from goals.analytics.opening import READY, Filter, families_in, of_copy, of_lake
from shared.clock import utc_now
from shared.errors import InvalidInput, NotFound
from shared.events.catalogue.explaining import EvaluationWithdrawn
from shared.events.catalogue.teaching import HintGiven
from shared.lake import manifest
from shared.lake.compacting import compact
from shared.lake.filling import fill
from shared.lake.spanning import digest
from shared.learner.mastery import GATE
from tests.analytics.conftest import Class
from tests.lake.events import append, assigned, evaluated, mastered, registered

SINCE = (None, date(2026, 10, 1))
"""Without such a day, and with one in the midst of a week in which both cohorts work."""
GOLDEN = Path(__file__).parents[1] / "lake" / "golden" / "copy-1"
SUBMITTED = "FROM events WHERE type = 'goals.evaluation.recorded' AND data ->> 'purpose' = 'submit'"


def events(group: Class, type_: str) -> list[tuple[str, dict[str, object], datetime]]:
    asked = "SELECT subject, data, time FROM events WHERE type = %s ORDER BY time, position"
    return [(s, d, t) for s, d, t in group.conn.execute(asked, [f"goals.{type_}"])]


def shown(at: datetime, since: date | None) -> bool:
    return since is None or at.date() >= since


def submitted(group: Class) -> list[tuple[str, dict[str, object], datetime]]:
    """Evaluations of answers; most of the others are of practice runs."""
    asked = events(group, "evaluation.recorded")
    found = [(who, data, at) for who, data, at in asked if data["purpose"] == "submit"]
    assert 0 < len(found) < len(asked)
    return found


def answers(group: Class) -> dict[str, str]:
    """Of every ready view; sums of floats in another order differ in the last places."""
    found = {view: ask(group.asked(), f"FROM {view}").to_pylist() for view in READY}
    return {
        view: str([{n: round(v, 9) if isinstance(v, float) else v for n, v in row.items()} for row in rows])
        for view, rows in found.items()
    }


@pytest.mark.parametrize("since", SINCE)
def test_the_hardest_challenges_are_those_that_fewest_solve_at_once(group: Class, since: date | None) -> None:
    ways: dict[tuple[str, str], list[bool]] = defaultdict(list)
    there: set[tuple[str, str]] = set()
    for who, data, at in submitted(group):
        ways[str(data["challenge"]), who].append(bool(data["correct"]))
        if shown(at, since):
            there.add((str(data["challenge"]), who))
    of: dict[str, list[list[bool]]] = defaultdict(list)
    for challenge, who in there:
        of[challenge].append(ways[challenge, who])
    found = ask(group.asked(since=since), "SELECT * FROM hardest_challenges").to_pylist()
    assert {r["challenge"]: (r["learners"], r["attempts"]) for r in found} == {
        c: (len(tries), sum(map(len, tries))) for c, tries in of.items()
    }
    for row in found:
        tries = of[row["challenge"]]
        assert row["first_try"] == pytest.approx(sum(t[0] for t in tries) / len(tries))
        assert row["tries"] == median(t.index(True) + 1 for t in tries if True in t)
    assert [r["first_try"] for r in found] == sorted(r["first_try"] for r in found)
    stated = {c.slug: c.stated for c in group.bank}
    assert all(r["stated"] == pytest.approx(stated[r["challenge"]]) for r in found)


@pytest.mark.parametrize("since", SINCE)
def test_hint_use_counts_goals_not_hints(group: Class, since: date | None) -> None:
    goals = {d["goal"] for _, d, at in submitted(group) if shown(at, since)}
    helped = {d["goal"] for _, d, _ in events(group, "hint.given")}
    hinted = helped & goals
    assert helped - goals
    found = ask(group.asked(since=since), "SELECT * FROM hint_use").to_pylist()
    assert sum(r["goals"] for r in found) == len(goals)
    assert sum(round(r["asked"] * r["goals"]) for r in found) == len(hinted) > 0


@pytest.mark.parametrize("since", SINCE)
def test_retention_is_of_first_attempts_after_a_success(group: Class, since: date | None) -> None:
    last: dict[tuple[str, str], object] = {}
    seen, gaps = set(), 0
    recalled = 0
    for who, data, at in submitted(group):
        key = (who, str(data["concepts"][0]))  # type: ignore[index]
        if data["goal"] not in seen and key in last and shown(at, since):
            gaps += 1
            recalled += bool(data["correct"])
        seen.add(data["goal"])
        if data["correct"]:
            last[key] = at
    found = ask(group.asked(since=since), "SELECT * FROM retention_curves").to_pylist()
    assert sum(r["attempts"] for r in found) == gaps
    assert sum(round(r["attempts"] * r["recalled"]) for r in found) == recalled
    days = [r["days"] for r in found if r["days"]]
    assert days == sorted(days)


@pytest.mark.parametrize("since", SINCE)
def test_time_to_mastery_begins_with_the_first_attempt_and_ends_at_the_gate(group: Class, since: date | None) -> None:
    first: dict[tuple[str, str], datetime] = {}
    there: set[tuple[str, str]] = set()
    gate: dict[tuple[str, str], datetime] = {}
    for who, data, at in submitted(group):
        first.setdefault((who, str(data["concepts"][0])), at)  # type: ignore[index]
        if shown(at, since):
            there.add((who, str(data["concepts"][0])))  # type: ignore[index]
    for who, data, at in events(group, "mastery.changed"):
        if float(str(data["after"])) >= GATE:
            gate.setdefault((who, str(data["concept"])), at)
    found = ask(group.asked(since=since), "SELECT * FROM time_to_mastery").to_pylist()
    for row in found:
        keys = [key for key in there if key[1] == row["concept"]]
        took = [(gate[key] - first[key]).total_seconds() / 86_400 for key in keys if key in gate]
        assert (row["learners"], row["reached"]) == (len(keys), len(took))
        assert row["days"] == pytest.approx(median(took), abs=1e-3)
    assert {row["concept"] for row in found} == {concept for _, concept in there}


def test_cohorts_progress_week_by_week_and_never_back(group: Class) -> None:
    found = ask(group.asked(), "SELECT * FROM cohort_progress").to_pylist()
    cohorts = {r["cohort"] for r in found}
    assert cohorts == {date(2026, 9, 7), date(2026, 9, 28)}
    for cohort in cohorts:
        rows = [r for r in found if r["cohort"] == cohort]
        assert [r["week"] for r in rows] == list(range(len(rows)))
        assert [r["solved"] for r in rows] == sorted(r["solved"] for r in rows)
        assert all(0 <= r["active"] <= r["learners"] == 10 for r in rows)
    solved = {(w, str(d["goal"])) for w, d, _ in submitted(group) if d["correct"]}
    ends = {c: max((r for r in found if r["cohort"] == c), key=lambda r: int(r["week"])) for c in cohorts}
    assert sum(r["solved"] * r["learners"] for r in ends.values()) == pytest.approx(len(solved))
    since = date(2026, 10, 1)
    later = ask(group.asked(since=since), "SELECT * FROM cohort_progress").to_pylist()
    assert later == [r for r in found if r["cohort"] + timedelta(weeks=r["week"] + 1) > since]
    assert len({r["cohort"] for r in later}) == 2
    assert len(later) < len(found)


def test_a_concept_is_mastered_by_whichever_course_s_goal(group: Class) -> None:
    """Its course has goals of it; that of another course, where it is not the main concept, brings it to the gate."""
    other = assigned("other", challenge="late").model_copy(update={"course": "more", "concepts": ("files", "lists")})
    mine = assigned("mine", challenge="late").model_copy(update={"concepts": ("lists",)})
    bodies = [
        mine,
        evaluated("mine").model_copy(update={"concepts": ("lists",)}),
        other,
        mastered("other", 0.95, "lists"),
    ]
    append(group.conn, "late", bodies)
    fill(group.conn, group.objects, now=utc_now())
    asked = "SELECT concept FROM moved WHERE learner = 'late'"
    assert ask(group.asked(course="python-foundations"), asked)["concept"].to_pylist() == ["lists"]
    assert ask(group.asked(course="more"), asked)["concept"].to_pylist() == []


def test_a_question_since_a_day_sees_the_families_events_since_then_whatever_else_it_asks(group: Class) -> None:
    since = date(2026, 10, 1)
    (told,) = group.conn.execute(
        "SELECT count(*) FROM events WHERE split_part(type, '.', 2) = 'evaluation' AND time >= %s", [since]
    ).fetchone() or (0,)
    for families in (["evaluation"], families_in("FROM evaluation, tried")):
        with of_lake(group.conn, group.objects, families, filters={"since": since}) as db:
            assert ask(db, "SELECT count(*) AS n FROM evaluation").to_pylist() == [{"n": told}]


def test_the_answers_are_the_same_after_compaction(group: Class) -> None:
    before = answers(group)
    for turn in range(9):
        append(group.conn, "learner-00", [registered()], tag=f"again {turn}")
        fill(group.conn, group.objects, now=utc_now())
    files = len(manifest.files(group.conn))
    compact(group.conn, group.objects)
    assert len(manifest.files(group.conn)) < files
    assert answers(group) == before


def test_a_withdrawn_evaluation_counts_nowhere(group: Class) -> None:
    row = group.conn.execute(f"SELECT id, subject, data {SUBMITTED} LIMIT 1").fetchone()
    assert row is not None
    id_, who, data = row
    before = ask(group.asked(), "SELECT count(*) AS n FROM tried").to_pylist()[0]["n"]
    gone = EvaluationWithdrawn(
        goal=data["goal"], evaluation=id_, run=data["run"], concepts=("loops",), deltas={}, because="a doubt"
    )
    append(group.conn, who, [gone], tag="withdrawn")
    fill(group.conn, group.objects, now=utc_now())
    assert ask(group.asked(), "SELECT count(*) AS n FROM tried").to_pylist()[0]["n"] == before - 1


def test_filters_narrow_all_views_down_alone_and_in_pairs(group: Class) -> None:
    since = date(2026, 10, 1)
    everything = dict(group.conn.execute(f"SELECT id, time {SUBMITTED}").fetchall())
    later = {id_ for id_, t in everything.items() if t.date() >= since}
    assert 0 < len(later) < len(everything)
    kept: dict[str, dict[Filter, set[str]]] = {
        "tenant": {"public": {*everything}, "acme": set()},
        "course": {"python-foundations": {*everything}, "elsewhere": set()},
        "since": {since: later},
    }
    alone = [{name: value} for name, values in kept.items() for value in values]
    pairs = [{**one, **other} for one, other in combinations(alone, 2) if not one.keys() & other.keys()]
    for filters in (*alone, *pairs):
        tried = ask(group.asked(**filters), "SELECT evaluation FROM tried")["evaluation"].to_pylist()
        assert {*tried} == set.intersection(*(kept[n][v] for n, v in filters.items())), filters


def test_an_attempt_since_a_day_counts_with_the_goal_and_the_hint_from_before(group: Class) -> None:
    given, helped, at = (datetime(2026, 11, day, 12, tzinfo=UTC) for day in (1, 3, 11))
    for time, body in (
        (given, assigned("old", challenge="late")),
        (helped, HintGiven(goal="old", rung=2, text="look again", left=3)),
        (at, evaluated("old").model_copy(update={"challenge": "late"})),
        (at, mastered("old", 0.95)),
    ):
        append(group.conn, "late", [body], time=time, tag=str(time))
    fill(group.conn, group.objects, now=utc_now())
    since = date(2026, 11, 6)
    for filters in (
        {},
        {"since": since},
        {"course": "python-foundations"},
        {"since": since, "course": "python-foundations"},
    ):
        db = group.asked(**filters)
        (row,) = ask(db, "SELECT goals, asked, rung FROM hint_use WHERE challenge = 'late'").to_pylist()
        assert row == {"goals": 1, "asked": 1, "rung": 2}, filters
        (row,) = ask(db, "SELECT learners, stated FROM hardest_challenges WHERE challenge = 'late'").to_pylist()
        assert row == {"learners": 1, "stated": 0.4}, filters
        assert ask(db, "FROM moved WHERE learner = 'late'").num_rows == 1, filters


def test_the_same_views_answer_over_a_learner_s_copy() -> None:
    with of_copy(GOLDEN) as db:
        assert ask(db, "SELECT count(*) AS n FROM attempts").to_pylist() == [{"n": 4}]
        for view in READY:
            assert ask(db, f"FROM {view}").num_rows > 0, view
        moods = ask(db, "SELECT mood FROM mood ORDER BY time").to_pylist()
    assert moods == [{"mood": "good"}, {"mood": "may_be_stuck"}]


def test_a_copy_s_practice_runs_are_no_answers(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(GOLDEN, tmp_path / "copy"))
    told = json.loads((folder / "copy.json").read_text())
    for file in (f for f in told["files"] if f["dataset"] == "evaluations"):
        rows = pq.read_table(folder / file["path"])
        runs = rows.set_column(rows.schema.names.index("purpose"), rows.schema.field("purpose"), [["run"] * len(rows)])
        pq.write_table(pa.concat_tables([runs, rows]), folder / file["path"])
        file["sha256"] = digest(folder / file["path"])
    (folder / "copy.json").write_text(json.dumps(told))
    with of_copy(folder) as db, of_copy(GOLDEN) as answers:
        assert ask(db, "FROM evaluations").num_rows == 2 * ask(answers, "FROM evaluations").num_rows > 0
        for asked in ("SELECT * FROM tried ORDER BY evaluation", *(f"FROM {view}" for view in READY)):
            assert ask(db, asked).to_pylist() == ask(answers, asked).to_pylist()


def test_a_question_that_is_none_is_said_in_a_sentence() -> None:
    with of_copy(GOLDEN) as db:
        for wrong in ("selec 1", "SELECT * FROM nowhere", "SELECT nothing FROM tried"):
            with pytest.raises(InvalidInput):
                ask(db, wrong)
    with pytest.raises(NotFound), of_copy(GOLDEN / "nowhere"):
        pass


def test_a_question_names_the_families_it_needs() -> None:
    assert families_in("SELECT * FROM model m JOIN run USING (correlation)") == {"model", "run"}


def test_the_gate_of_the_views_is_the_learner_model_s() -> None:
    assert f">= {GATE}" in (Path(__file__).parents[2] / "goals/analytics/views.sql").read_text()


def test_only_the_families_that_are_needed_are_opened(group: Class) -> None:
    assert families_in("SELECT * FROM hint_use") >= {"evaluation", "goal", "hint", "mastery"}
    assert families_in("") > {"evaluation", "learner", "model"}
    with of_lake(group.conn, group.objects, families_in("SELECT count(*) FROM hint")) as db:
        assert ask(db, "SELECT count(*) AS n FROM hint").to_pylist()[0]["n"] > 0
        with pytest.raises(InvalidInput, match="tried"):
            ask(db, "FROM tried")
