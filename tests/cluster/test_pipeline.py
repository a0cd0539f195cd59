"""Jenkinsfile and scripts: parsed by real parsers, and run against programs that record what they are asked, since
neither Jenkins nor a cluster is here."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import tree_sitter_groovy
import yaml
from tree_sitter import Language, Node, Parser

from goals.cluster.deployed import IMAGES
from goals.cluster.release import release
from goals.cluster.rendering import ROOT
from goals.demo.play import ORGANISATION, _session
from goals.launch import ticker
from graph.topology import QUEUES, SWEPT, TICKED
from shared.auth.keys import load
from shared.auth.tokens import Tokens
from shared.bus.postgres import PostgresBus
from shared.clock import utc_now
from shared.errors import InvalidInput
from shared.settings import Settings

JENKINSFILE = (ROOT / "Jenkinsfile").read_bytes()
SECTIONS = {"agent", "options", "parameters", "environment", "stages", "post", "triggers", "tools", "libraries"}
STAGE = {"steps", "parallel", "when", "post", "options", "input", "environment", "agent", "stages"}
CONDITIONS = {"always", "failure", "success", "unstable", "aborted", "changed", "cleanup", "fixed", "regression"}
CONDITIONS |= {"unsuccessful"}


def tree(source: bytes = JENKINSFILE) -> Node:
    return Parser(Language(tree_sitter_groovy.language())).parse(source).root_node


def wrong(source: str) -> list[str]:
    """What Jenkins' declarative model would refuse: sections by their names, each with what it must have.
    Source: "Pipeline Syntax", jenkins.io."""
    found = ["it is no Groovy"] if tree(source.encode()).has_error else []
    body = re.sub(r"//[^\n]*|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", "''", source)
    found += _section(_inside(body, "pipeline"), SECTIONS, "pipeline")
    for needed in ("agent", "stages"):
        found += [] if re.search(rf"\b{needed}\b", body) else [f"pipeline has no {needed}"]
    for stage in re.finditer(r"\bstage\s*\(\s*''\s*\)\s*\{", body):
        inside = _block(body, stage.end() - 1)
        found += _section(inside, STAGE, "stage")
        if not set(_names(inside)) & {"steps", "parallel", "stages"}:
            found.append("a stage has no steps")
    for post in re.finditer(r"\bpost\s*\{", body):
        found += _section(_block(body, post.end() - 1), CONDITIONS, "post")
    return found


def _section(inside: str, allowed: set[str], where: str) -> list[str]:
    return [f"{where} knows no {name}" for name in _names(inside) if name not in allowed]


def _names(inside: str) -> list[str]:
    """First words of a block's own statements."""
    flat, depth = [], 0
    for character in inside:
        depth += (character == "{") - (character == "}")
        flat.append(character if depth == 0 or (depth == 1 and character == "{") else " ")
    return re.findall(r"(?:^|\n|\})\s*([a-z]\w*)", "".join(flat).replace("{", ""))


def _inside(body: str, name: str) -> str:
    begins = re.search(rf"\b{name}\s*\{{", body)
    return _block(body, begins.end() - 1) if begins else ""


def _block(body: str, opening: int) -> str:
    depth = 0
    for at in range(opening, len(body)):
        depth += (body[at] == "{") - (body[at] == "}")
        if depth == 0:
            return body[opening + 1 : at]
    return body[opening + 1 :]


def test_the_jenkinsfile_is_groovy_and_declarative() -> None:
    assert wrong(JENKINSFILE.decode()) == []


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("stage('Check') {", "stage('Check') "),
        ("    stages {", "    stage {"),
        ("            post {\n                always", "            post {\n                finally"),
        ("                unsuccessful {", "                unsucessful {"),
        ("            steps {\n                sh 'make check'", "            step {\n                sh 'make check'"),
        ("    agent {", "    agents {"),
        ("                beforeInput true\n", "                beforeInput true(\n"),
    ],
)
def test_a_mistake_in_it_is_seen(good: str, bad: str) -> None:
    text = JENKINSFILE.decode()
    assert good in text
    assert wrong(text.replace(good, bad, 1))


def test_each_of_its_steps_is_a_target_of_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    asked = re.findall(r"sh 'make ([a-z0-9-]+)", JENKINSFILE.decode())
    assert {"check", "k8s-check", "images", "scan", "sign", "release", "deploy", "smoke", "rollback"} <= set(asked)
    assert set(asked) <= targets


def test_production_comes_last_after_staging_a_smoke_test_and_a_person() -> None:
    text = JENKINSFILE.decode()
    order = ["'Check'", "'Test'", "'Images'", "OVERLAY=staging", "make smoke", "input {", "OVERLAY=prod"]
    places = [text.index(each) for each in order]
    assert places == sorted(places)


def stages() -> dict[str, str]:
    """Each stage that has steps of its own → what is in it."""
    text = JENKINSFILE.decode()
    found = {each[1]: _block(text, each.end() - 1) for each in re.finditer(r"\bstage\('(\w+)'\)\s*\{", text)}
    return {name: inside for name, inside in found.items() if "parallel {" not in inside}


def test_no_bound_is_around_the_person_who_is_waited_for_and_no_agent_waits() -> None:
    text = JENKINSFILE.decode()
    assert "timeout(" not in text[: text.index("stages {")].partition("options {")[2]
    assert re.search(r"\n    agent none\n", text)
    for name, inside in stages().items():
        assert ("agent none" if name == "Approve" else "agent { label 'docker' }") in inside, name
        assert "timeout(" in inside, name


def test_a_deployment_that_is_cut_off_is_taken_back_outside_of_the_bound_that_cut_it() -> None:
    found = stages()
    deploying = {name for name, inside in found.items() if "make deploy" in inside}
    assert deploying == {"Staging", "Production"}
    for name in deploying:
        inside = found[name]
        assert "options {" not in inside, "what bounds the stage bounds its rollback"
        bounded = re.search(r"\btimeout\([^)]*\)\s*\{", inside)
        assert bounded
        assert "make deploy" in _block(inside, bounded.end() - 1)
        assert "make rollback" not in _block(inside, bounded.end() - 1)
        taken_back = re.search(r"post\s*\{\s*unsuccessful\s*\{", inside)
        assert taken_back
        assert "make rollback" in _block(inside, taken_back.end() - 1)
        assert inside.index("unstash 'release'") < inside.index("make deploy"), "another agent built it"


@pytest.mark.parametrize("option", ["--keys", "GOALS_KEYS_DIR"])
def test_a_token_is_signed_with_a_key_that_is_nowhere_but_in_a_folder(option: str, tmp_path: Path) -> None:
    ring = load(tmp_path / "ring", create=True)
    command = [Path(sys.executable).with_name("goals"), "token", "--server", "https://goals.example.org"]
    more = ["--keys", tmp_path / "ring"] if option == "--keys" else []
    given = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", **({} if more else {option: str(tmp_path / "ring")})}
    done = subprocess.run([*command, *more], env=given, capture_output=True, text=True, check=True)
    tokens = Tokens(ring, issuer="https://goals.example.org", clock=utc_now)
    assert tokens.verify(done.stdout.strip()).roles == {"operator"}


def test_the_smoke_test_makes_its_tokens_from_the_key_that_it_is_shown(tmp_path: Path) -> None:
    asked = ["make", "--dry-run", "--no-print-directory", "smoke", "URL=https://goals.example.org", f"KEYS={tmp_path}"]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert f'goals demo --attach https://goals.example.org --keys "{tmp_path}"' in said
    ring = load(tmp_path, create=True)
    session = _session(None, "https://goals.example.org", tmp_path, "organisation")
    claims = Tokens(ring, issuer="https://goals.example.org", clock=utc_now).verify(session.access())
    assert (claims.roles, claims.organisation) == ({"organisation"}, ORGANISATION)


def test_screenshots_of_the_extension_s_tests_are_kept_however_they_end() -> None:
    text = re.sub(r"\s+", " ", JENKINSFILE.decode())
    kept = "post { always { archiveArtifacts artifacts: 'extension/dist/shots/*', allowEmptyArchive: true } }"
    assert f"sh 'make test-extension' }} {kept}" in text


def test_a_release_names_every_image_by_its_digest() -> None:
    digests = {image: f"sha256:{n:064x}" for n, image in enumerate(IMAGES, 1)}
    made = yaml.safe_load(release("registry.example.org/goals", digests))
    assert [each["digest"] for each in made["images"]] == list(digests.values())
    for broken in ({**digests, "api": "latest"}, {**digests, "api": "sha256:" + "0" * 64}, {"api": digests["api"]}):
        with pytest.raises(InvalidInput):
            release("registry.example.org/goals", broken)


@pytest.mark.parametrize(("made", "queue"), [(ticker.daily, "daily"), (ticker.sweep, "process"), (ticker.new, "daily")])
def test_the_receiving_end_of_clocks_publishes_the_tick_it_is_asked_for(database: str, made: Any, queue: str) -> None:
    bus = PostgresBus(database)
    bus.declare(QUEUES)
    function = made()
    function._settings = Settings(database_url=database)
    assert function.handle(b"{}", "application/json").status == 503, "not started"
    function.start()
    body = json.dumps({"type": TICKED, "seconds": 900}).encode()
    assert function.handle(body, "application/json").status == 204
    deadline = time.monotonic() + 10
    while bus.depth(queue) != 1:
        assert time.monotonic() < deadline
    function.stop()
    bus.close()
    assert SWEPT != TICKED


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"type": "goals.nothing", "seconds": 9}', b'{"type": "goals.clock.swept", "seconds": true}'],
)
def test_what_is_no_tick_is_refused_for_good(database: str, body: bytes) -> None:
    function = ticker.Ticker(settings=Settings(database_url=database))
    function.start()
    assert function.handle(body, "application/json").status == 422
    function.stop()
