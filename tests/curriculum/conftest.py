from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.curriculum import Curriculum, load

Edit = Callable[[str, str, str], None]

README = Path(__file__).resolve().parents[2] / "courses" / "README.md"
NAMED_FILE = re.compile(r"^`([\w./-]+)`\n~~~~\w+\n(.*?)^~~~~$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="session")
def curriculum() -> Curriculum:
    return load()


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The complete example of `courses/README.md`, as files."""
    for name, content in NAMED_FILE.findall(README.read_text(encoding="utf-8")):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


@pytest.fixture
def edit(example: Path) -> Iterator[Edit]:
    """`edit(file, old, new)`: one change in the example; `old` must be there."""

    def change(file: str, old: str, new: str) -> None:
        path = example / file
        content = path.read_text(encoding="utf-8")
        assert old in content
        path.write_text(content.replace(old, new, 1), encoding="utf-8")

    yield change
