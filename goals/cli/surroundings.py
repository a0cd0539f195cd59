"""Which languages and packages a folder of the learner's works with: names only, shown before they are sent."""

from __future__ import annotations

import json as text
import os
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from goals.cli.asking import agree
from goals.cli.options import Email, Server, signed_in
from goals.cli.screen import console
from goals.cli.stating import restated
from shared.errors import InvalidInput

SUFFIXES = {".py": "python", ".js": "javascript", ".mjs": "javascript", ".ts": "typescript", ".tsx": "typescript",
            ".go": "go", ".rs": "rust", ".java": "java", ".kt": "kotlin", ".c": "c", ".cpp": "c++", ".cs": "c#",
            ".rb": "ruby", ".php": "php", ".swift": "swift", ".sql": "sql", ".sh": "shell", ".r": "r"}  # fmt: skip
SKIPPED = {"node_modules", "venv", "env", "target", "build", "dist", "vendor", "site-packages"}
MOST_FILES, MOST_BYTES = 5_000, 1_000_000
LANGUAGES, DEPENDENCIES = 20, 100
NAME = re.compile(r"[a-z0-9][a-z0-9._+#-]{0,39}")


def workspace(
    folder: Annotated[Path, typer.Argument(help="What you work on.", show_default="here")] = Path(),
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Agree without being asked.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Delete what was sent before.")] = False,
    server: Server = None,
    account: Email = None,
) -> None:
    """Tell the planner which languages and packages you work with: names, nothing else, and only if you agree.
    `--forget` deletes them and takes that back."""
    api = signed_in(server, account)
    if forget:
        api.forget_workspace()
        if (me := api.me())["consents"]["workspace"]:
            api.record([restated(me, consent_workspace=False)])
        console().print("What was known of your workspace is deleted.")
        return
    languages, dependencies = seen(folder)
    if not languages and not dependencies:
        raise InvalidInput(f"no language or package is known in {folder}", hint="name the folder you work on")
    screen = console()
    screen.print(f"languages: {', '.join(languages) or 'none'}", markup=False)
    screen.print(f"dependencies: {', '.join(dependencies) or 'none'}", markup=False)
    question = "May the plan know that you work with these? The names are sent, and nothing else."
    if not yes and not agree(question, option="--yes"):
        return
    if not (me := api.me())["consents"]["workspace"]:
        api.record([restated(me, consent_workspace=True)])
    api.see_workspace(languages, dependencies)
    screen.print("Noted. The next plans lean to what is near.")


def seen(folder: Path) -> tuple[list[str], list[str]]:
    """Languages by how many files there are of them; dependencies as the folder's manifests name them."""
    counts: Counter[str] = Counter()
    named: dict[str, None] = {}
    for path in _files(folder):
        if language := SUFFIXES.get(path.suffix.lower()):
            counts[language] += 1
        if reader := MANIFESTS.get(path.name):
            named |= dict.fromkeys(_plain(reader, path))
    return [name for name, _ in counts.most_common(LANGUAGES)], list(named)[:DEPENDENCIES]


def _files(folder: Path) -> Iterator[Path]:
    """At most MOST_FILES; nothing hidden, nothing that was installed or built; no link is followed."""
    count = 0
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in SKIPPED)
        for name in sorted(names):
            count += 1
            if count > MOST_FILES:
                return
            yield Path(here) / name


def _plain(reader: Callable[[str], Iterator[str]], path: Path) -> Iterator[str]:
    """Names only; what cannot be read says nothing."""
    if path.is_symlink() or path.stat().st_size > MOST_BYTES:
        return
    try:
        found = list(reader(path.read_text("utf-8")))
    except (ValueError, OSError, AttributeError, TypeError):
        return
    for name in found:
        short = name.rpartition("/")[2].strip().casefold()
        if NAME.fullmatch(short):
            yield short


def _requirements(body: str) -> Iterator[str]:
    for line in body.splitlines():
        if found := re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", line.strip()):
            yield found[0]


def _pyproject(body: str) -> Iterator[str]:
    data = tomllib.loads(body)
    project = data.get("project", {})
    for group in (project.get("dependencies", []), *project.get("optional-dependencies", {}).values()):
        yield from _requirements("\n".join(group))


def _package(body: str) -> Iterator[str]:
    data = text.loads(body)
    for group in ("dependencies", "devDependencies"):
        yield from data.get(group, {})


def _go(body: str) -> Iterator[str]:
    for line in body.splitlines():
        if found := re.match(r"\s*(?:require\s+)?(\S+\.\S+/\S+)\s+v", line):
            yield found[1]


MANIFESTS: Mapping[str, Callable[[str], Iterator[str]]] = {
    "requirements.txt": _requirements,
    "pyproject.toml": _pyproject,
    "package.json": _package,
    "go.mod": _go,
}
