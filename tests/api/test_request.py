"""What the API asks of the runner: all of a challenge, in its own language."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from functions.api.runner import request_of
from functions.runner.request import RunRequest
from shared.curriculum import Case, Challenge, load

CHALLENGES = load().challenges


@pytest.mark.parametrize("slug", sorted(CHALLENGES))
def test_the_runner_takes_every_challenge_as_it_is(slug: str) -> None:
    challenge = CHALLENGES[slug].instantiate()
    asked = RunRequest.parse(json.dumps(request_of("r", challenge, challenge.reference, "ada")).encode())
    assert asked.plain() == challenge.cases
    assert (asked.language, asked.checks, asked.learner) == (challenge.language, challenge.checks, "ada")


@pytest.mark.parametrize("language", ["python", "javascript", "typescript", "go"])
def test_a_challenge_s_language_travels_with_it(language: str) -> None:
    challenge = replace(CHALLENGES["coin-jar"], language=language)
    assert RunRequest.model_validate(request_of("r", challenge, "code")).language == language


def _program(challenge: Challenge) -> Case:
    return replace(challenge.cases[0], call="", stdin="7\n", files={"a.txt": "x"}, prints="7\n", args=(), expected=None)


def test_input_files_and_what_a_whole_program_prints_travel_too() -> None:
    challenge = replace(CHALLENGES["coin-jar"], entry="", cases=(_program(CHALLENGES["coin-jar"]),))
    assert RunRequest.model_validate(request_of("r", challenge, "code")).plain() == challenge.cases
