"""Where a system on one machine keeps its lake. Chosen at its first start and kept to: what the manifest in its
database names lies there and nowhere else.

1. The bucket that GOALS_LAKE_URL names.
2. An S3 server of its own (Ceph's gateway), where the system is started with one and it is installed.
3. A folder of its data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Never, TypedDict

from goals.services import ServerFailed

if TYPE_CHECKING:
    from goals.services import S3

FOLDER, SERVER = "lake", "s3"


class Own(TypedDict):
    """The fields of `Settings` that name an S3 server of one's own."""

    lake_url: str
    lake_access_key: str
    lake_secret_key_file: Path


@dataclass(frozen=True)
class Place:
    """`settings`: what the function `lake` and the API are told, as environment variables; the secret only by the name
    of its file. `words`: for whoever starts the system. `server`: to be stopped with it."""

    words: str
    settings: Mapping[str, str] = field(default_factory=dict)
    server: S3 | None = None

    def fields(self) -> Own | dict[str, Never]:
        """For a process that is told by no environment."""
        return own(self.server) if self.server is not None else {}


def own(server: S3) -> Own:
    from goals.services.ceph import ACCESS

    return Own(lake_url=server.lake_url, lake_access_key=ACCESS, lake_secret_key_file=server.secret_file)


def named(environment: Mapping[str, str]) -> dict[str, str]:
    """GOALS_LAKE_…: files are found from wherever a process runs."""
    return {
        name: str(Path(value).absolute()) if name == "GOALS_LAKE_SECRET_KEY_FILE" else value
        for name, value in environment.items()
        if name.startswith("GOALS_LAKE_")
    }


def place(data: Path, environment: Mapping[str, str], *, own_server: bool) -> Place:
    """Starts its own S3 server, if that is where the lake is. Raises ServerFailed where that cannot be: another place
    is never taken in silence."""
    from goals.services import S3
    from goals.services.ceph import PACKAGES, installed

    told = named(environment)
    if "GOALS_LAKE_URL" in told:
        return Place(f"{told['GOALS_LAKE_URL'].partition('?')[0]}, as GOALS_LAKE_URL names it", told)
    there = (data / FOLDER).exists()
    server = S3(data / SERVER)
    if server.made or (own_server and not there and installed()):
        try:
            info = server.start()
        except ServerFailed as error:
            hint = "" if server.made else f" To keep it in a folder instead: mkdir {data / FOLDER}, or GOALS_LAKE_URL."
            raise ServerFailed(f"the lake's S3 server does not start: {error}.{hint}") from error
        keys = {f"GOALS_{name.upper()}": str(value) for name, value in own(server).items()}
        words = f"{server.lake_url.partition('?')[0]} on an S3 server of its own (Ceph's gateway, {info.url})"
        return Place(words, {**told, **keys}, server)
    why = ""
    if own_server:
        why = ", where it is since the first start" if there else f": no S3 server is installed ({PACKAGES})"
    return Place(f"the folder {data / FOLDER}{why}", told)


def running(data: Path) -> Own | None:
    """Of a system that runs on `data` with an S3 server of its own."""
    from goals.services import S3

    server = S3(data / SERVER)
    return own(server) if server.made and server.running() is not None else None
