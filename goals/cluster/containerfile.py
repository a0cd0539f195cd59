"""The Containerfile, with a target for each image, and what each of them installs (`containers/dependencies.toml`)."""

from __future__ import annotations

import json

from goals.cluster.deployed import FUNCTIONS, IMAGES, OPERATIONS, PORT, USER
from goals.cluster.images import distributions, folders

HEAD = """\
# syntax=docker/dockerfile:1
# Written by `make manifests` from goals/cluster/containerfile.py. `make images` builds every target.
# The base is named by digest where it matters: --build-arg BASE=docker.io/library/python:3.13-slim-trixie@sha256:…
ARG BASE=docker.io/library/python:3.13-slim-trixie

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN ["python", "-m", "venv", "--without-pip", "/venv"]
WORKDIR /build
COPY containers/pick.py containers/dependencies.toml requirements.txt ./
WORKDIR /app

FROM ${BASE} AS runtime
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.source="https://example.org/ai-goals-tracker" \\
      org.opencontainers.image.licenses="Apache-2.0" \\
      org.opencontainers.image.version="${VERSION}" \\
      org.opencontainers.image.revision="${REVISION}"
ENV PATH=/venv/bin:/usr/local/bin:/usr/bin:/bin HOME=/tmp GOALS_DATA_DIR=/tmp PYTHONPATH=/app \\
    PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app
"""

INSTALL = """\

FROM build AS {image}-build
RUN python /build/pick.py {image} > /build/picked.txt \\
 && python -m pip --python /venv/bin/python install --require-hashes --no-deps --no-compile -r /build/picked.txt
{copies}
# Compiled here: a container's root is only read, and without it a start takes four times as long. Of libraries as far
# as it goes: some carry templates that are no Python.
RUN python -m compileall -q --invalidation-mode unchecked-hash /app/shared {ours} \\
 && (python -m compileall -qq --invalidation-mode unchecked-hash /venv || true){more}

FROM {base} AS {image}
LABEL org.opencontainers.image.title="goals/{image}"
COPY --from={image}-build /venv /venv
COPY --from={image}-build /app /app
USER {user}:{user}
"""

SERVED = """\
ENV HOST=0.0.0.0
EXPOSE {port}
HEALTHCHECK --interval=10s --timeout=4s --start-period=30s \\
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:{port}/health/readiness', timeout=3)"]
CMD {command}
"""

SANDBOX = """\

# bubblewrap is used where a container may make namespaces; in a restricted pod the runner takes Landlock.
FROM runtime AS runtime-with-bubblewrap
# The base names Debian's release; the image's SBOM says which build of the package was taken.
# hadolint ignore=DL3008
RUN apt-get update \\
 && apt-get install -y --no-install-recommends bubblewrap \\
 && rm -rf /var/lib/apt/lists/*
"""


def containerfile() -> str:
    found = [HEAD, SANDBOX]
    commands = {each.name: list(each.command) for each in FUNCTIONS}
    for image in IMAGES:
        copied = folders(image)
        more = " \\\n && /venv/bin/python -m shared.sandbox.languages.install" if image == "runner" else ""
        found.append(
            INSTALL.format(
                image=image,
                copies="\n".join(f"COPY {folder} {folder}" for folder in copied),
                ours=" ".join(f"/app/{each}" for each in copied if each.partition("/")[0] in ("functions", "goals")),
                more=more,
                base="runtime-with-bubblewrap" if image == "runner" else "runtime",
                user=USER,
            )
        )
        if image == OPERATIONS:
            found.append('CMD ["python", "-m", "goals.launch.prepare"]\n')
        else:
            found.append(SERVED.format(port=PORT, command=json.dumps(commands[image])))
    return "".join(found)


def dependencies() -> str:
    """TOML: image → names."""
    lines = [
        "# Written by `make manifests` from what each image's modules import: names; requirements.txt has the pins.\n"
    ]
    for image in IMAGES:
        names = distributions(image)
        lines += [f"{image} = [\n", *(f'  "{name}",\n' for name in names), "]\n"]
    return "".join(lines)
