"""`goals verify`: what it proves, refuses, proposes and writes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from goals.cli import app
from shared.curriculum.reading import BUILT_IN

CHALLENGE = Path("python-foundations/challenges/cable-car")


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    """All courses, of which the tests break one challenge."""
    return Path(shutil.copytree(BUILT_IN, tmp_path / "courses"))


def verify(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["verify", *map(str, arguments)], env={"COLUMNS": "200"})


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def drop_cases(challenge: Path, *ids: str) -> None:
    path = challenge / "challenge.toml"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not any(f'id = "{id_}"' in line for id_ in ids)]
    assert len(kept) == len(lines) - len(ids)
    path.write_text("".join(kept), "utf-8")


def test_a_sound_challenge_is_proven(courses: Path) -> None:
    done = verify(courses / CHALLENGE)
    assert done.exit_code == 0, done.output
    assert "1 proven, 0 refused" in done.output


def test_a_broken_one_is_refused_with_its_reason_and_a_report(courses: Path, tmp_path: Path) -> None:
    edit(courses / CHALLENGE / "reference.py", "age < 65", "age < 64")
    done = verify(courses / CHALLENGE, "--report", tmp_path / "report.md")
    assert done.exit_code == 1
    assert "reference_fails" in done.output
    assert "**Refused**" in (tmp_path / "report.md").read_text("utf-8")
    assert "la referencia no pasa" in verify(courses / CHALLENGE, "--language", "es").output


def test_a_changed_challenge_needs_a_new_proof_in_the_file(courses: Path) -> None:
    edit(courses / CHALLENGE / "statement.en.md", "The cable car", "The old cable car")
    assert "PROOFS.json has no proof of cable-car" in verify(courses / CHALLENGE).output
    assert verify(courses / CHALLENGE).exit_code == 1
    before = json.loads((courses / "PROOFS.json").read_text("utf-8"))["proofs"]
    assert verify(courses / CHALLENGE, "--write").exit_code == 0
    after = json.loads((courses / "PROOFS.json").read_text("utf-8"))["proofs"]
    assert {name for name in after if after[name] != before[name]} == {"cable-car"}
    assert after.keys() == before.keys()
    assert verify(courses / CHALLENGE).exit_code == 0


def test_a_refused_challenge_loses_its_proof_when_proofs_are_written(courses: Path) -> None:
    edit(courses / CHALLENGE / "reference.py", "age < 65", "age < 64")
    assert verify(courses / CHALLENGE, "--write").exit_code == 1
    kept = json.loads((courses / "PROOFS.json").read_text("utf-8"))["proofs"]
    assert "cable-car" not in kept
    assert "late-kayak" in kept


def test_the_cases_it_proposes_make_a_weak_challenge_sound(courses: Path) -> None:
    drop_cases(courses / CHALLENGE, "last-free-age", "last-child-fare", "first-adult-fare", "last-adult-fare")
    done = verify(courses / CHALLENGE, "--strengthen")
    assert done.exit_code == 1
    assert "weak_cases" in done.output
    assert "proven with them" in done.output
    lines = [line for line in done.output.splitlines() if line.startswith("{ id = ")]
    assert lines
    edit(courses / CHALLENGE / "challenge.toml", "cases = [\n", "cases = [\n" + "\n".join(lines) + "\n")
    assert verify(courses / CHALLENGE, "--write").exit_code == 0


def test_a_folder_without_a_challenge_is_told(tmp_path: Path) -> None:
    done = verify(tmp_path)
    assert done.exit_code == 1
