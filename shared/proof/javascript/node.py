"""The node tool, as a function."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shared.errors import SandboxUnavailable, Unavailable
from shared.sandbox.languages import javascript, places

HERE = Path(__file__).parent
ROOM = places.ROOM / "proof-javascript"
"""Where `install.py` puts the packages."""

SECONDS = 30.0
MEMORY_MB = 512
INSTALL = "`python -m shared.proof.javascript.install` installs it"


def analysed(texts: Sequence[str], language: str) -> list[dict[str, Any]]:
    """What `read.cjs` says of each text. Raises Unavailable where node or the tool's packages are not installed, or
    where it did not answer in `SECONDS`."""
    if not (ROOM / "node_modules").is_dir():
        raise Unavailable("the reader of JavaScript is not installed", hint=INSTALL)
    order = json.dumps({"language": language, "texts": list(texts)}).encode("utf-8", "surrogatepass")
    try:
        done = subprocess.run(
            [javascript.node(), f"--max-old-space-size={MEMORY_MB}", str(HERE / "read.cjs")],
            env={**os.environ, "NODE_PATH": str(ROOM / "node_modules")},
            input=order,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
        found = json.loads(done.stdout)["read"]
    except SandboxUnavailable as error:
        raise Unavailable(error.detail, hint=error.hint) from error
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"the {language} of this challenge was not read within {SECONDS:.0f} s") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip()[-300:]
        raise Unavailable(f"the reader of {language} failed: {said}") from error
    return list(found)
