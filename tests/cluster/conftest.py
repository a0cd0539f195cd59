"""What production is given, on this machine's servers."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from goals.cluster.environment import S3 as S3_SERVICE
from goals.cluster.rendering import GOLDEN, objects
from goals.services import S3, Info
from goals.services.ceph import ACCESS
from shared.auth.keys import load
from tests.cluster.kubelet import Container, Object

Make = Callable[..., Container]


@pytest.fixture(scope="session")
def production() -> list[Object]:
    return objects((GOLDEN / "prod.yaml").read_text())


@pytest.fixture
def empty_database(postgres: Info) -> Iterator[str]:
    """The conninfo of a database with nothing in it."""
    name = f"empty_{secrets.token_hex(8)}"
    with psycopg.connect(postgres.url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield make_conninfo(postgres.url, dbname=name)
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def containers(production: list[Object], rabbit_url: str, redis_url: str, tmp_path: Path) -> Iterator[Make]:
    """Makes containers by kind and name; `database`, a server for the `lake` and more `addresses` as needed. All are
    gone at the end."""
    tmp_path.chmod(0o755)
    rabbit = urlsplit(rabbit_url)
    broker = {"username": rabbit.username or "", "password": rabbit.password or ""}
    load(tmp_path / "ring", create=True)
    made: list[Container] = []
    bucket = f"s3://test-{secrets.token_hex(8)}"

    def make(kind: str, name: str, *, database: str = "", lake: S3 | None = None, **addresses: str) -> Container:
        folder = tmp_path / f"{name}-{len(made)}"
        folder.mkdir()
        given = {
            "postgres-app": {"uri": database},
            "goals-publisher-user-credentials": broker,
            "rabbitmq-default-user": broker,
            "goals-redis": {"url": redis_url, "password": ""},
            "goals-keys": {"0001.pem": (tmp_path / "ring" / "0001.pem").read_text()},
            "goals-lake": {"access-key": ACCESS, "secret-key": lake.secret if lake else "secret"},
            "goals-lake-read": {"access-key": "reader", "secret-key": "secret"},
        }
        named = {"rabbitmq:5672/": f"{rabbit.hostname}:{rabbit.port}{rabbit.path}"}
        named |= {f"http://{host}.goals.svc.cluster.local": here for host, here in addresses.items()}
        named |= {"s3://goals-lake": bucket, S3_SERVICE: lake.url} if lake else {}
        made.append(Container(production, kind, name, folder=folder, secrets=given, addresses=named))
        return made[-1]

    yield make
    for container in made:
        container.kill()
