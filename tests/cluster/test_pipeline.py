"""Jenkinsfile and scripts: parsed by real parsers, and run against programs that record what they are asked, since
neither Jenkins nor a cluster is here."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
import tree_sitter_groovy
import yaml
from tree_sitter import Language, Node, Parser

from goals.cluster.deployed import IMAGES
from goals.cluster.release import release
from goals.cluster.rendering import ROOT
from goals.launch import ticker
from graph.topology import QUEUES, SWEPT, TICKED
from shared.bus.postgres import PostgresBus
from shared.errors import InvalidInput
from shared.settings import Settings

JENKINSFILE = (ROOT / "Jenkinsfile").read_bytes()
SECTIONS = {"agent", "options", "parameters", "environment", "stages", "post", "triggers", "tools", "libraries"}
STAGE = {"steps", "parallel", "when", "post", "options", "input", "environment", "agent", "stages"}
CONDITIONS = {"always", "failure", "success", "unstable", "aborted", "changed", "cleanup", "fixed", "regression"}


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
        ("    post {\n        always", "    post {\n        finally"),
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
    assert text.count("make rollback") == 2


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
