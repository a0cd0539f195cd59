"""What `make run` says of the machine it is on."""

from __future__ import annotations

import re

import pytest

from goals.launch import words
from shared.sandbox import Capability


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Capability("bubblewrap", 6, "bubblewrap holds"), "run in bubblewrap"),
        (Capability("landlock", 6, "bwrap is not on the PATH; landlock holds"), "run in landlock"),
        (Capability("refuse", 3, "the kernel has ABI 3: install bubblewrap"), "are not run.*: install bubblewrap"),
    ],
)
def test_it_says_what_programs_run_in_or_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], found: Capability, said: str
) -> None:
    monkeypatch.setattr(words, "probe", lambda: found)
    assert re.search(said, words.sandbox())
    words.told("http://here", 1.0, "data", "parts")
    assert "learners' programs" in capsys.readouterr().out
