"""Stands for cron: ticks for `daily` and sweeps for `process`. `python -m goals.launch.clock` in the split system."""

from __future__ import annotations

import threading
import time
from datetime import datetime

import structlog

from graph.topology import SWEPT, TICKED
from shared.bus.port import Bus, Message
from shared.clock import rfc3339, utc_now
from shared.errors import BusUnavailable
from shared.events.codec import command
from shared.ids import derived_id

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 10.0
TICK_SECONDS = 900.0
"""Learners live in zones that differ by quarters of an hour; a tick that finds nothing to do writes nothing."""


def tick_of(type_: str, now: datetime) -> Message:
    """The command of one tick. Its id is the second it was made in."""
    id_ = derived_id(type_, now.replace(microsecond=0).isoformat())
    data = {"at": rfc3339(now)}
    body = command(type_, id=id_, source="/clock", subject="clock", time=now, data=data, correlation=id_)
    return Message(key=type_, body=body, id=id_, mandatory=True)


class Clock:
    """A thread that publishes ticks. A tick that cannot be published is tried again at the next beat."""

    def __init__(self, bus: Bus, *, sweep: float = SWEEP_SECONDS, tick: float = TICK_SECONDS) -> None:
        self._bus = bus
        self._every = {SWEPT: sweep, TICKED: tick}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        due = dict.fromkeys(self._every, time.monotonic())
        while not self._stop.wait(0.5):
            for type_, at in due.items():
                if time.monotonic() < at:
                    continue
                try:
                    self._bus.publish([tick_of(type_, utc_now())])
                except BusUnavailable as error:
                    log.warning("clock.waits", error=str(error))
                    break
                due[type_] = time.monotonic() + self._every[type_]


def main() -> None:
    import signal

    ending = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ending)  # in every thread: they are waited for, they interrupt nothing

    from shared.bus.opening import open_bus
    from shared.settings import environment

    bus = open_bus(environment())
    clock = Clock(bus)
    clock.start()
    signal.sigwait(ending)
    clock.stop()
    bus.close()


if __name__ == "__main__":
    main()
