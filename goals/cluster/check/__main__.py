"""`python -m goals.cluster.check [--write]`: renders every overlay, holds it against its golden file and all rules.
`--write` makes the golden files anew. Status 1 where something was found."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

from goals.cluster import write
from goals.cluster.check.administered import administered
from goals.cluster.check.rules import RULES, check
from goals.cluster.rendering import GOLDEN, OVERLAYS, ROOT, golden, objects, overlay, render
from shared.errors import GoalsError


def main(arguments: list[str]) -> int:
    said: list[str] = []
    if "--write" in arguments:
        write.write()
    stale = [name for name, text in write.files().items() if _read(write.FOLDER / name) != text]
    said += [f"k8s/base/written/{name} is not what the code says: make manifests" for name in stale]
    stale = [path for path, text in write.beside().items() if _read(ROOT / path) != text]
    said += [f"{path} is not what the code says: make manifests" for path in stale]
    try:
        with ThreadPoolExecutor(2) as pool:
            rendered = dict(zip(OVERLAYS, pool.map(overlay, OVERLAYS), strict=True))
            rendered["cluster"] = render(ROOT / "k8s" / "cluster")
    except GoalsError as error:
        sys.exit(error.detail)
    for name, text in golden(rendered).items():
        if "--write" in arguments:
            GOLDEN.mkdir(exist_ok=True)
            (GOLDEN / name).write_text(text)
        elif _read(GOLDEN / name) != text:
            said.append(f"k8s/golden/{name} shows another rendering: make manifests, and look at the difference")
    found = {name: objects(text) for name, text in rendered.items()}
    cluster = found.pop("cluster")
    for name, each in found.items():
        said += [f"{name}: {finding}" for finding in check(name, each)]
    said += [f"cluster: {finding}" for finding in administered(cluster, found)]
    count = len(cluster) + sum(map(len, found.values()))
    for line in said:
        print(line)  # noqa: T201
    print(f"{len(OVERLAYS)} overlays, {count} objects, {len(RULES) + 1} rules: {len(said)} found")  # noqa: T201
    return 1 if said else 0


def _read(path: object) -> str:
    from pathlib import Path

    file = Path(str(path))
    return file.read_text() if file.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
