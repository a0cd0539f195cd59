"""Memory of a whole tree of processes, looked at from outside: for runs of several processes, and for runtimes that
reserve far more address space than they use (node, Go), where RLIMIT_AS says nothing.

Sources: proc_pid_status(5), proc_pid_smaps(5) (`Pss_Anon`, `Pss_Shmem`), proc_pid_task_children (CONFIG_PROC_CHILDREN).
"""

from __future__ import annotations

import os

UNITS = ("RssAnon:", "RssShmem:", "VmSwap:")
PROPORTIONAL = ("Pss_Anon:", "Pss_Shmem:", "SwapPss:")
MOST = 4096


def tree(root: int) -> list[int]:
    """`root` and everything beneath it, as numbers in our own namespace; who has just ended is left out."""
    found: list[int] = []
    queue = [root]
    while queue and len(found) < MOST:
        pid = queue.pop()
        found.append(pid)
        try:
            for task in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 - every 50 ms: pathlib costs more than the rest
                with open(f"/proc/{pid}/task/{task}/children", "rb") as children:  # noqa: PTH123
                    queue += map(int, children.read().split())
        except OSError:
            continue
    return found


def exceeds(root: int, bound: int) -> bool:
    """Whether the tree beneath and with `root` holds more than `bound` bytes of memory that is its own: neither files'
    pages nor twice what forked processes share.

    The cheap sum counts shared pages once for each process; only where it is too much are they counted exactly.
    """
    pids = tree(root)
    return _sum(pids, "status", UNITS) > bound and _sum(pids, "smaps_rollup", PROPORTIONAL) > bound


def _sum(pids: list[int], file: str, names: tuple[str, ...]) -> int:
    return sum(_kilobytes(pid, file, names) for pid in pids) * 1024


def _kilobytes(pid: int, file: str, names: tuple[str, ...]) -> int:
    try:
        with open(f"/proc/{pid}/{file}") as content:  # noqa: PTH123
            return sum(int(line.split()[1]) for line in content if line.startswith(names))
    except ProcessLookupError:
        return 0
    except OSError:  # not ours to look into so closely: the cheap figure, which is never smaller
        return _kilobytes(pid, "status", UNITS) if file != "status" else 0
