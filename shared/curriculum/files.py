"""The files under a curriculum's root, each read once and each accounted for."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path, PurePosixPath
from typing import TypeVar

from pydantic import ValidationError

from shared.curriculum.checks import wrong
from shared.curriculum.model import LANGUAGES
from shared.curriculum.schema import Strict

Shape = TypeVar("Shape", bound=Strict)


class Files:
    """All files under a root, read once, as text by their path relative to it; hidden ones and READMEs apart."""

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise wrong(str(root), "root", "no such folder")
        digest = hashlib.sha256()
        self.texts: dict[str, str] = {}
        for path in sorted(root.glob("*/**/*")):
            name = path.relative_to(root).as_posix()
            if any(part.startswith((".", "__")) for part in PurePosixPath(name).parts) or not path.is_file():
                continue
            content = path.read_bytes()
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
            try:
                self.texts[name] = content.decode("utf-8")
            except UnicodeDecodeError as error:
                raise wrong(name, "encoding", f"not UTF-8: {error}") from error
        self.version = digest.hexdigest()[:12]
        self.unread = set(self.texts)

    def folders(self, under: str) -> list[str]:
        depth = len(PurePosixPath(under).parts)
        parts = (PurePosixPath(name).parts for name in self.texts if name.startswith(f"{under}/" if under else ""))
        return sorted({p[depth] for p in parts if len(p) > depth + 1})

    def text(self, path: str) -> str:
        """The file's words. Raises InvalidInput where the file is missing or empty."""
        if not self.texts.get(path, "").strip():
            raise wrong(path, PurePosixPath(path).name, "the file is missing or empty")
        self.unread.discard(path)
        return self.texts[path]

    def languages(self, folder: str, stem: str) -> dict[str, str]:
        return {language: self.text(f"{folder}/{stem}.{language}.md") for language in LANGUAGES}

    def toml(self, path: str, shape: type[Shape]) -> Shape:
        try:
            return shape.model_validate(tomllib.loads(self.text(path)))
        except tomllib.TOMLDecodeError as error:
            raise wrong(path, "syntax", f"not TOML: {error}") from error
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise wrong(path, _field(first["loc"]), first["msg"]) from error

    def nothing_left(self) -> None:
        for path in sorted(self.unread):
            raise wrong(path, PurePosixPath(path).name, "no such file belongs here; see courses/README.md")


def _field(loc: tuple[int | str, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".") or "file"
