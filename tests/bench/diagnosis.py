"""The diagnosis of a failing case, from its report to its cause, over all golden cases of feedback; in turns with the
bare parse of the same program (`ast.parse`, or tree-sitter's), of which every diagnosis has one. Milliseconds."""

from __future__ import annotations

import ast
import contextlib
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from functions.feedback.diagnosis import diagnose
from functions.feedback.diagnosis.trees import grammar
from functions.feedback.failure import failures
from tests.agents import golden_cases

ROUNDS = 20


def bench(rounds: int = ROUNDS) -> dict[str, float]:
    """Of Python's cases, and with `other_` before it of JavaScript's, TypeScript's and Go's: `p50_ms`, `most_ms` (the
    slowest case's median) of a diagnosis, `parse_ms` of the bare parse, `ratio` of the two medians, `cases`."""
    pythons = [folder for folder in golden_cases.FOLDERS if golden_cases.language(folder) == "python"]
    others = [folder for folder in golden_cases.FOLDERS if folder not in pythons]
    found = _bench(pythons, rounds)
    return found | {f"other_{name}": value for name, value in _bench(others, rounds).items()}


def _bench(folders: list[Path], rounds: int) -> dict[str, float]:
    texts = [
        (
            golden_cases.code(folder),
            golden_cases.report(folder),
            golden_cases.wanted(folder)["entry"],
            golden_cases.language(folder),
        )
        for folder in folders
    ]
    diagnosed: list[list[float]] = [[] for _ in texts]
    parsed: list[float] = []
    for _ in range(rounds):
        for times, (code, report, entry, language) in zip(diagnosed, texts, strict=True):
            parsed.append(_timed(_parse, code, language))
            times.append(_timed(_diagnose, code, report, entry, language))
    p50, parse = statistics.median(ms for times in diagnosed for ms in times), statistics.median(parsed)
    most = max(map(statistics.median, diagnosed))
    return {"p50_ms": p50, "most_ms": most, "parse_ms": parse, "ratio": p50 / parse, "cases": len(texts)}


def _timed(what: Callable[..., None], *given: str) -> float:
    began = time.perf_counter()
    what(*given)
    return (time.perf_counter() - began) * 1e3


def _parse(code: str, language: str) -> None:
    if language == "python":
        with contextlib.suppress(SyntaxError):  # of some golden cases that is the mistake
            ast.parse(code)
    else:
        grammar.parser(language).parse(code.encode())


def _diagnose(code: str, report: str, entry: str, language: str) -> None:
    (failure,) = failures(report, entry)
    diagnose(code, entry, failure, language)


if __name__ == "__main__":
    for key, value in bench().items():
        print(f"{key:16} {value:8.3f}")
