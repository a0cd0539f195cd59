"""The proofs kept beside the courses are of the challenges as they are, and are looked up without the prover."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from shared.curriculum import Challenge, load
from shared.curriculum.reading import BUILT_IN
from shared.errors import InvalidInput
from shared.proof import ledger
from shared.proof.prove import INPUTS, MUTANTS, RATIO, prove
from shared.proof.reference import RUNS
from shared.sandbox import Sandbox
from tests.proof.conftest import instances


def test_the_proofs_file_is_in_step_with_the_courses() -> None:
    kept = ledger.read(BUILT_IN)
    behind = [ledger.named(c) for c in instances() if kept.evidence(c) is None]
    assert behind == [], "run: goals verify courses --write"
    assert set(kept.entries) == {ledger.named(c) for c in instances()}


def test_every_kept_proof_is_over_the_bar() -> None:
    for entry in ledger.built_in().entries.values():
        figures = entry.evidence
        assert figures["reference_runs"] == RUNS
        assert figures["mutants"] >= MUTANTS
        assert figures["kill_ratio"] >= RATIO
        assert figures["killed"] + figures["equivalent"] == figures["mutants"]
        assert figures["inputs"] >= INPUTS or not figures["equivalent"]


@pytest.mark.parametrize("slug", ["heavy-bags", "repair-cafe"])
def test_a_kept_proof_is_what_proving_gives(slug: str, sandbox: Sandbox) -> None:
    """Two of them here; `make verify-courses` proves them all."""
    challenge = load().challenges[slug]
    proof = prove(challenge, sandbox, seed=1)
    assert proof.proven, [str(reason) for reason in proof.reasons]
    assert ledger.built_in().evidence(challenge) == proof.evidence


@pytest.mark.parametrize("field", ledger.PROVEN)
def test_a_change_of_what_was_proven_leaves_no_proof(field: str, cable_car: Challenge) -> None:
    new: object = {"cases": cable_car.cases[1:], "subtasks": cable_car.subtasks[1:], "hints": {}}.get(field, "changed")
    assert ledger.built_in().evidence(replace(cable_car, **{field: new})) is None  # type: ignore[arg-type]


def test_a_change_of_anything_else_needs_no_new_proof(cable_car: Challenge) -> None:
    assert ledger.built_in().evidence(replace(cable_car, difficulty=0.9, minutes=60, kinds=("daily",))) is not None


def test_a_proof_under_another_bar_counts_no_more(tmp_path: Path) -> None:
    content = json.loads((BUILT_IN / ledger.FILE).read_text("utf-8"))
    (tmp_path / ledger.FILE).write_text(json.dumps({**content, "bar": content["bar"] + 1}))
    assert ledger.read(tmp_path).entries == {}


def test_no_file_is_no_proof_and_a_broken_one_is_an_error(tmp_path: Path) -> None:
    assert ledger.read(tmp_path).entries == {}
    for broken in ("{", "[]", '{"bar": 1, "proofs": {"x": {}}}'):
        (tmp_path / ledger.FILE).write_text(broken)
        with pytest.raises(InvalidInput, match="not of its form"):
            ledger.read(tmp_path)


def test_what_is_written_is_read_back(tmp_path: Path, cable_car: Challenge) -> None:
    ledger.Ledger({}).with_proofs([(cable_car, {"mutants": 9.0})]).write(tmp_path)
    kept = ledger.read(tmp_path)
    assert kept.evidence(cable_car) == {"mutants": 9.0}
    assert kept.only(["other"]).entries == {}


def test_the_function_starts_without_prover_and_sandbox() -> None:
    code = (
        "import sys, functions.challenges.function\n"
        "print([m for m in sys.modules if m.startswith(('shared.sandbox', 'shared.proof.')) and 'ledger' not in m])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=BUILT_IN.parent)
    assert done.stdout.strip() == "[]"
