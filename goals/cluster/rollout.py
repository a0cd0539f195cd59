"""Which revision of each function gets how much traffic: `python -m goals.cluster.rollout COMMAND NAMESPACE …`.

    record NAMESPACE              writes down what serves now (`scripts/deploy`, before it changes anything)
    finish NAMESPACE              says that the deployment is whole
    share NAMESPACE PERCENT       manifests from stdin to stdout: new revisions get PERCENT, what served the rest
    canary NAMESPACE PERCENT [F]  the same afterwards, for the function F or for all; 100 ends it
    rollback NAMESPACE            back to what was written down
    restart NAMESPACE [F]         a new revision of the function F, or of all, from the same manifest

What is written down names the deployment by Jenkins' BUILD_TAG: a build takes back its own deployment only. One that
did not end leaves it to the next one, whose rollback leads to what served before both.
"""

from __future__ import annotations

import os
import sys

from goals.cluster.live import RECORD, Cluster, Object, Record, Serving, name
from shared.clock import utc_now
from shared.errors import GoalsError, InvalidInput, NotFound, Unavailable

Traffic = list[Object]
"""`spec.traffic` of a Knative Service."""
LATEST: Object = {"latestRevision": True, "percent": 100}
RESTARTED = "goals/restarted"
"""An annotation of the template: on the Service itself it would make no revision."""


def serving(functions: list[Object]) -> Serving:
    """What the route says it does, by the names of revisions, `latestRevision` resolved."""
    found: Serving = {}
    for each in functions:
        shares: dict[str, int] = {}
        for target in each.get("status", {}).get("traffic", []):
            shares[target["revisionName"]] = shares.get(target["revisionName"], 0) + target.get("percent", 0)
        if shares := {revision: percent for revision, percent in shares.items() if percent}:
            found[name(each)] = shares
    return found


def shared(before: dict[str, int], percent: int) -> Traffic:
    """`percent` for the newest revision, the rest for the one that had most."""
    old: Object = {"revisionName": max(before, key=lambda each: before[each]), "percent": 100 - percent}
    new: Object = {"latestRevision": True, "percent": percent}
    return [part for part in (new, old) if part["percent"]]


def record(cluster: Cluster) -> str:
    deployment = _deployment()
    try:
        last = cluster.record()
    except NotFound:
        last = None
    if last and not last.finished:
        cluster.write(Record(last.serving, deployment, finished=False))
        return "the deployment before this one did not end: a rollback leads to what served before both"
    now = serving(cluster.functions())
    cluster.write(Record(now, deployment, finished=False))
    return f"{len(now)} functions serve: written down in ConfigMap {RECORD}"


def finish(cluster: Cluster) -> str:
    last = cluster.record()
    cluster.write(Record(last.serving, last.deployment, finished=True))
    return "deployed"


def share(cluster: Cluster, percent: int, manifests: str) -> str:
    """The manifests with the traffic of each function that serves already; a function that is new has no other
    revision, and gets all."""
    from goals.cluster.rendering import objects
    from goals.cluster.write import dump

    before = cluster.record().serving
    found = objects(manifests)
    for each in found:
        if each["apiVersion"].startswith("serving.knative.dev/") and each["kind"] == "Service" and name(each) in before:
            each["spec"]["traffic"] = shared(before[name(each)], percent)
    return dump(found)


def canary(cluster: Cluster, percent: int, only: str | None) -> str:
    before, said = cluster.record().serving, []
    for each in cluster.function(only):
        function = name(each)
        if function not in before or {each["status"]["latestReadyRevisionName"]} == before[function].keys():
            said.append(f"{function}: has one revision, which gets all")
            continue
        cluster.patch(function, {"traffic": shared(before[function], percent)})
        said.append(f"{function}: {percent} % to its newest revision")
    return "\n".join(said)


def rollback(cluster: Cluster) -> str:
    """Goes on where one function fails, and raises Unavailable at the end."""
    last, deployment = cluster.record(), _deployment()
    if deployment and deployment != last.deployment:
        raise NotFound(f"nothing was recorded by {deployment}: it changed no function, and none is changed now")
    said, failed = [], []
    for each in cluster.functions():
        function = name(each)
        if function not in last.serving:
            said.append(f"{function}: nothing was recorded, it was not there before: left as it is")
        elif _untouched(each, last.serving[function]):
            said.append(f"{function}: serves what it served")
        else:
            before = last.serving[function]
            try:
                for revision in before:
                    cluster.ask("get", f"revision/{revision}", "--output", "name")
                parts = [{"revisionName": revision, "percent": percent} for revision, percent in before.items()]
                cluster.patch(function, {"traffic": parts})
                cluster.ask("wait", "--for=condition=RoutesReady", f"ksvc/{function}", "--timeout=5m")
                said.append(f"{function}: {', '.join(f'{percent} % to {each}' for each, percent in before.items())}")
            except Unavailable as error:
                failed.append(f"{function}: {error.detail}")
    if failed:
        raise Unavailable("\n".join([*said, *failed]))
    cluster.write(Record(last.serving, last.deployment, finished=True))
    return "\n".join(said)


def _untouched(function: Object, before: dict[str, int]) -> bool:
    """Whether its newest revision is the one that served, and its controller has seen all that it was told."""
    status = function["status"]
    return (
        function["spec"].get("traffic", [LATEST]) == [LATEST]
        and function["metadata"]["generation"] == status.get("observedGeneration")
        and before == {status.get("latestCreatedRevisionName"): 100}
    )


def restart(cluster: Cluster, only: str | None) -> str:
    """Raises InvalidInput, with nothing changed, where traffic is held at a revision: the new one would not serve, and
    would come from another manifest than the one that does."""
    found = cluster.function(only)
    held = [name(each) for each in found if each["spec"].get("traffic", [LATEST]) != [LATEST]]
    if held:
        why = "its newest manifest is not the one that serves (rollback or canary)"
        raise InvalidInput(f"{', '.join(held)}: {why}", hint="end the canary (PERCENT=100), or deploy")
    annotation = {"metadata": {"annotations": {RESTARTED: utc_now().isoformat()}}}
    for each in found:
        cluster.patch(name(each), {"template": annotation})
    for each in found:
        cluster.ask("wait", "--for=condition=Ready", f"ksvc/{name(each)}", "--timeout=10m")
    return f"restarted: {' '.join(map(name, found))}"


def _deployment() -> str:
    return os.environ.get("BUILD_TAG", "")


def _percent(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 100):
        raise InvalidInput(f"PERCENT is a whole number from 0 to 100, not {text!r}")
    return int(text)


def main(arguments: list[str]) -> int:
    try:
        match arguments:
            case ["record", namespace]:
                said = record(Cluster(namespace))
            case ["finish", namespace]:
                said = finish(Cluster(namespace))
            case ["share", namespace, percent]:
                said = share(Cluster(namespace), _percent(percent), sys.stdin.read())
            case ["canary", namespace, percent, *more] if len(more) < 2:
                said = canary(Cluster(namespace), _percent(percent), next(iter(more), None))
            case ["rollback", namespace]:
                said = rollback(Cluster(namespace))
            case ["restart", namespace, *more] if len(more) < 2:
                said = restart(Cluster(namespace), next(iter(more), None))
            case _:
                print(__doc__, file=sys.stderr)  # noqa: T201
                return 2
    except InvalidInput as error:
        print("; ".join(filter(None, (error.detail, error.hint))), file=sys.stderr)  # noqa: T201
        return 2
    except GoalsError as error:
        print(error.detail, file=sys.stderr)  # noqa: T201
        return 1
    print(said)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
