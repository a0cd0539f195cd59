"""Each layer counts: with it a program is kept out, with it alone removed the same program gets through.

Where two layers guard the same thing (network: seccomp and a namespace, or Landlock), the other one is removed in both
runs. Nothing here does harm when it gets through.
"""

# ruff: noqa: E501 - a program on one line reads as one thing

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from shared.sandbox import Call, Limits, Mode, Observation, Sandbox, bubblewrap, landlock, seccomp, start, zygote
from shared.sandbox.probe import probe_mode, warm_holds
from tests.sandbox.conftest import observe

INSIDE = Path(start.__file__).parent / "inside"


@dataclass
class Weakened:
    """What is removed: text of the code inside, options of bubblewrap, the filter, limits by name, the own uid."""

    code: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    view: Callable[[], tuple[str, ...]] | None = None
    filter: bool = False
    limit: str = ""

    def apply(self, patch: pytest.MonkeyPatch) -> None:
        original = bubblewrap._prepared

        def prepared(*args: Any) -> Any:
            argv, inner, info = original(*args)
            return [word for word in argv if word not in self.options], inner, info

        def code_of(name: str) -> CodeType:
            source = (INSIDE / f"{name}.py").read_text()
            for old, new in self.code.get(name, []):
                assert old in source, f"{name} no longer has {old!r}: this test removes it"
                source = source.replace(old, new)
            return compile(source, f"<{name}>", "exec", dont_inherit=True)

        patch.setattr(bubblewrap, "_prepared", prepared)
        if self.view:
            patch.setattr(bubblewrap, "_view", self.view)
        for module in (bubblewrap, landlock, zygote):
            patch.setattr(module, "code_of", code_of)
        if self.filter:
            allow_all = seccomp._op(seccomp.RETURN, seccomp.ALLOW)
            for module in (bubblewrap, landlock):
                patch.setattr(module, "filter_program", lambda **_: allow_all)
        limits = start.rlimits
        patch.setattr(start, "rlimits", lambda *a, **k: [one for one in limits(*a, **k) if one[0] != self.limit])


@pytest.fixture(
    params=[(mode, warm) for mode in ("bubblewrap", "landlock") for warm in (False, True)],
    ids=lambda p: f"{p[0]}-{'warm' if p[1] else 'cold'}",
)
def form(request: pytest.FixtureRequest) -> tuple[Mode, bool]:
    mode, warm = request.param
    probe_mode(mode), warm_holds(mode)  # asked before anything is removed
    return mode, warm


LIMITS = Limits(cpu_seconds=1, wall_seconds=10, processes=16)


def run(form: tuple[Mode, bool], weakened: Weakened, program: str, *args: Any) -> Observation:
    mode, warm = form
    with pytest.MonkeyPatch.context() as patch:
        weakened.apply(patch)
        with Sandbox(mode=mode, limits=LIMITS, warm=warm) as sandbox:
            return observe(sandbox, program, Call("attack", "attack", args))[0]


def counts(form: tuple[Mode, bool], removed: Weakened, program: str, *args: Any, also: Weakened | None = None) -> None:
    """`attack` returns "through" when the wall is down, and does not while it stands."""
    kept = run(form, also or Weakened(), program, *args)
    assert kept.value != "through" and kept.outcome not in ("no_result", "syntax_error"), kept
    seen = run(form, removed, program, *args)
    assert (seen.outcome, seen.value) == ("returned", "through"), seen


FORK = "import os\ndef attack():\n    pid = os.fork()\n    if pid == 0: os._exit(0)\n    os.waitpid(pid, 0)\n    return 'through'\n"
CONNECT = "import socket\ndef attack(port):\n    socket.create_connection(('127.0.0.1', port), 1).close()\n    return 'through'\n"
READ = "def attack(path):\n    return 'through' if open(path).read() else ''\n"
WRITE = "def attack(path):\n    open(path, 'a').close()\n    return 'through'\n"
ROOT = "import os\ndef attack():\n    return 'through' if os.getuid() == 0 else os.getuid()\n"
VISIBLE = (
    "import os\n"
    "def attack():\n"
    "    for pid in range(3, 40_000):\n"
    "        if pid == os.getpid(): continue\n"
    "        try: os.kill(pid, 0)\n"
    "        except ProcessLookupError: continue\n"
    "        except PermissionError: pass\n"
    "        return 'through'\n"
)
STAYS_ROOT = {
    "harness": [('if setup["uid"] is not None and', "if False and")],
    "confine": [('if setup["uid"] is not None:', "if False:")],
}
RLIMITS = {
    "RLIMIT_CPU": "    import time\n    while time.process_time() < 1.25: pass\n    return 'through'\n",
    "RLIMIT_AS": "    return 'through' if len(bytearray(400 << 20)) else ''\n",
    "RLIMIT_FSIZE": "    open('f', 'wb').write(b'x' * 3_000_000)\n    return 'through'\n",
    "RLIMIT_NOFILE": "    kept = [open('/dev/null') for _ in range(100)]\n    return 'through'\n",
    "RLIMIT_NPROC": "    import threading\n    stop = threading.Event()\n    for _ in range(30): threading.Thread(target=stop.wait, daemon=True).start()\n    stop.set()\n    return 'through'\n",
    "RLIMIT_MEMLOCK": "    import ctypes\n    room = ctypes.create_string_buffer(1 << 20)\n    return 'through' if ctypes.CDLL(None).mlock(room, 1 << 20) == 0 else 'refused'\n",
}


def test_the_system_call_filter(form: tuple[Mode, bool]) -> None:
    counts(form, Weakened(filter=True), FORK)


@pytest.mark.parametrize("limit", RLIMITS)
def test_each_limit(form: tuple[Mode, bool], limit: str) -> None:
    """The launcher of the Landlock mode counts threads as well: out of both."""
    also = Weakened(code={"confine": [('threads(child) > setup["processes"]', "False")]})
    counts(form, replace(also, limit=limit), "def attack():\n" + RLIMITS[limit], also=also)


def test_the_uid_of_its_own(form: tuple[Mode, bool]) -> None:
    """As root; an ordinary user's runs have a user namespace or Landlock instead."""
    assert os.geteuid() == 0
    stays = STAYS_ROOT if form[0] == "landlock" else {"harness": STAYS_ROOT["harness"]}
    counts(form, Weakened(code=stays), ROOT)


def test_the_network_namespace_and_landlocks_network(form: tuple[Mode, bool]) -> None:
    also = Weakened(filter=True)
    match form:
        case "landlock", _:
            removed = replace(also, code={"confine": [("ALL_FS, ALL_TCP, ALL_SCOPES)", "ALL_FS, 0, ALL_SCOPES)")]})
        case _, False:
            removed = replace(also, options=("--unshare-net",))
        case _:
            removed = replace(also, options=("--unshare-net",), code={"zygote": [("NEW_UTS | NEW_NET", "NEW_UTS")]})
    with socket.create_server(("127.0.0.1", 0)) as server:
        counts(form, removed, CONNECT, server.getsockname()[1], also=also)


@pytest.mark.parametrize("form", [("bubblewrap", False), ("bubblewrap", True)], ids=["cold", "warm"], indirect=True)
def test_the_namespace_of_processes(form: tuple[Mode, bool]) -> None:
    mine = {"zygote": [("checked(libc.unshare(NEW_PID)", "(lambda *_: 0)((NEW_PID)")]}
    counts(form, Weakened(code=mine) if form[1] else Weakened(options=("--unshare-pid",)), VISIBLE)


@pytest.mark.parametrize("form", [("bubblewrap", False), ("bubblewrap", True)], ids=["cold", "warm"], indirect=True)
def test_the_file_system_of_its_own(form: tuple[Mode, bool]) -> None:
    counts(form, Weakened(view=lambda: ("--dev-bind", "/", "/")), READ, "/etc/passwd")


@pytest.mark.parametrize("form", [("bubblewrap", False), ("bubblewrap", True)], ids=["cold", "warm"], indirect=True)
def test_the_read_only_root(form: tuple[Mode, bool], tmp_path_factory: pytest.TempPathFactory) -> None:
    """A folder that any uid may write, among those bound."""
    folder = tmp_path_factory.mktemp("bound")
    folder.chmod(0o777)
    bound, usual = str(folder), bubblewrap._view()
    kept = Weakened(view=lambda: (*usual, "--ro-bind", bound, "/bound"))
    counts(form, Weakened(view=lambda: (*usual, "--bind", bound, "/bound")), WRITE, "/bound/file", also=kept)


@pytest.mark.parametrize("form", [("landlock", False), ("landlock", True)], ids=["cold", "warm"], indirect=True)
def test_landlocks_files(form: tuple[Mode, bool]) -> None:
    old = 'for path in setup["readable"]]'
    counts(form, Weakened(code={"confine": [(old, 'for path in [*setup["readable"], "/"]]')]}), READ, "/etc/passwd")


@pytest.mark.parametrize("form", [("landlock", False), ("landlock", True)], ids=["cold", "warm"], indirect=True)
def test_landlocks_signals(form: tuple[Mode, bool]) -> None:
    """Without a uid of its own in both, as it is where the host is not root."""
    program = "import os\ndef attack(pid):\n    os.kill(pid, 0)\n    return 'through'\n"
    scopes = ("ALL_TCP, ALL_SCOPES = 0b11, 0b11", "ALL_TCP, ALL_SCOPES = 0b11, 0")
    removed = Weakened(code=STAYS_ROOT | {"confine": [*STAYS_ROOT["confine"], scopes]})
    counts(form, removed, program, os.getpid(), also=Weakened(code=STAYS_ROOT))
