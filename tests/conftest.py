"""Real servers for every test: started once a run, shared by all workers of pytest-xdist, gone at its end.

Whoever needs a server first starts it in the run's folder; the others join. Its guard watches the controller process,
so that even a killed run leaves nothing. Tests share no data: each gets its own database, virtual host or Redis.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg.conninfo import make_conninfo

from goals.services import S3, Info, Postgres, RabbitMQ, Redis, Valkey
from shared.readmodel import READ_MODEL
from shared.store import migrate
from shared.store.projections import ensure

settings.register_profile("goals", deadline=None, print_blob=True)
settings.load_profile("goals")

TEMPLATE = "template_goals"
RUN_FOLDER = pytest.StashKey[Path]()
OWNER = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    told = getattr(config, "workerinput", None)
    if told is None:
        config.stash[RUN_FOLDER] = Path(tempfile.mkdtemp(prefix="goals-tests-"))
        config.stash[RUN_FOLDER].chmod(0o755)
        config.stash[OWNER] = os.getpid()
    else:
        config.stash[RUN_FOLDER] = Path(told["goals_run_folder"])
        config.stash[OWNER] = told["goals_owner"]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Runs in the controller for each worker of pytest-xdist."""
    config: pytest.Config = node.config  # type: ignore[attr-defined]
    node.workerinput["goals_run_folder"] = str(config.stash[RUN_FOLDER])  # type: ignore[attr-defined]
    node.workerinput["goals_owner"] = config.stash[OWNER]  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or RUN_FOLDER not in config.stash:
        return
    folder = config.stash[RUN_FOLDER]
    for record in folder.rglob("server.json"):
        Redis(record.parent).kill()  # the kind does not matter: all are ended by their record; nothing is kept
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def run_folder(pytestconfig: pytest.Config) -> Path:
    """One folder for the whole run, the same in every worker."""
    return pytestconfig.stash[RUN_FOLDER]


@pytest.fixture(scope="session")
def run_owner(pytestconfig: pytest.Config) -> int:
    """The pid of the process that lasts as long as the run."""
    return pytestconfig.stash[OWNER]


@pytest.fixture(scope="session")
def postgres(run_folder: Path, run_owner: int) -> Info:
    """The run's PostgreSQL server, with a migrated template database to clone from."""
    server = Postgres(run_folder / "postgres", durable=False)
    info = server.start(run_owner)
    with (run_folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with psycopg.connect(info.url, autocommit=True) as admin:
            if not admin.execute("SELECT FROM pg_database WHERE datname = %s", (TEMPLATE,)).rowcount:
                make_template(admin, info.url)
    return info


def make_template(admin: psycopg.Connection, url: str) -> None:
    """Makes and migrates the template under another name first: a failed migration must not look finished."""
    admin.execute("DROP DATABASE IF EXISTS template_unfinished")
    admin.execute("CREATE DATABASE template_unfinished")
    unfinished = make_conninfo(url, dbname="template_unfinished")
    migrate(unfinished)
    ensure(unfinished, READ_MODEL)
    admin.execute(f"ALTER DATABASE template_unfinished RENAME TO {TEMPLATE}")


@pytest.fixture
def database(postgres: Info) -> Iterator[str]:
    """The conninfo of a fresh database with all migrations applied, for this test alone."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgres.url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        yield make_conninfo(postgres.url, dbname=name)
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def rabbit(run_folder: Path, run_owner: int) -> RabbitMQ:
    """The run's RabbitMQ server. Restarting it disturbs other workers: a test that does so starts its own."""
    server = RabbitMQ(run_folder / "rabbitmq")
    server.start(run_owner)
    return server


@pytest.fixture
def rabbit_url(rabbit: RabbitMQ) -> Iterator[str]:
    """The URL of a fresh virtual host, for this test alone."""
    name = f"test-{secrets.token_hex(8)}"
    yield rabbit.virtual_host(name)
    rabbit.remove_virtual_host(name)


@pytest.fixture(scope="session")
def s3(run_folder: Path, run_owner: int) -> S3:
    """The run's S3 server. Killing it disturbs other workers: a test that does so starts its own gateway."""
    server = S3(run_folder / "s3")
    server.start(run_owner)
    return server


@pytest.fixture(scope="session")
def redis_servers(run_folder: Path, run_owner: int) -> dict[str, Redis]:
    """This worker's own servers by kind (pub/sub knows no databases to keep workers apart), started when used."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return {kind.name: kind(run_folder / f"{kind.name}-{worker}") for kind in (Valkey, Redis)}


@pytest.fixture
def redis_url(redis_servers: dict[str, Redis], run_owner: int, request: pytest.FixtureRequest) -> str:
    """An empty server: Valkey, or the kind that `parametrize("redis_url", ["valkey", "redis"], indirect=True)` says."""
    from redis import Redis as Client

    url = redis_servers[getattr(request, "param", "valkey")].start(run_owner).url
    with Client.from_url(url) as client:
        client.flushall()
    return url
