"""A process of its own, so that its peak of memory is that of one piece of work: `fill` or `compact`."""

from __future__ import annotations

import json
import sys
import time
from contextlib import nullcontext
from pathlib import Path

from shared.clock import utc_now
from shared.lake.compacting import compact
from shared.lake.filling import fill
from shared.lake.objects.local import LocalObjects
from shared.lake.ranges import Ahead
from shared.store.connect import connect


def peak() -> float:
    """MB of this program at most (`VmHWM`; what getrusage gives begins with the peak of whoever started us)."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def main(what: str, database: str, folder: str) -> None:
    objects = LocalObjects(Path(folder), public_url="http://api.example.org")
    found: dict[str, float] = {"rows": 0}
    began = time.perf_counter()
    with connect(database) as conn:
        if what == "fill":
            with connect(database) as other, Ahead(lambda: nullcontext(other)) as ahead:
                while done := fill(conn, objects, now=utc_now(), ahead=ahead):
                    found["rows"] += done.rows
        else:
            made = compact(conn, objects)
            found |= {"rows": made.rows, "before": made.before, "after": made.after}
    found["seconds"] = time.perf_counter() - began
    found["mb"] = peak()
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
