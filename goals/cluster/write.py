"""`python -m goals.cluster.write` (`make manifests`): writes `k8s/base/written` from the code. A test compares."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from goals.cluster import authorisation, jobs, messaging, network
from goals.cluster.compose import compose
from goals.cluster.containerfile import containerfile, dependencies
from goals.cluster.deployed import FUNCTIONS, OPERATIONS
from goals.cluster.environment import CONFIG, SETTINGS
from goals.cluster.openfaas import stack
from goals.cluster.serving import account, service

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "k8s" / "base" / "written"
HEAD = "# Written by `make manifests` from goals/cluster: change it there.\n"

Manifest = dict[str, Any]


def files() -> dict[str, str]:
    """Name in the folder → content."""
    found: dict[str, list[Manifest]] = {
        f"{each.name}.yaml": [
            account(each.name, each.kind),
            service(each),
            *(messaging.queues(each.name) if each.kind == "event" else ()),
        ]
        for each in FUNCTIONS
    }
    found["exchanges.yaml"] = [*messaging.exchanges(), *messaging.publisher()]
    found["jobs.yaml"] = [account(OPERATIONS, "job"), jobs.prepare(), *jobs.clocks()]
    found["network.yaml"] = network.policies()
    texts = {name: HEAD + dump(documents) for name, documents in found.items()}
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": sorted(found),
        "configMapGenerator": [{"name": CONFIG, "literals": [f"{k}={v}" for k, v in sorted(SETTINGS.items())]}],
    }
    return {**texts, "kustomization.yaml": HEAD + dump([kustomization])}


def beside() -> dict[str, str]:
    """Path in the repository → content, of what is written elsewhere."""
    from goals.launch.gateway import render
    from shared.auth.tokens import AUDIENCE

    door = render(
        8080,
        9901,
        api_port=8080,
        mcp_port=8080,
        issuer="http://localhost:8080",
        audience=AUDIENCE,
        jwks=None,
        hosts=("api", "mcp"),
        listen="0.0.0.0",  # noqa: S104  of a container
    )
    return {
        "Containerfile": containerfile(),
        "compose.yaml": HEAD + dump([compose()]),
        "containers/dependencies.toml": dependencies(),
        "containers/envoy.json": door + "\n",
        "k8s/openfaas/stack.yml": HEAD + dump([stack()]),
        "k8s/components/kourier/envoy.json": authorisation.text(),
    }


def dump(documents: list[Manifest]) -> str:
    import yaml

    class Plain(yaml.SafeDumper):
        """Without anchors: each manifest stands for itself."""

        def ignore_aliases(self, data: object) -> bool:
            return True

    return yaml.dump_all(documents, Dumper=Plain, sort_keys=False, width=120, explicit_start=True)


def write(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    texts = files()
    for old in folder.iterdir():
        if old.name not in texts:
            old.unlink()
    for name, text in texts.items():
        (folder / name).write_text(text)
    if folder == FOLDER:
        for path, text in beside().items():
            (ROOT / path).write_text(text)


if __name__ == "__main__":
    write()
