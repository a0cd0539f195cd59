"""The whole system in one process, on the embedded default: no root, pip only.

PostgreSQL and Valkey run beside it; the bus is a queue in PostgreSQL; every function is called in this process, but by
the same dispatcher, with the same CloudEvents and the same status codes as over HTTP.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from goals.launch.clock import Clock
from goals.launch.functions import EVENT_FUNCTIONS, factory
from goals.launch.lake import place
from goals.launch.late import Late
from goals.launch.prepare import prepare
from goals.launch.words import told
from goals.services import Postgres, Valkey
from shared.bus.dispatcher import Dispatcher
from shared.bus.port import CONTENT_TYPE
from shared.function.parts import Parts
from shared.function.serve import SWITCH_SECONDS, measure, quiet_logs
from shared.settings import Settings

HOST = "127.0.0.1"
PARALLELISM = 2
"""Events that one function works on at a time. More threads than cores only fight for the interpreter."""


def settings_for(data_dir: Path, port: int, stack: ExitStack) -> Settings:
    """Starts the servers; gives the settings that name them."""
    postgres, valkey = Postgres(data_dir / "postgres"), Valkey(data_dir / "valkey")
    database_url = postgres.start().url
    stack.callback(postgres.stop)
    redis_url = valkey.start().url
    stack.callback(valkey.stop)
    lake = place(data_dir, os.environ, own_server=False)
    if lake.server is not None:
        stack.callback(lake.server.stop)
    return Settings(
        **lake.fields(),
        database_url=database_url,
        redis_url=redis_url,
        public_url=f"http://127.0.0.1:{port}",
        data_dir=data_dir,
    )


def new(name: str) -> Any:
    module, _, maker = factory(name).partition(":")
    return getattr(importlib.import_module(module), maker)()


def start_functions(parts: Parts, stack: ExitStack) -> None:
    """Each function on its own queue, all on the same parts."""
    for name in EVENT_FUNCTIONS:
        function = new(name)
        function.start(parts)
        stack.callback(function.stop)

        def call(body: bytes, handle: Callable[[bytes, str], Any] = function.handle) -> int:
            status: int = handle(body, CONTENT_TYPE).status
            return status

        dispatcher = Dispatcher(parts.bus, name, call, parallelism=PARALLELISM, prefetch=16)
        dispatcher.start()
        stack.callback(dispatcher.stop, 5)


def run(data_dir: Path, port: int) -> None:
    """Until Ctrl-C or SIGTERM. Raises ServerFailed where a server does not start."""
    import uvicorn

    from functions.api.function import Api
    from functions.api.serving import collect_less, serving
    from goals.launch.door import reserve

    began = time.monotonic()
    quiet_logs()
    sys.setswitchinterval(SWITCH_SECONDS)
    collect_less()
    measure(HOST, "goals")
    data_dir = data_dir.absolute()
    data_dir.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        reserve(port)
        settings = settings_for(data_dir, port, stack)
        prepare(settings)
        parts = Parts.open(settings, "goals", size=len(EVENT_FUNCTIONS) * PARALLELISM + 2)
        stack.callback(parts.close)
        start_functions(parts, stack)
        clock = Clock(parts.bus)
        clock.start()
        stack.callback(clock.stop)
        api = Api(settings, host=HOST, bus=parts.bus)
        door = Late(api.app, "/mcp", lambda: _mcp(settings))
        server = uvicorn.Server(uvicorn.Config(door, **{**serving(settings), "host": HOST, "port": port}))
        asyncio.run(
            _serve(server, door, lambda: told(settings.public_url, time.monotonic() - began, str(data_dir), _PARTS))
        )


def _mcp(settings: Settings) -> Any:
    from functions.mcp.function import Mcp

    return Mcp(settings).app


_PARTS = "embedded: PostgreSQL, Valkey and all functions here"


async def _serve(server: Any, door: Late, up: Callable[[], None]) -> None:
    """uvicorn without its own signal handling: Ctrl-C must also end the servers beside it, in order."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, lambda: setattr(server, "should_exit", True))
    serving = asyncio.ensure_future(server._serve())
    while not server.started and not serving.done():
        await asyncio.sleep(0.02)
    if server.started:
        up()
    await serving
    await door.close()
