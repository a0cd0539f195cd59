"""In the split system the language model is named to the functions of the graph and the API, and to nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from goals.launch.split import _processes, model_settings
from shared.settings import Settings


def test_only_the_model_s_settings_are_passed_on_and_files_are_found_from_anywhere() -> None:
    given = {"GOALS_MODEL_KEY_FILE": "key", "GOALS_MODEL_NAME": "m", "GOALS_DATABASE_URL": "x", "OPENAI_API_KEY": "k"}
    assert model_settings(given) == {"GOALS_MODEL_KEY_FILE": str(Path("key").absolute()), "GOALS_MODEL_NAME": "m"}


def test_the_runner_and_the_dispatchers_hold_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOALS_MODEL_KEY", "sk-test")
    settings = Settings(database_url="postgresql://nowhere", data_dir=tmp_path)
    holding = {p.name for p in _processes(tmp_path, settings, {}) if "sk-test" in p.environment().values()}
    assert {"feedback", "mood", "courses", "api"} <= holding
    assert not {"runner", "mcp", "dispatchers", "clock"} & holding
