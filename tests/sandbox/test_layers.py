"""Each layer counts: with it a program is kept out, with it alone removed the same program gets through.

Where two layers guard the same thing (network: seccomp and a namespace, or Landlock), the other one is removed in both
runs. Nothing here does harm when it gets through.
"""

# ruff: noqa: E501 - a program on one line reads as one thing

from __future__ import annotations

import ctypes
import marshal
import os
import resource
import socket
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from shared.sandbox import (
    Call,
    Limits,
    Mode,
    Observation,
    Sandbox,
    bubblewrap,
    landlock,
    seccomp,
    start,
    together,
    zygote,
)
from shared.sandbox.probe import probe_mode, warm_holds
from tests.sandbox.conftest import observe

INSIDE = Path(start.__file__).parent / "inside"


@dataclass
class Weakened:
    """What is removed: text of the code inside, options of bubblewrap, the filter, limits by name, the looks from
    outside at memory and files."""

    code: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    view: Callable[..., tuple[str, ...]] | None = None
    filter: bool = False
    limit: str = ""
    watch: bool = False

    def apply(self, patch: pytest.MonkeyPatch) -> None:
        original = bubblewrap._prepared

        def prepared(*args: Any) -> Any:
            argv, inner, info = original(*args)
            return [word for word in argv if word not in self.options], inner, info

        def code_of(name: str) -> bytes:
            source = (INSIDE / f"{name}.py").read_text()
            for old, new in self.code.get(name, []):
                assert old in source, f"{name} no longer has {old!r}: this test removes it"
                source = source.replace(old, new)
            return marshal.dumps(compile(source, f"<{name}>", "exec", dont_inherit=True))

        patch.setattr(bubblewrap, "_prepared", prepared)
        if self.view:
            patch.setattr(bubblewrap, "_view", self.view)
        for module in (bubblewrap, landlock, zygote):
            patch.setattr(module, "code_of", code_of)
        if self.filter:
            allow_all = seccomp._op(seccomp.RETURN, seccomp.ALLOW)
            for module in (bubblewrap, landlock):
                patch.setattr(module, "filter_program", lambda **_: allow_all)
        if self.watch:
            patch.setattr(together, "exceeds", lambda *_: False)
            patch.setattr(bubblewrap._Inner, "over", lambda _: None)
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


def run(form: tuple[Mode, bool], weakened: Weakened, program: str, *args: Any, limits: Limits = LIMITS) -> Observation:
    mode, warm = form
    with pytest.MonkeyPatch.context() as patch:
        weakened.apply(patch)
        with Sandbox(mode=mode, limits=limits, warm=warm) as sandbox:
            return observe(sandbox, program, Call("attack", "attack", args))[0]


def counts(
    form: tuple[Mode, bool],
    removed: Weakened,
    program: str,
    *args: Any,
    also: Weakened | None = None,
    limits: Limits = LIMITS,
) -> None:
    """`attack` returns "through" when the wall is down, and does not while it stands."""
    kept = run(form, also or Weakened(), program, *args, limits=limits)
    assert kept.value != "through" and kept.outcome not in ("no_result", "syntax_error"), kept
    seen = run(form, removed, program, *args, limits=limits)
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
    "RLIMIT_CORE": "    import resource\n    return 'through' if resource.getrlimit(resource.RLIMIT_CORE)[1] else ''\n",
    "RLIMIT_MSGQUEUE": "    import ctypes, os\n    libc = ctypes.CDLL(None)\n    made = libc.mq_open(b'/goals', os.O_CREAT | os.O_RDWR, 0o600, None)\n    libc.mq_unlink(b'/goals')\n    return 'through' if made >= 0 else 'refused'\n",
}
MB = 1 << 20


def test_the_system_call_filter(form: tuple[Mode, bool]) -> None:
    counts(form, Weakened(filter=True), FORK)


@pytest.mark.parametrize("limit", RLIMITS)
def test_each_limit(form: tuple[Mode, bool], limit: str) -> None:
    """Out of both: the launcher of the Landlock mode counts threads as well, memory is looked at from outside too, and
    message queues are also refused by the filter and by Landlock."""
    threads = {"confine": [('threads(child) > setup["processes"]', "False")]}
    also = Weakened(code=threads, watch=True)
    if limit == "RLIMIT_MSGQUEUE":
        threads["confine"].append(('    landlock(readable, files, temp, executable=setup["executable"])\n', ""))
        also = replace(also, filter=True)
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    assert hard, "the limit on core files must be ours to lower"
    counts(form, replace(also, limit=limit), "def attack():\n" + RLIMITS[limit], also=also)
    assert resource.getrlimit(resource.RLIMIT_CORE) == (soft, hard)


GROWS = "import time\ndef attack():\n    kept = [b'x' * (1 << 20) for _ in range(200)]\n    time.sleep(0.3)\n    return 'through'\n"
RESIDENT = replace(LIMITS, memory="resident", memory_bytes=100 * MB)


def test_the_look_at_memory_from_outside(form: tuple[Mode, bool]) -> None:
    """Where address space says nothing; without the kernel's bound on each process in both."""
    also = Weakened(limit="RLIMIT_DATA")
    counts(form, replace(also, watch=True), GROWS, also=also, limits=RESIDENT)


def test_the_kernels_bound_on_private_memory(form: tuple[Mode, bool]) -> None:
    program = "def attack():\n    return 'through' if len(bytearray(400 << 20)) else ''\n"
    counts(form, Weakened(limit="RLIMIT_DATA", watch=True), program, also=Weakened(watch=True), limits=RESIDENT)


FILLS = {
    "bytes": "for n in range(20): open(str(n), 'wb').write(b'x' * 10**6)",
    "inodes": "for n in range(600): open(str(n), 'w').close()",
}


@pytest.mark.parametrize("fill", FILLS)
def test_the_bounds_of_the_temporary_folder(form: tuple[Mode, bool], fill: str) -> None:
    program = f"import time\ndef attack():\n    {FILLS[fill]}\n    time.sleep(0.3)\n    return 'through'\n"
    match form:
        case "landlock", _:
            removed = Weakened(
                code={"confine": [('size > setup["temp_bytes"] or inodes > setup["temp_inodes"]', "False")]}
            )
        case _, True:
            removed = Weakened(code={"zygote": [("size={bounds[0]},nr_inodes={bounds[1] + 1},", "")]}, watch=True)
        case _ if fill == "bytes":
            removed = Weakened(options=("--size", str(LIMITS.temp_bytes)))
        case _:
            removed = Weakened(watch=True)
    counts(form, removed, program)


def test_the_namespace_of_message_queues_and_shared_memory(form: tuple[Mode, bool]) -> None:
    """The Landlock mode has none: there the filter is what keeps a program from them."""
    libc = ctypes.CDLL(None, use_errno=True)
    key = 0x60A15
    made = libc.msgget(key, 0o1666)
    assert made >= 0
    program = f"import ctypes\ndef attack():\n    return 'through' if ctypes.CDLL(None).msgget({key}, 0) >= 0 else 'refused'\n"
    try:
        match form:
            case "landlock", _:
                counts(form, Weakened(filter=True), program)
            case _, warm:
                code = {"zygote": [("NEW_MOUNTS | NEW_IPC |", "NEW_MOUNTS |")]} if warm else {}
                removed = Weakened(filter=True, options=("--unshare-ipc",), code=code)
                counts(form, removed, program, also=Weakened(filter=True))
    finally:
        libc.msgctl(made, 0, None)


@pytest.mark.parametrize("form", [("bubblewrap", False), ("bubblewrap", True)], ids=["cold", "warm"], indirect=True)
def test_the_namespace_of_the_host_name(form: tuple[Mode, bool]) -> None:
    program = "import os\ndef attack(name):\n    return 'through' if os.uname().nodename == name else 'hidden'\n"
    unnamed = ("--unshare-uts", "--hostname", bubblewrap.HOST_NAME)
    counts(form, Weakened(options=unnamed), program, os.uname().nodename)


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
            removed = replace(also, options=("--unshare-net",), code={"zygote": [("NEW_IPC | NEW_NET", "NEW_IPC")]})
    with socket.create_server(("127.0.0.1", 0)) as server:
        counts(form, removed, CONNECT, server.getsockname()[1], also=also)


@pytest.mark.parametrize("form", [("bubblewrap", False), ("bubblewrap", True)], ids=["cold", "warm"], indirect=True)
def test_the_namespace_of_processes(form: tuple[Mode, bool]) -> None:
    mine = {"zygote": [("checked(libc.unshare(NEW_PID)", "(lambda *_: 0)((NEW_PID)")]}
    counts(form, Weakened(code=mine) if form[1] else Weakened(options=("--unshare-pid",)), VISIBLE)


@pytest.mark.parametrize("form", [("bubblewrap", False), ("bubblewrap", True)], ids=["cold", "warm"], indirect=True)
def test_the_file_system_of_its_own(form: tuple[Mode, bool]) -> None:
    counts(form, Weakened(view=lambda *_: ("--dev-bind", "/", "/")), READ, "/etc/passwd")


@pytest.mark.parametrize("form", [("bubblewrap", False), ("bubblewrap", True)], ids=["cold", "warm"], indirect=True)
def test_the_read_only_root(form: tuple[Mode, bool], tmp_path_factory: pytest.TempPathFactory) -> None:
    """A folder that any uid may write, among those bound."""
    folder = tmp_path_factory.mktemp("bound")
    folder.chmod(0o777)
    bound, usual = str(folder), bubblewrap._view()
    kept = Weakened(view=lambda *_: (*usual, "--ro-bind", bound, "/bound"))
    counts(form, Weakened(view=lambda *_: (*usual, "--bind", bound, "/bound")), WRITE, "/bound/file", also=kept)


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
