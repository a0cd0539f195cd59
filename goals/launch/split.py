"""The whole system as in a cluster, on one machine: every function its own process, RabbitMQ, Redis, PostgreSQL, and
Envoy in front. Nothing in a function knows the difference."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from goals.launch.door import reserve
from goals.launch.functions import EVENT_FUNCTIONS, factory
from goals.launch.gateway import render
from goals.launch.lake import place
from goals.launch.prepare import prepare
from goals.launch.process import Process
from goals.launch.words import console, told
from goals.services import Envoy, Postgres, RabbitMQ, Redis, Server, ServerFailed
from shared.settings import Settings


class Gateway(Envoy):
    """Envoy on the port that people use."""

    def __init__(self, folder: Path, port: int, api: Process, mcp: Process, settings: Settings) -> None:
        super().__init__(folder, lambda listen, admin: self._configuration(listen, admin, api, mcp, settings))
        self._wanted = port

    def _configuration(self, listen: int, admin: int, api: Process, mcp: Process, settings: Settings) -> str:
        from shared.auth.keys import load
        from shared.auth.tokens import AUDIENCE

        ring = load(settings.keys_dir or settings.data_dir / "keys", create=True)
        return render(
            listen,
            admin,
            api_port=api.port,
            mcp_port=mcp.port,
            issuer=settings.public_url,
            audience=AUDIENCE,
            jwks=ring.jwks(),
        )

    def _choose_port(self) -> int:
        return self._wanted


def run(data_dir: Path, port: int) -> None:
    """Until Ctrl-C or SIGTERM. A function that dies is started again, as Knative would."""
    began = time.monotonic()
    data_dir = data_dir.absolute()
    data_dir.mkdir(parents=True, exist_ok=True)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    with ExitStack() as stack:
        reserve(port)
        with ThreadPoolExecutor(1, thread_name_prefix="lake") as beside:  # it takes as long as all the others
            placing = beside.submit(place, data_dir, os.environ, own_server=True)
            try:
                settings = _parts(data_dir, port, stack)
            finally:
                lake = placing.result()
                if lake.server is not None:
                    stack.callback(lake.server.stop)
        console.print(f"the lake: {lake.words}")
        prepare(settings)
        processes = _processes(data_dir, settings, lake.settings)
        api, mcp = processes[:2]
        _start_all(processes, stack, stopping)
        if stopping.is_set():
            return
        gateway = Gateway(data_dir / "envoy", port, api, mcp, settings)
        gateway.start()
        stack.callback(gateway.stop)
        told(
            settings.public_url,
            time.monotonic() - began,
            str(data_dir),
            f"split: {len(processes)} processes, RabbitMQ, Redis, PostgreSQL, Envoy",
        )
        _watch([*processes, gateway], stopping)


def _parts(data_dir: Path, port: int, stack: ExitStack) -> Settings:
    postgres, rabbit, redis = (
        Postgres(data_dir / "postgres"),
        RabbitMQ(data_dir / "rabbitmq"),
        Redis(data_dir / "redis"),
    )
    urls = {}
    for server in (postgres, rabbit, redis):
        urls[server.name] = server.start().url
        stack.callback(server.stop)
    return Settings(
        database_url=urls["postgres"],
        bus_url=urls["rabbitmq"],
        redis_url=urls["redis"],
        public_url=f"http://127.0.0.1:{port}",
        data_dir=data_dir,
    )


def _environment(settings: Settings, **more: str) -> dict[str, str]:
    values = {
        "GOALS_DATABASE_URL": settings.database_url,
        "GOALS_BUS_URL": settings.bus_url or "",
        "GOALS_REDIS_URL": settings.redis_url or "",
        "GOALS_PUBLIC_URL": settings.public_url,
        "GOALS_DATA_DIR": str(settings.data_dir),
        "GOALS_KEYS_DIR": str(settings.data_dir / "keys"),
        "GOALS_SUPPORT_CONTACT": os.environ.get("GOALS_SUPPORT_CONTACT", ""),
    }
    return {**values, **more}


def model_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """What names the language model: for those that ask one, the functions of the graph and the API."""
    files = ("GOALS_MODEL_KEY_FILE", "GOALS_MODEL_PRICES")  # named from where `goals` was started
    return {
        name: str(Path(value).absolute()) if name in files else value
        for name, value in environment.items()
        if name.startswith("GOALS_MODEL_")
    }


def _processes(data_dir: Path, settings: Settings, lake: Mapping[str, str]) -> list[Process]:
    """The API first, then the tools over it, the runner it asks, the functions, what feeds them, and the clock. `lake`:
    what names its object store, for the function `lake` and the API alone."""
    from shared.auth.keys import load

    load(data_dir / "keys", create=True)
    folder = data_dir / "functions"
    runner = Process(folder, "runner", "functions.runner", environment=_environment(settings))
    runner.claim_port()
    model = model_settings(os.environ)
    nodes = {
        name: Process(
            folder,
            name,
            "shared.function",
            factory(name),
            environment=_environment(settings, **(lake if name == "lake" else model)),
        )
        for name in EVENT_FUNCTIONS
    }
    targets = {name: f"http://127.0.0.1:{process.claim_port()}/" for name, process in nodes.items()}
    api = Process(
        folder,
        "api",
        "functions.api",
        environment=_environment(
            settings,
            **lake,  # it signs addresses of learners' copies
            **model,  # it has pages explained
            GOALS_RUNNER_URL=runner.address(runner.port),
            GOALS_TRUSTED_PROXIES=json.dumps(["127.0.0.1"]),  # Envoy
        ),
    )
    api.claim_port()
    mcp = Process(
        folder, "mcp", "functions.mcp", environment=_environment(settings, GOALS_API_URL=api.address(api.port))
    )
    dispatchers = Process(
        folder,
        "dispatchers",
        "goals.launch.dispatchers",
        environment=_environment(settings, GOALS_TARGETS=json.dumps(targets)),
        probe=None,
    )
    clock = Process(folder, "clock", "goals.launch.clock", environment=_environment(settings), probe=None)
    return [api, mcp, runner, *nodes.values(), dispatchers, clock]


def _start_all(processes: list[Process], stack: ExitStack, stopping: threading.Event) -> None:
    """Two at a time: a start is all CPU."""
    waiting = list(processes)
    failed: list[ServerFailed] = []
    lock = threading.Lock()
    for process in processes:
        stack.callback(process.stop)

    def work() -> None:
        while not stopping.is_set() and not failed:
            with lock:
                if not waiting:
                    return
                process = waiting.pop(0)
            try:
                process.start()
            except ServerFailed as error:
                failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def _watch(servers: list[Process | Gateway], stopping: threading.Event) -> None:
    while not stopping.wait(0.5):
        for server in servers:
            if not server.alive() and not stopping.is_set():
                _again(server)


def _again(server: Server) -> None:
    console.print(f"[yellow]{server.name} ended; it is started again[/] (its log: {server.log})")
    try:
        server.start()
    except ServerFailed as error:
        console.print(f"[red]{error}[/]")
