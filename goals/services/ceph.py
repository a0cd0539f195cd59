"""A private S3 server from Debian's Ceph (`ceph-mon`, `ceph-osd`, `radosgw`) on loopback: what stands for MinIO, of
which there is no package. Three processes, each under its own guard; about 350 MB of memory, up in 15 to 30 seconds.

Source of the settings: Ceph's manual deployment, cut down to one monitor, one store of one copy, one gateway.
"""

from __future__ import annotations

import http.client
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from goals.services.server import Info, Server, ServerFailed, remembered_secret

PACKAGES = "ceph-mon ceph-osd radosgw ceph-common"
CLUSTER = "11111111-2222-4333-8444-555555555555"
STORE = "99999999-2222-4333-8444-555555555555"
ACCESS = "goals"
BUCKET = "goals-lake"


def installed() -> bool:
    return all(map(shutil.which, ("ceph-mon", "ceph-osd", "radosgw", "ceph")))


class _Monitor(Server):
    """Knows the cluster. Its address is part of its data: where the port had to change, its map is made anew."""

    name = "ceph-mon"
    neighbours = 1
    ready_within = 60.0

    def __init__(self, root: Path) -> None:
        super().__init__(root / "mon-guard")
        self.root = root

    def prepare(self) -> None:
        for name in ("mon", "osd", "rgw", "run", "logs", "crash"):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        (self.root / "ceph.conf").write_text(_configuration(self.root, self.port))
        keyring, here = str(self.root / "keyring"), self.root / "monmap"
        tool = ["ceph-authtool", keyring, "--gen-key", "-n"]
        if not Path(keyring).exists():
            _run(["ceph-authtool", "--create-keyring", keyring, "--gen-key", "-n", "mon.", "--cap", "mon", "allow *"])
            caps = ["--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mds", "allow *", "--cap", "mgr"]
            _run([*tool, "client.admin", *caps, "allow *"])
            _run([*tool, "client.rgw", "--cap", "mon", "allow rw", "--cap", "osd", "allow rwx"])
            _run([*tool, "osd.0", "--cap", "mon", "allow profile osd", "--cap", "osd", "allow *"])
        known = self.root / "monmap.port"
        if known.exists() and known.read_text() == str(self.port):
            return
        address = f"[v2:127.0.0.1:{self.port},v1:127.0.0.1:{self.port + 1}]"
        _run(["monmaptool", "--create", "--clobber", "--fsid", CLUSTER, "--addv", "a", address, str(here)])
        words = ["ceph-mon", *_with(self.root), "-i", "a"]
        if known.exists():
            _run([*words, "--inject-monmap", str(here)])
        else:
            _run([*words, "--mkfs", "--monmap", str(here), "--keyring", keyring])
        known.write_text(str(self.port))

    def command(self) -> list[str]:
        return ["ceph-mon", *_with(self.root), "-i", "a", "-f"]

    def ready(self) -> bool:
        return _tried(["ceph", *_with(self.root), "--connect-timeout", "5", "-s"])

    def address(self, port: int) -> str:
        return f"ceph://127.0.0.1:{port}"


class _Disk(Server):
    """Keeps the objects, in one sparse file."""

    name = "ceph-osd"
    ready_within = 60.0

    def __init__(self, root: Path) -> None:
        super().__init__(root / "osd-guard")
        self.root = root

    def prepare(self) -> None:
        made = self.root / "osd" / "made"
        if made.exists():
            return
        ceph = ["ceph", *_with(self.root)]
        _run([*ceph, "osd", "new", STORE])
        _run(["ceph-osd", *_with(self.root), "-i", "0", "--mkfs", "--osd-uuid", STORE])
        _run([*ceph, "osd", "crush", "add", "osd.0", "1.0", "host=localhost", "root=default"])
        made.touch()

    def command(self) -> list[str]:
        return ["ceph-osd", *_with(self.root), "-i", "0", "-f"]

    def ready(self) -> bool:
        asked = subprocess.run(
            ["ceph", *_with(self.root), "--connect-timeout", "5", "osd", "stat"], capture_output=True, check=False
        )
        return b"1 up" in asked.stdout

    def address(self, port: int) -> str:
        return f"ceph://127.0.0.1:{port}"


class S3(Server):
    """The gateway, on `port`; user `goals`, a random secret, a bucket. `kill` ends the gateway alone, as when the
    object store is away; what it had confirmed stays."""

    name = "s3"
    ready_within = 120.0
    grace = 5.0

    def __init__(self, folder: Path | str) -> None:
        super().__init__(folder)
        self.monitor, self.disk = _Monitor(self.folder), _Disk(self.folder)

    @property
    def secret_file(self) -> Path:
        """Readable by this user alone; random for each folder."""
        return self.folder / "password"

    @property
    def secret(self) -> str:
        return self.secret_file.read_text()

    @property
    def made(self) -> bool:
        """Was it here before, with its user and bucket?"""
        return (self.folder / "user.made").exists()

    @property
    def lake_url(self) -> str:
        """As GOALS_LAKE_URL has it."""
        return f"s3://{BUCKET}?endpoint={self.url}"

    def start(self, owner: int | None = None) -> Info:
        if not installed():
            raise ServerFailed(
                "no S3 server is installed", hint=f"apt-get install -y --no-install-recommends {PACKAGES}"
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        for part in (self.monitor, self.disk):
            part.start(owner)
        info = super().start(owner)
        with self._locked():
            self._user()
        return info

    def stop(self) -> None:
        super().stop()
        self.disk.stop()
        self.monitor.stop()

    def prepare(self) -> None:
        remembered_secret(self.secret_file)

    def command(self) -> list[str]:
        listen = f"beast endpoint=127.0.0.1:{self.port}"
        return ["radosgw", *_with(self.folder), "-n", "client.rgw", "-f", f"--rgw-frontends={listen}"]

    def ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def address(self, port: int) -> str:
        return f"http://127.0.0.1:{port}"

    def _user(self) -> None:
        """Makes the user and the bucket, once."""
        if self.made:
            return
        words = [f"--access-key={ACCESS}", f"--secret={self.secret}"]
        admin = ["radosgw-admin", *_with(self.folder), "-n", "client.rgw"]
        if not _tried([*admin, "user", "info", "--uid=goals"]):
            _run([*admin, "user", "create", "--uid=goals", "--display-name=goals", *words])
        from shared.lake.objects.s3 import S3Address, S3Objects

        S3Objects(S3Address(self.url, BUCKET, ACCESS, self.secret)).make_bucket()
        (self.folder / "user.made").touch()


def _with(root: Path) -> list[str]:
    return ["-c", str(root / "ceph.conf")]


def _tried(words: Sequence[str]) -> bool:
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def _run(words: Sequence[str]) -> None:
    done = subprocess.run(words, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace")[-1_000:]
        raise ServerFailed(f"{words[0]} failed with status {done.returncode}: {said}")


def _configuration(root: Path, port: int) -> str:
    settings = {
        "fsid": CLUSTER,
        "mon host": f"[v2:127.0.0.1:{port},v1:127.0.0.1:{port + 1}]",
        "public addr": "127.0.0.1",
        "cluster addr": "127.0.0.1",
        "auth cluster required": "cephx",
        "auth service required": "cephx",
        "auth client required": "cephx",
        "keyring": root / "keyring",
        "run dir": root / "run",
        "admin socket": root / "run" / "$name.asok",
        "pid file": root / "run" / "$name.pid",
        "log file": root / "logs" / "$name.log",
        "crash dir": root / "crash",
        "osd pool default size": 1,
        "osd pool default min size": 1,
        "osd pool default pg num": 8,
        "osd pool default pgp num": 8,
        "osd pool default pg autoscale mode": "off",
        "osd crush chooseleaf type": 0,
        "mon allow pool size one": "true",
        "mon pg warn min per osd": 0,
        "mon data avail warn": 1,
        "mon data avail crit": 1,
        "auth allow insecure global id reclaim": "false",
        "ms bind port min": port + 10,
        "ms bind port max": port + 60,
        "paxos propose interval": 0.05,
        "mon osd cache size": 50,
        "mon tick interval": 1,
        "mon data": root / "mon",
        "osd data": root / "osd",
        "osd objectstore": "bluestore",
        "bluestore block size": 10_737_418_240,
        "osd memory target": 939_524_096,
        "rgw data": root / "rgw",
        "rgw thread pool size": 32,
        "rgw dns name": "localhost",
        "rgw enable usage log": "false",
        "rgw num rados handles": 1,
    }
    return "[global]\n" + "".join(f"{name} = {value}\n" for name, value in settings.items())
