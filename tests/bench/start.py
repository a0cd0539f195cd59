"""Cold start and memory of each function, against a bare process that only imports langgraph.graph and its Postgres
saver. CPU time (what a cold start costs a cluster) from exec to ready, and resident memory when ready; alternating."""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

from shared.settings import Settings
from tests.bench.parts import environment

ROUNDS = 5
BARE = "import langgraph.graph, langgraph.checkpoint.postgres"
FUNCTION = """
import importlib, sys
from shared.function.asgi import FunctionApp
import uvicorn
function = importlib.import_module("functions.{name}.function").new()
function.start()
assert function.ready()
"""
REPORT = """
import resource
u = resource.getrusage(resource.RUSAGE_SELF)
rss = next(int(l.split()[1]) for l in open("/proc/self/status") if l.startswith("VmRSS"))
print((u.ru_utime + u.ru_stime) * 1e3, rss / 1024, flush=True)
import os
os._exit(0)
"""


def measure(code: str, env: dict[str, str]) -> tuple[float, float]:
    """(CPU milliseconds, resident MB) of a process that has run `code`."""
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code + REPORT],
        env={**env, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=True,
    )
    cpu, rss = done.stdout.split()
    return float(cpu), float(rss)


def bench(settings: Settings) -> dict[str, float]:
    from graph.decision import NODES

    env = environment(settings, 0)
    subprocess.run([sys.executable, "-m", "compileall", "-q", "shared", "graph", "functions"], check=True, cwd=_root())
    bare: list[tuple[float, float]] = []
    functions: dict[str, list[tuple[float, float]]] = {name: [] for name in (*NODES, "daily")}
    measure(BARE, env)
    for _ in range(ROUNDS):
        bare.append(measure(BARE, env))
        for name, found in functions.items():
            found.append(measure(FUNCTION.format(name=name), env))
    cpu, rss = (statistics.median(column) for column in zip(*bare, strict=True))
    result = {"bare_cpu_ms": cpu, "bare_mb": rss}
    for name, found in functions.items():
        c, m = (statistics.median(column) for column in zip(*found, strict=True))
        result[f"{name}_start_ratio"] = c / cpu
        result[f"{name}_memory_ratio"] = m / rss
    return result


def _root() -> str:
    return str(Path(__file__).parents[2])


if __name__ == "__main__":
    import tempfile

    from tests.bench.parts import servers

    with tempfile.TemporaryDirectory(prefix="goals-bench-") as folder:
        Path(folder).chmod(0o755)
        with servers(Path(folder)) as found:
            for name, value in bench(found).items():
                print(f"{name:28} {value:8.2f}")
