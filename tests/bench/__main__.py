"""`make bench`: every figure as a ratio against something run beside it, with what is expected of it.

`python -m tests.bench hop ingest` runs those only.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from shared.settings import Settings
from tests.bench import diagnosis, feedback, hop, ingest, lake, learner, learning, runner, sandbox, start
from tests.bench.parts import fresh, servers

Line = tuple[str, float, str, bool | None]
"""What, figure, what is expected, and whether it is met (None: told for information)."""


def hop_lines(settings: Settings, _: Path) -> list[Line]:
    found = hop.bench(fresh(settings, "bench_hop").database_url)
    lines: list[Line] = []
    for n in (1, 8):
        lines.append(
            (f"a task of the graph run whole, stock saver, {n} process(es), ms", found[f"whole_ms_{n}"], "", None)
        )
        lines.append((f"a hop of the split graph, {n} process(es), ms", found[f"hop_ms_{n}"], "", None))
        ratio = found[f"ratio_{n}"]
        lines.append((f"hop / task, {n} process(es)", ratio, "<= 2.0", ratio <= 2.0))
    trips = found["round_trips"]
    lines.append(("round trips of a hop that records an event", trips, "<= 6", trips <= 6))
    return lines


def ingest_lines(settings: Settings, _: Path) -> list[Line]:
    found = ingest.bench(settings)
    return [
        ("durable interactions a second through the API", found["interactions_per_s"], "", None),
        ("bare batched insert (executemany), rows a second", found["executemany_rows_per_s"], "", None),
        ("the store's own statement alone, rows a second", found["store_statement_rows_per_s"], "", None),
        ("API / bare batched insert", found["ratio"], ">= 0.5", found["ratio"] >= 0.5),
        ("API / the store's own statement", found["ratio_to_store_statement"], "", None),
    ]


def start_lines(settings: Settings, _: Path) -> list[Line]:
    found = start.bench(settings)
    lines: list[Line] = [
        ("bare import of langgraph.graph and its Postgres saver, CPU ms", found.pop("bare_cpu_ms"), "", None),
        ("its memory, MB", found.pop("bare_mb"), "", None),
    ]
    for name, value in found.items():
        limit = 1.25 if name.endswith("start_ratio") else 1.3
        lines.append((name.replace("_", " "), value, f"<= {limit}", value <= limit))
    return lines


def feedback_lines(_: Settings, folder: Path) -> list[Line]:
    found = feedback.bench(folder / "embedded")
    lines: list[Line] = []
    for n in (1, 8, 32):
        lines.append((f"run to feedback, {n} learner(s), p50 ms", found[f"p50_ms_{n}"], "", None))
        p95 = found[f"p95_ms_{n}"]
        lines.append(
            (f"run to feedback, {n} learner(s), p95 ms", p95, *(("<= 250", p95 <= 250) if n == 8 else ("", None)))
        )
    return lines


def diagnosis_lines(_: Settings, __: Path) -> list[Line]:
    found = diagnosis.bench()
    lines: list[Line] = []
    for which, told in (("", "Python"), ("other_", "JavaScript, TypeScript, Go")):
        p50 = found[f"{which}p50_ms"]
        lines += [
            (f"{told}: golden cases of feedback", found[f"{which}cases"], "", None),
            (f"{told}: bare parse of their programs, p50 ms", found[f"{which}parse_ms"], "", None),
            (f"{told}: from a case's report to its cause, p50 ms", p50, "<= 5", p50 <= 5),
            (f"{told}: diagnosis / bare parse", found[f"{which}ratio"], "", None),
            (f"{told}: the slowest case's median, ms", found[f"{which}most_ms"], "", None),
        ]
    return lines


def runner_lines(_: Settings, folder: Path) -> list[Line]:
    found = runner.bench(folder / "runner")
    ratio, first, whole = found["slowest_to_median"], found["first_case_ms"], found["recorded_ms"]
    return [
        ("32 learners at once, runs a second", found["runs_per_s"], "", None),
        ("asking to first case, the median learner's mean, ms", found["median_wait_ms"], "", None),
        ("the slowest learner's mean wait / the median's", ratio, "<= 2.0", ratio <= 2.0),
        ("websocket: save to first case, p50 ms", first, "<= 40", first <= 40),
        ("websocket: save to the last of 20 cases, p50 ms", found["last_case_ms"], "", None),
        ("websocket: save to the recorded verdict of 20 cases, p50 ms", whole, "<= 120", whole <= 120),
    ]


def sandbox_lines(_: Settings, __: Path) -> list[Line]:
    found = sandbox.bench()
    lines: list[Line] = [("bare python3 -I -S -c pass, p50 ms", found["bare_ms"], "", None)]
    for mode in sandbox.MODES:
        for key, limit in (
            ("warm_total_p50", 0.8),
            ("warm_total_p95", 1.3),
            ("warm_first_p50", 0.6),
            ("cold_total_p50", 2.0),
        ):
            value = found[f"{mode}_{key}"]
            lines.append((f"{mode}, {key.replace('_', ' ')} / bare", value, f"<= {limit}", value <= limit))
        lines.append((f"{mode}, warm run, p50 ms", found[f"{mode}_warm_total_ms_p50"], "", None))
        lines.append(
            (f"{mode}, warm, six without a pause, mean p50 / bare", found[f"{mode}_burst_total_p50"], "", None)
        )
    return lines


def learner_lines(_: Settings, __: Path) -> list[Line]:
    found = learner.bench()
    lines: list[Line] = [("bare Elo, predict and update, µs", found["elo_us"], "", None)]
    for name, what in (("model_us", "learner model"), ("fitted_us", "learner model, fitted")):
        lines.append((f"{what}, predict and update, µs", found[name], "<= 100", found[name] <= 100))
    return lines


def learning_lines(settings: Settings, _: Path) -> list[Line]:
    found = learning.bench(settings)
    ratio = found["ratio"]
    return [
        ("events a second into the kept learner model", found["fold_per_s"], "", None),
        ("the same model in memory, on the same facts, a second", found["memory_per_s"], "", None),
        ("kept / in memory", ratio, ">= 0.2", ratio >= 0.2),
        ("bytes written an event, in whole batches", found["bytes_per_fact"], "", None),
        ("a sweep with one new attempt by a learner who met 100 items, bytes", found["one_bytes"], "", None),
        ("the same, p50 ms", found["one_ms"], "", None),
        ("their ratings looked up, p50 ms", found["ratings_ms"], "", None),
        ("a forecast for them from the kept parts, p50 ms", found["ask_ms"], "<= 10", found["ask_ms"] <= 10),
    ]


def lake_lines(settings: Settings, folder: Path) -> list[Line]:
    found = lake.bench(settings, folder / "lake")
    ratio, own, rows = found["ratio"], found["own_ms"], found["own_rows"]
    lines: list[Line] = [
        ("events a second into durable Parquet", found["events_per_s"], "", None),
        ("bare pyarrow writer, the same rows a second", found["bare_per_s"], "", None),
        (f"lake / bare writer, median of {lake.ROUNDS} rounds", ratio, ">= 0.5", ratio >= 0.5),
        ("the same, the least and", found["ratio_least"], "", None),
        ("the most of a round", found["ratio_most"], "", None),
        ("filling, memory at most, MB", found["fill_mb"], "<= 300", found["fill_mb"] <= 300),
        ("compaction, events a second", found["compacted_per_s"], "", None),
        ("compaction, files before", found["files_before"], "", None),
        ("compaction, files after", found["files_after"], "", None),
        ("compaction, memory at most, MB", found["compacted_mb"], "<= 300", found["compacted_mb"] <= 300),
        ("events in the large lake", found["events"], "", None),
        ("bytes an event", found["bytes_per_event"], "", None),
        ("rows of one learner's own copy of such a lake", rows, "", None),
        ("its last 30 days, opened and asked by DuckDB, p50 ms", own, "<= 100", own <= 100),
        ("the same of the whole lake: opened, p50 ms", found["open_ms"], "", None),
        ("asked, p50 ms", found["ask_ms"], "", None),
    ]
    return lines


BENCHES: dict[str, Callable[[Settings, Path], list[Line]]] = {
    "hop": hop_lines,
    "ingest": ingest_lines,
    "start": start_lines,
    "feedback": feedback_lines,
    "diagnosis": diagnosis_lines,
    "runner": runner_lines,
    "sandbox": sandbox_lines,
    "learner": learner_lines,
    "lake": lake_lines,
    "learning": learning_lines,
}


def main(names: list[str]) -> int:
    console = Console()
    unknown = set(names) - set(BENCHES)
    if unknown:
        console.print(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
        return 2
    missed = 0
    with tempfile.TemporaryDirectory(prefix="goals-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with servers(folder) as settings:
            for bench in names or BENCHES:
                with console.status(f"{bench} …"):
                    lines = BENCHES[bench](settings, folder)
                table = Table(title=bench, title_justify="left", show_edge=False)
                for heading in ("what", "figure", "expected", ""):
                    table.add_column(heading, justify="left" if heading == "what" else "right")
                for what, value, expected, met in lines:
                    mark = "" if met is None else ("[green]met[/]" if met else "[red]missed[/]")
                    missed += met is False
                    table.add_row(what, f"{value:,.2f}", expected, mark)
                console.print(table)
                console.print()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
