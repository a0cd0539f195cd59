"""A goal as files in a folder. What the learner wrote is never overwritten."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.errors import InvalidInput, NotFound

RECORD = ".goal.json"


@dataclass(frozen=True, slots=True)
class Opened:
    """A goal's folder. `file`: the learner's code."""

    folder: Path
    goal: str
    server: str
    email: str
    file: Path

    def code(self) -> str:
        try:
            return self.file.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise NotFound(f"{self.file} is not there", hint="`goals open` writes it again") from None
        except UnicodeDecodeError:
            raise InvalidInput(f"{self.file} is not text in UTF-8", hint="save it as UTF-8") from None


def file_name(goal: dict[str, Any]) -> str:
    from shared.curriculum.programming import LANGUAGES

    known = LANGUAGES.get(goal["language"])
    return str(goal["challenge"]).replace("-", "_") + (known.suffix if known else ".txt")


def write(
    goal: dict[str, Any], parent: Path, *, server: str, email: str, code: str | None
) -> tuple[Opened, list[Path]]:
    """Makes `parent/<slug>/` with what is missing in it; gives it and the files that were left as they are.

    `code`: the learner's last code, if they worked on it elsewhere; else the starter is written. A folder of another
    goal of the same challenge is left alone: the new goal's folder gets its id in its name.
    """
    folder = _folder(goal, parent)
    folder.mkdir(parents=True, exist_ok=True)
    opened = Opened(folder, goal["goal"], server, email, folder / file_name(goal))
    record = {"goal": opened.goal, "server": server, "account": email, "file": opened.file.name}
    texts = {
        opened.file: code or goal["starter"],
        folder / "statement.md": f"# {goal['title']}\n\n{goal['statement'].rstrip()}\n",
        folder / "README.md": readme(goal, opened.file.name),
        folder / RECORD: json.dumps(record, indent=1) + "\n",
    }
    left = [file for file, text in texts.items() if not _write_new(file, text)]
    return opened, [file for file in left if file.read_text(encoding="utf-8", errors="replace") != texts[file]]


def _write_new(file: Path, text: str) -> bool:
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        return False
    return True


def _folder(goal: dict[str, Any], parent: Path) -> Path:
    folder = parent / str(goal["challenge"])
    try:
        other = json.loads((folder / RECORD).read_text())["goal"]
    except (OSError, ValueError, KeyError, TypeError):
        other = None
    if other in (None, goal["goal"]):
        return folder
    return parent / f"{goal['challenge']}-{goal['goal'][:8]}"


def readme(goal: dict[str, Any], file: str) -> str:
    return (
        f"# {goal['title']}\n\n"
        f"Write `{goal['entry']}` in `{file}`; what it has to do stands in `statement.md`.\n\n"
        "    goals run        checks it, case by case\n"
        "    goals submit     the same, and counts as your answer\n"
        "    goals hint       one more hint, of five\n"
        f"    goals lesson {goal['page']['concept']}\n\n"
        f"About {goal['minutes']} minutes. {goal['because']}\n"
    )


def find(path: Path) -> Opened:
    """The goal `path` belongs to: a folder made by `goals open`, or a file in one. Raises NotFound, InvalidInput."""
    path = path.absolute()
    folder = path if path.is_dir() else path.parent
    record = folder / RECORD
    try:
        known = json.loads(record.read_text(encoding="utf-8"))
        file = folder / known["file"] if path.is_dir() else path
        return Opened(folder, known["goal"], known["server"], known["account"], file)
    except FileNotFoundError:
        raise NotFound(
            f"{folder} is no goal's folder", hint="`goals open GOAL` makes one; then run it in there"
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput(
            f"{record} cannot be read: {error}", hint="remove it and `goals open` the goal again"
        ) from error
