"""What a deployment, a canary, a rollback and a restart ask of a cluster, and where traffic goes by that."""

from __future__ import annotations

from pathlib import Path

import pytest

from goals.cluster.check.objects import KNATIVE
from goals.cluster.deployed import FUNCTIONS
from goals.cluster.rendering import objects, overlay
from goals.cluster.write import dump
from tests.cluster.recording import Recording

NAMESPACE = "goals-staging"


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What staging is given, its functions cut to three."""
    others = {each.name for each in FUNCTIONS} - {"access", "api", "runner"}
    whole = objects(overlay("staging"))
    cut = [o for o in whole if o["apiVersion"] != KNATIVE or o["metadata"]["name"] not in others]
    file = tmp_path_factory.mktemp("rendered") / "all.yaml"
    file.write_text(dump(cut))
    return file


@pytest.fixture
def cluster(tmp_path: Path, rendered: Path) -> Recording:
    return Recording.made(tmp_path, rendered)


def writes(cluster: Recording, since: int = 0) -> list[str]:
    return [line for line in cluster.asked[since:] if " patch " in line]


def test_a_deployment_waits_for_its_job_before_any_function_changes_and_prunes_old_sources(cluster: Recording) -> None:
    status, said = cluster.deploy()
    assert status == 0, said
    asked = cluster.asked
    assert all(line.startswith("--namespace goals-staging ") for line in asked)
    applied = [n for n, line in enumerate(asked) if " apply " in line and "all.yaml" in line]
    job = next(n for n, line in enumerate(asked) if "job/prepare" in line)
    assert len(applied) == 2
    assert applied[0] < job < applied[1]
    assert "notin (event,server,clock)" in asked[applied[0]]
    assert "sources.knative.dev/v1alpha1/RabbitmqSource" in asked[applied[1]]
    assert "ConfigMap" not in asked[applied[1]], "revisions that a rollback leads to read theirs"
    assert cluster.serving("access") == {"access-00008": 100}


def test_what_serves_is_written_down_before_anything_changes(cluster: Recording) -> None:
    cluster.deploy(FAIL="delete job")
    assert [line.split()[2] for line in cluster.asked] == ["get", "get", "apply", "delete"]
    (kept,) = cluster.state()["maps"].values()
    assert kept["data"]["serving"] == '{"access": {"access-00007": 100}, "api": {"api-00007": 100}}'


def test_a_release_of_no_image_is_not_deployed(cluster: Recording) -> None:
    status, said = cluster.run("scripts/deploy", "prod")
    assert (status, cluster.asked) == (1, [])
    assert "names no image" in said


def test_an_overlay_or_a_share_that_is_none_is_not_deployed(cluster: Recording) -> None:
    assert cluster.run("scripts/deploy", "prd")[0] == 2
    assert cluster.deploy("101")[0] == 2
    assert cluster.asked == []


def test_after_a_failure_before_any_function_changed_a_rollback_changes_none(cluster: Recording) -> None:
    assert cluster.deploy(FAIL="job/prepare", BUILD_TAG="goals-12")[0] == 1
    assert cluster.rollout("rollback", NAMESPACE, BUILD_TAG="goals-12")[0] == 0
    assert writes(cluster) == []
    assert cluster.serving("access") == {"access-00007": 100}


def test_after_a_failure_half_way_a_rollback_leads_every_function_to_what_served(cluster: Recording) -> None:
    assert cluster.deploy(FAIL_AT="api")[0] == 1
    assert cluster.serving("access") == {"access-00008": 100}
    status, said = cluster.rollout("rollback", NAMESPACE)
    assert status == 0, said
    assert cluster.serving("access") == {"access-00007": 100}
    assert cluster.serving("api") == {"api-00007": 100}
    assert [line.split()[3] for line in writes(cluster)] == ["ksvc/access"], "api had not changed"


def test_a_deployment_that_was_whole_is_taken_back_twice_with_the_same_end(cluster: Recording) -> None:
    assert cluster.deploy()[0] == 0
    for _ in range(2):
        status, said = cluster.rollout("rollback", NAMESPACE)
        assert status == 0, said
        assert cluster.serving("access") == {"access-00007": 100}
        assert cluster.serving("api") == {"api-00007": 100}
    assert "runner: nothing was recorded" in said, "it was not there before"
    assert cluster.serving("runner") == {"runner-00001": 100}


def test_a_deployment_that_did_not_end_is_followed_by_another_and_both_are_taken_back(cluster: Recording) -> None:
    assert cluster.deploy(FAIL_AT="api")[0] == 1
    assert cluster.deploy(FAIL_AT="api")[0] == 1
    assert cluster.rollout("rollback", NAMESPACE)[0] == 0
    assert cluster.serving("access") == {"access-00007": 100}


def test_after_a_rollback_the_next_deployment_writes_down_anew_and_gives_all_to_what_is_new(cluster: Recording) -> None:
    cluster.deploy()
    cluster.rollout("rollback", NAMESPACE)
    assert cluster.deploy(FAIL_AT="runner")[0] == 1
    assert cluster.serving("access") != {"access-00007": 100}
    cluster.rollout("rollback", NAMESPACE)
    assert cluster.serving("access") == {"access-00007": 100}


def test_a_build_takes_back_its_own_deployment_only(cluster: Recording) -> None:
    assert cluster.deploy(BUILD_TAG="goals-12")[0] == 0
    status, said = cluster.rollout("rollback", NAMESPACE, BUILD_TAG="goals-13")
    assert (status, writes(cluster)) == (1, [])
    assert "nothing was recorded by goals-13" in said


def test_without_a_record_a_rollback_says_so_and_changes_nothing(cluster: Recording) -> None:
    status, said = cluster.rollout("rollback", NAMESPACE)
    assert (status, writes(cluster)) == (1, [])
    assert "nothing was recorded in goals-staging" in said


def test_a_revision_that_is_gone_is_named_and_the_others_are_taken_back(cluster: Recording) -> None:
    cluster.deploy()
    state = cluster.state()
    state["functions"]["access"]["revisions"].remove("access-00007")
    cluster.keep(state)
    status, said = cluster.rollout("rollback", NAMESPACE)
    assert status == 1
    assert "access: kubectl get revision/access-00007 failed" in said
    assert cluster.serving("api") == {"api-00007": 100}


def test_a_canary_reaches_a_part_before_anybody_else_and_is_raised_and_ended(cluster: Recording) -> None:
    status, said = cluster.deploy("10")
    assert status == 0, said
    assert writes(cluster) == [], "no moment at which all go to what is new"
    assert cluster.serving("access") == {"access-00008": 10, "access-00007": 90}
    assert cluster.serving("api") == {"api-00008": 10, "api-00007": 90}
    assert cluster.serving("runner") == {"runner-00001": 100}, "it has no other"
    assert cluster.rollout("canary", NAMESPACE, "50", "api")[0] == 0
    assert cluster.serving("api") == {"api-00008": 50, "api-00007": 50}
    assert cluster.serving("access") == {"access-00008": 10, "access-00007": 90}
    assert cluster.rollout("canary", NAMESPACE, "100")[0] == 0
    assert cluster.serving("access") == {"access-00008": 100}
    assert cluster.serving("api") == {"api-00008": 100}


def test_a_canary_is_taken_back(cluster: Recording) -> None:
    cluster.deploy("10")
    assert cluster.rollout("canary", NAMESPACE, "0", "api")[0] == 0
    assert cluster.serving("api") == {"api-00007": 100}
    assert cluster.rollout("rollback", NAMESPACE)[0] == 0
    assert cluster.serving("access") == {"access-00007": 100}


def test_a_share_that_is_none_and_a_function_that_is_none_are_refused(cluster: Recording) -> None:
    cluster.deploy("10")
    for words in (["101"], ["-1"], ["ten"], ["50", "grader"]):
        assert cluster.rollout("canary", NAMESPACE, *words)[0] == 2
    assert cluster.rollout("restart", NAMESPACE, "grader")[0] == 2
    assert writes(cluster) == []


def test_a_restart_makes_a_new_revision_of_the_same_manifest(cluster: Recording) -> None:
    status, said = cluster.rollout("restart", NAMESPACE, "api")
    assert status == 0, said
    assert cluster.serving("api") == {"api-00008": 100}
    assert cluster.serving("access") == {"access-00007": 100}
    (patch,) = writes(cluster)
    assert '"template": {"metadata": {"annotations": {"goals/restarted": "20' in patch
    assert "ksvc/api" in cluster.asked[-1] and "Ready" in cluster.asked[-1], "it waits for it"
    assert cluster.rollout("restart", NAMESPACE)[0] == 0
    assert cluster.serving("access") == {"access-00008": 100}


def test_where_traffic_is_held_at_a_revision_nothing_is_restarted(cluster: Recording) -> None:
    cluster.deploy("10")
    status, said = cluster.rollout("restart", NAMESPACE)
    assert (status, writes(cluster)) == (2, [])
    assert "access, api: its newest manifest is not the one that serves" in said
