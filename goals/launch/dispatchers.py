"""Feeds functions from their queues over HTTP, as a RabbitmqSource for each does in a cluster.

`python -m goals.launch.dispatchers`: GOALS_TARGETS is a JSON object, queue → URL of its function.
"""

from __future__ import annotations

import json
import os
import signal

from shared.bus.dispatcher import Dispatcher
from shared.bus.opening import open_bus
from shared.bus.port import RetryPolicy
from shared.function.serve import quiet_logs
from shared.settings import environment

PARALLELISM = 4
ENDING = {signal.SIGTERM, signal.SIGINT}


def main() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)  # in every thread: they are waited for, they interrupt nothing
    quiet_logs()
    targets: dict[str, str] = json.loads(os.environ["GOALS_TARGETS"])
    bus = open_bus(environment())
    dispatchers = [
        Dispatcher(bus, queue, url, parallelism=PARALLELISM, policy=RetryPolicy()) for queue, url in targets.items()
    ]
    for dispatcher in dispatchers:
        dispatcher.start()
    signal.sigwait(ENDING)
    for dispatcher in dispatchers:
        dispatcher.stop(5)
    bus.close()


if __name__ == "__main__":
    main()
