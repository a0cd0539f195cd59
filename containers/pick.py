"""`python pick.py IMAGE`: what of requirements.txt the image needs, with hashes. Standard library only."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent


def pick(image: str, requirements: str, dependencies: dict[str, list[str]]) -> str:
    """Raises KeyError where nothing is known of the image, ValueError where a name is pinned nowhere."""
    wanted, found, lines, keep = set(dependencies[image]), set(), [], False
    for line in requirements.splitlines(keepends=True):
        if begins := re.match(r"([A-Za-z0-9][A-Za-z0-9._-]*)", line):
            name = re.sub(r"[-_.]+", "-", begins[1]).lower()
            keep = name in wanted
            found |= {name} if keep else set()
        if keep:
            lines.append(line)
    if missing := wanted - found:
        raise ValueError(f"requirements.txt has no {', '.join(sorted(missing))}: make requirements, make manifests")
    return "".join(lines)


if __name__ == "__main__":
    known = tomllib.loads((HERE / "dependencies.toml").read_text())
    sys.stdout.write(pick(sys.argv[1], (HERE / "requirements.txt").read_text(), known))
