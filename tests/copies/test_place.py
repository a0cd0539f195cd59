"""Where a copy lies, on each system."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from goals.copies.place import copies_home, folder_of
from shared.errors import InvalidInput

HOME = PurePosixPath("/home/ada")


def test_each_system_keeps_data_in_its_own_place() -> None:
    assert copies_home("linux", {}, HOME) == HOME / ".local/share/goals/copies"
    assert copies_home("linux", {"XDG_DATA_HOME": "/data"}, HOME) == PurePosixPath("/data/goals/copies")
    assert copies_home("linux", {"XDG_DATA_HOME": "not/absolute"}, HOME) == HOME / ".local/share/goals/copies"
    assert copies_home("darwin", {}, HOME) == HOME / "Library/Application Support/goals/copies"
    roaming = {"APPDATA": r"C:\Users\ada\AppData\Roaming"}
    assert copies_home("win32", roaming) == PureWindowsPath(r"C:\Users\ada\AppData\Roaming\goals\copies")
    assert copies_home("win32", {}, PureWindowsPath(r"C:\Users\ada")) == PureWindowsPath(
        r"C:\Users\ada\AppData\Roaming\goals\copies"
    )


def test_servers_and_learners_do_not_mix(tmp_path: Path) -> None:
    places = {
        folder_of(server, learner, tmp_path)
        for server in ("http://127.0.0.1:8080", "http://127.0.0.1:8081", "https://goals.example.org")
        for learner in ("ada", "bob")
    }
    assert len(places) == 6
    assert folder_of("https://goals.example.org", "ada", tmp_path) == tmp_path / "goals.example.org" / "ada"


@pytest.mark.parametrize("learner", ["", "..", "a/b", ".hidden", "a\\b", "x" * 81])
def test_a_learner_s_id_leads_nowhere_else(learner: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        folder_of("http://127.0.0.1", learner, tmp_path)
