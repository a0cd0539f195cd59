"""`python -m goals.cluster.release REGISTRY FILE` (`make release`): writes `k8s/release` from the digests of what was
built. FILE is JSON, image → digest, as `scripts/images` writes it."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from goals.cluster.deployed import IMAGES
from goals.cluster.rendering import ROOT
from shared.errors import GoalsError, InvalidInput

FOLDER = ROOT / "k8s" / "release"
HEAD = """\
# Which images staging and production run, by digest: `make release` writes it from what was built (Jenkinsfile).
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
images:
"""


def release(registry: str, digests: dict[str, str]) -> str:
    """The component. Raises InvalidInput where an image is missing, or is given by anything but a digest."""
    for image in IMAGES:
        given = digests.get(image)
        if not isinstance(given, str) or not re.fullmatch(r"sha256:[0-9a-f]{64}", given) or set(given[7:]) == {"0"}:
            raise InvalidInput(f"{image} has no digest: {given!r}", hint="scripts/images … --push writes all of them")
    if not re.fullmatch(r"[a-z0-9][a-z0-9./:_-]*", registry):
        raise InvalidInput(f"{registry!r} is no registry")
    lines = (f"- name: goals/{image}\n  newName: {registry}/{image}\n  digest: {digests[image]}\n" for image in IMAGES)
    return HEAD + "".join(lines)


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print("usage: python -m goals.cluster.release REGISTRY FILE", file=sys.stderr)  # noqa: T201
        return 2
    try:
        text = release(arguments[0], json.loads(Path(arguments[1]).read_text()))
    except (OSError, ValueError) as error:
        sys.exit(f"{arguments[1]} cannot be read: {error}")
    except GoalsError as error:
        sys.exit(f"{error.detail}; {error.hint}")
    (FOLDER / "kustomization.yaml").write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
