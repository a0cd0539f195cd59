"""The diagnosis of a failing case, from its report to its cause, over all golden cases of feedback; in turns with
`ast.parse` of the same program, of which every diagnosis of Python has one. Milliseconds."""

from __future__ import annotations

import ast
import contextlib
import statistics
import time

from functions.feedback.diagnosis import diagnose
from functions.feedback.failure import failures
from tests.agents import golden_cases

ROUNDS = 20


def bench(rounds: int = ROUNDS) -> dict[str, float]:
    """`p50_ms`, `most_ms` (the slowest case's median) of a diagnosis, `parse_ms` of the bare parse, `ratio` of the two
    medians, `cases`."""
    texts = [
        (golden_cases.code(folder), golden_cases.report(folder), golden_cases.wanted(folder)["entry"])
        for folder in golden_cases.FOLDERS
    ]
    diagnosed: list[list[float]] = [[] for _ in texts]
    parsed: list[float] = []
    for _ in range(rounds):
        for times, (code, report, entry) in zip(diagnosed, texts, strict=True):
            parsed.append(_parse(code))
            times.append(_diagnose(code, report, entry))
    p50, parse = statistics.median(ms for times in diagnosed for ms in times), statistics.median(parsed)
    most = max(map(statistics.median, diagnosed))
    return {"p50_ms": p50, "most_ms": most, "parse_ms": parse, "ratio": p50 / parse, "cases": len(texts)}


def _parse(code: str) -> float:
    began = time.perf_counter()
    with contextlib.suppress(SyntaxError):  # of some golden cases that is the mistake
        ast.parse(code)
    return (time.perf_counter() - began) * 1e3


def _diagnose(code: str, report: str, entry: str) -> float:
    began = time.perf_counter()
    (failure,) = failures(report, entry)
    diagnose(code, entry, failure)
    return (time.perf_counter() - began) * 1e3


if __name__ == "__main__":
    for key, value in bench().items():
        print(f"{key:10} {value:8.3f}")
