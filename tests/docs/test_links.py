"""The documentation speaks of what is there: links, anchors, paths, modules, commands, settings, event types."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer

from goals.cli import app
from shared.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")]
    + list((ROOT / "docs").rglob("*.md"))
)
ROOMS = ("functions", "goals", "graph", "shared", "courses", "tests", "docs", "scripts", ".ci")
DIAGRAMS = ("flowchart", "sequenceDiagram", "stateDiagram-v2", "classDiagram", "erDiagram")

FENCE = re.compile(r"^( *)(```+|~~~+)(\w*)[^\n]*\n(.*?)^\1\2\s*$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
QUOTED = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
FILE_NAME = re.compile(r"[\w.-]+\.(py|sql|toml|md|txt|json)")
MODULE = re.compile(rf"({'|'.join(ROOMS[:4])})(\.\w+)+(:\w+)?")


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return FENCE.sub("", page.read_text("utf-8"))


def quoted() -> Iterator[tuple[Path, str]]:
    """Each text in backticks, with its page."""
    for page in PAGES:
        if page.parent.name != "events":  # generated, and compared with the code elsewhere
            for match in QUOTED.finditer(prose(page)):
                yield page, match[1]


def commands() -> Iterator[tuple[Path, str]]:
    """Each line that a reader may type: in backticks or in a block."""
    yield from quoted()
    for page in PAGES:
        for fence in FENCE.finditer(page.read_text("utf-8")):
            if fence[3] in ("", "sh", "bash"):
                yield from ((page, line.strip()) for line in fence[4].splitlines())


@cache
def tracked() -> frozenset[str]:
    """Every file of the checkout that git would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split("\n")
    return frozenset(listed) or frozenset(str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if p.is_file())


@cache
def source() -> str:
    """All Python there is, as one text."""
    return "\n".join((ROOT / name).read_text("utf-8") for name in tracked() if name.endswith(".py"))


@cache
def anchors(page: Path) -> frozenset[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", title.replace("`", "")).strip().lower().replace(" ", "-") for title in titles)
    return frozenset(plain)


def is_there(path: str) -> bool:
    """A path from the root; `<name>` and `*` stand for any name."""
    pattern = re.sub(r"<[^>]+>", "*", path.rstrip("/"))
    return any(True for _ in ROOT.glob(pattern))


def is_module(name: str) -> bool:
    """`graph.step` or `graph.step.Step` or `functions.access.function:new`: a module, or a name that one defines."""
    dotted, _, attribute = name.partition(":")
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        place = ROOT.joinpath(*parts[:end])
        file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
        if file.exists():
            wanted = [*parts[end:], *([attribute] if attribute else [])]
            text = file.read_text("utf-8")
            return len(wanted) < 3 and all(re.search(rf"\b{re.escape(word)}\b", text) for word in wanted)
    return False


def about(found: list[tuple[Path, str]]) -> str:
    return "\n".join(f"{page.relative_to(ROOT)}: {what}" for page, what in found)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    missing = []
    for match in LINK.finditer(prose(page)):
        target = match[1] or match[2]
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or not file.is_relative_to(ROOT):
            missing.append((page, target))
        elif anchor and file.suffix == ".md" and anchor not in anchors(file):
            missing.append((page, f"{target}: no such heading"))
    assert not missing, about(missing)


def test_every_path_in_backticks_exists() -> None:
    missing = [
        (page, text)
        for page, text in quoted()
        if re.fullmatch(r"[\w.<>*/-]+", text) and text.split("/")[0] in ROOMS and "/" in text and not is_there(text)
    ]
    assert not missing, about(missing)


def test_every_file_name_in_backticks_is_some_file_s() -> None:
    names = {Path(name).name for name in tracked()}
    missing = [(page, text) for page, text in quoted() if FILE_NAME.fullmatch(text) and text not in names]
    assert not missing, about(missing)


def test_every_module_in_backticks_exists() -> None:
    """What begins with `goals.` may also be an event's type, or another name on the wire."""
    missing = [
        (page, text)
        for page, text in quoted()
        if MODULE.fullmatch(text) and not is_module(text) and not (text.startswith("goals.") and f'"{text}' in source())
    ]
    assert not missing, about(missing)


def test_every_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z][\w-]*):", makefile, re.MULTILINE))
    missing = [
        (page, text)
        for page, text in commands()
        if (match := re.match(r"make ([a-z][\w-]*)", text)) and match[1] not in targets
    ]
    assert not missing, about(missing)


def test_every_goals_command_exists_with_its_options() -> None:
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    missing = []
    for page, text in commands():
        match = re.match(r"goals ([a-z]+)", text)
        if match is None:
            continue
        options = {o for p in known[match[1]].params for o in p.opts} if match[1] in known else None
        asked = {word.partition("=")[0] for word in re.findall(r"(?<=\s)--[a-z-]+", text)}
        if options is None or not asked <= options:
            missing.append((page, text))
    assert not missing, about(missing)


def test_every_setting_named_is_read_somewhere() -> None:
    fields = {f"GOALS_{name.upper()}" for name in Settings.model_fields}
    missing = [
        (page, name)
        for page in PAGES
        for name in re.findall(r"\bGOALS_[A-Z_]+\b", page.read_text("utf-8"))
        if name not in fields and name not in source()
    ]
    assert not missing, about(missing)


def test_every_setting_there_is_is_told_to_operators() -> None:
    told = (ROOT / "docs" / "operating.md").read_text("utf-8")
    assert [name for name in Settings.model_fields if f"GOALS_{name.upper()}" not in told] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_diagram_is_of_a_known_kind_and_not_empty(page: Path) -> None:
    for fence in FENCE.finditer(page.read_text("utf-8")):
        if fence[3] == "mermaid":
            lines = [line.strip() for line in fence[4].splitlines() if line.strip()]
            assert lines and lines[0].split()[0] in DIAGRAMS
            assert len(lines) > 2, f"{page.name}: a diagram without content"
            ending = [line for line in lines if ";" in line]  # in a sequence diagram it ends the statement
            assert not ending, f"{page.name}: {ending}"


def test_every_fence_is_closed() -> None:
    for page in PAGES:
        left = prose(page)
        assert "```" not in left.replace("`` ``` ``", ""), f"{page.name}: a fenced block is not closed"


def test_every_decision_has_the_same_four_parts_and_its_line_in_the_index() -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    decisions = sorted(p for p in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert [int(p.name[:4]) for p in decisions] == list(range(1, len(decisions) + 1))
    for page in decisions:
        text = page.read_text("utf-8")
        parts = re.findall(r"^(?:## )?(Status|Context|Decision|Consequences)\b", text, re.MULTILINE)
        assert parts == ["Status", "Context", "Decision", "Consequences"], page.name
        assert f"({page.name})" in index, f"{page.name} is not in the index"


def test_the_graph_is_drawn_with_exactly_its_edges() -> None:
    """The drawing has one more point, the fork by trigger: who leads to it leads to all that it leads to."""
    from graph.build import build

    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    block = next(f[4] for f in FENCE.finditer(page) if f[3] == "mermaid" and "START" in f[4])
    drawn = set(re.findall(r"^\s*(\w+)[^\s]* -->(?:\|[^|]*\|)? (\w+)", block, re.MULTILINE))
    forked = {after for before, after in drawn if before == "fork"}
    expanded = {(before, after) for before, after in drawn if "fork" not in (before, after)}
    expanded |= {(before, after) for before, fork in drawn if fork == "fork" for after in forked}
    names = {"__start__": "START", "__end__": "END"}
    edges = {(names.get(e.source, e.source), names.get(e.target, e.target)) for e in build({}).get_graph().edges}
    assert expanded == edges


def test_every_status_the_host_answers_is_explained() -> None:
    from shared.function.reply import LATER, NEVER

    told = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    assert all(f"`{status}`" in told for status in (204, LATER, NEVER))
