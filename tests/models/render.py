"""Every prompt of the system, rendered: `python -m tests.models.render` writes the golden texts of new ones.

A golden text is only added. A prompt that changes is a new version, because answers are kept, and accounts read, by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from shared.models import Prompt

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).with_name("golden")
FENCE = "f00dcafef00dcafe"


def prompts() -> Iterator[tuple[str, Prompt]]:
    """By the name of their golden file."""
    for path in sorted(ROOT.glob("functions/*/prompts/*.v*.md")):
        yield f"{path.parts[-3]}.{path.stem}.txt", Prompt.of(path.read_text("utf-8"), path.name)


def rendered(prompt: Prompt) -> str:
    """With each input's own name in its place."""
    shown = prompt.render({name: f"({name})" for name in prompt.inputs}, FENCE)
    return f"{shown.system}\n{'=' * 20}\n{shown.request}\n"


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, prompt in prompts():
        if not (GOLDEN / name).exists():
            (GOLDEN / name).write_text(rendered(prompt), "utf-8")
