"""What bounds all processes of a run together: a cgroup where there is one, and a look from outside every 50 ms."""

from __future__ import annotations

import contextlib

from shared.sandbox import cgroup
from shared.sandbox.contract import Outcome
from shared.sandbox.resident import exceeds, tree

BESIDES, PROCESSES = 64 * 1024 * 1024, 256
"""What a cgroup counts that is nobody's fault (files' pages, the temporary folder); a backstop behind RLIMIT_NPROC."""


class Together:
    """`memory_bytes` for all of them; 0: the kernel's bounds on the one process there can be are enough."""

    def __init__(self, memory_bytes: int) -> None:
        self._memory = memory_bytes
        self._root: int | None = None
        self._leaf: cgroup.Leaf | None = None

    def hold(self, root: int) -> None:
        """From now on, the process `root` (a number of ours) and all beneath it."""
        folder, _ = cgroup.found()
        if not self._memory:
            return
        self._root = root
        if folder is not None:
            # What cannot have one is bounded by the look from outside alone.
            with contextlib.suppress(cgroup.NoCgroup):
                self._leaf = cgroup.Leaf(folder, self._memory + BESIDES, PROCESSES)
                self._leaf.take(tree(root))

    def over(self) -> Outcome | None:
        if self._root is None:
            return None
        if self._leaf is not None:
            if (broken := self._leaf.broken()) is not None:
                return broken
            self._leaf.take(tree(self._root))  # who was forked while the others were taken
        return "memory" if exceeds(self._root, self._memory) else None

    def close(self) -> None:
        if self._leaf is not None:
            self._leaf.close()
