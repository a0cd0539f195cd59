"""A run of the sandbox, cold and warm, in both modes, against bare `python3 -I -S -c pass`; interleaved.

Total: from asking for the run to everything given back. First: to the first case's result. Milliseconds and ratios
over the bare interpreter's median.
"""

from __future__ import annotations

import contextlib
import statistics
import subprocess
import time
from collections.abc import Callable
from typing import cast

from shared.sandbox import Call, Mode, Sandbox
from shared.sandbox.interpreter import interpreter

ROUNDS = 60
MODES: tuple[Mode, ...] = ("bubblewrap", "landlock")
PROGRAM = "def total(xs):\n    s = 0\n    for x in xs:\n        s += x\n    return s\n"
CALLS = [Call("a", "total", ([3, 9, 2],)), Call("b", "total", ([],))]


def bare() -> tuple[float, float]:
    began = time.perf_counter()
    subprocess.run([interpreter().executable, "-I", "-S", "-c", "pass"], check=True, env={})
    total = time.perf_counter() - began
    return total, total


def measure(sandbox: Sandbox) -> tuple[float, float]:
    """(total, first result) in seconds."""
    began = time.perf_counter()
    with sandbox.run(PROGRAM, CALLS) as run:
        first = next(run)
        at = time.perf_counter() - began
        last = next(run)
    total = time.perf_counter() - began
    assert (first.value, last.value) == (14, 0)
    assert first.warm is sandbox.warm
    return total, at


def burst(sandbox: Sandbox, runs: int = 6) -> tuple[float, float]:
    """Run after run without a pause in which a spare could be forked: the mean of all of them."""
    found = [measure(sandbox) for _ in range(runs)]
    return statistics.mean(total for total, _ in found), statistics.mean(first for _, first in found)


def bench(rounds: int = ROUNDS) -> dict[str, float]:
    with contextlib.ExitStack() as stack:
        kinds: dict[str, Callable[[], tuple[float, float]]] = {"bare": bare}
        made: dict[Mode, Sandbox] = {}
        for mode in MODES:
            for warm in (True, False):
                sandbox = stack.enter_context(Sandbox(mode=mode, warm=warm))
                if warm:
                    made[mode] = sandbox
                kinds[f"{mode}_{'warm' if warm else 'cold'}"] = lambda it=sandbox: measure(cast(Sandbox, it))  # type: ignore[misc]
            kinds[f"{mode}_burst"] = lambda it=made[mode]: burst(it)  # type: ignore[misc]
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in kinds}
        for kind in kinds.values():
            kind()  # starts the zygotes, fills the caches
        for _ in range(rounds):
            for name, kind in kinds.items():
                found[name].append(kind())
    base = statistics.median(total for total, _ in found["bare"])
    result = {"bare_ms": base * 1e3}
    for name, times in found.items():
        if name == "bare":
            continue
        totals, firsts = sorted(t for t, _ in times), sorted(f for _, f in times)
        result[f"{name}_total_ms_p50"] = statistics.median(totals) * 1e3
        result[f"{name}_total_p50"] = statistics.median(totals) / base
        result[f"{name}_total_p95"] = totals[int(0.95 * (len(totals) - 1))] / base
        result[f"{name}_first_p50"] = statistics.median(firsts) / base
    return result


if __name__ == "__main__":
    for key, value in bench().items():
        print(f"{key:32} {value:8.2f}")
