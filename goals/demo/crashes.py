"""The moments at which the system is killed, and who kills it."""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.errors import GoalsError


class Crashing(Protocol):
    def crash(self) -> int: ...

    def start(self) -> object: ...


@dataclass(frozen=True, slots=True)
class Moment:
    """`delay`: seconds after the step's beginning."""

    step: int
    delay: float


def moments(seed: str, count: int, seconds: Sequence[float]) -> list[Moment]:
    """`count` random moments in a journey whose steps take `seconds` each: any step is as likely, however short, and
    any moment of it."""
    chance = random.Random(f"moments {seed}")  # noqa: S311  repeatable on purpose
    steps = sorted(chance.randrange(len(seconds)) for _ in range(count))
    found = [Moment(step, chance.uniform(0, seconds[step])) for step in steps]
    return sorted(found, key=lambda moment: (moment.step, moment.delay))


class Crashes:
    """Kills and restarts from a thread of its own, while the journey goes on as well as it can."""

    def __init__(self, system: Crashing, planned: Sequence[Moment], told: Callable[[str], None]) -> None:
        self.done = 0
        self.seconds: list[float] = []
        self._system = system
        self._planned = list(planned)
        self._told = told
        self._steps: queue.Queue[int | None] = queue.Queue()
        self.error: GoalsError | None = None
        self._thread = threading.Thread(target=self._run, name="crashes", daemon=True)
        self._thread.start()

    def began(self, step: int) -> None:
        self._steps.put(step)

    def finish(self) -> None:
        """Returns when all crashes have happened and the system is up again. Raises what a restart raised."""
        self._steps.put(None)
        self._thread.join()
        if self.error is not None:
            raise self.error

    def _run(self) -> None:
        while (step := self._steps.get()) is not None:
            while self._planned and self._planned[0].step <= step and self.error is None:
                self._crash(self._planned.pop(0))

    def _crash(self, moment: Moment) -> None:
        time.sleep(moment.delay)
        killed = self._system.crash()
        self.done += 1
        self._told(f"kill -9 number {self.done}, {moment.delay:.2f} s into step {moment.step + 1}: {killed} processes")
        began = time.monotonic()
        try:
            self._system.start()
        except GoalsError as error:
            self.error = error
            return
        self.seconds.append(time.monotonic() - began)
        self._told(f"up again after {self.seconds[-1]:.1f} s")
