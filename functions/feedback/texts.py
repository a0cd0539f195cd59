"""The words of texts.toml, by language. Anything but Spanish is answered in English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.spoken import words

_TEXTS: Mapping[str, Any] = tomllib.loads(Path(__file__).with_name("texts.toml").read_text("utf-8"))


def fact(language: str, name: str) -> str:
    """A sentence that says what happened, or a piece of one."""
    return str(_TEXTS["facts"][words(language)][name])


def cause(language: str, name: str) -> tuple[str, str, str]:
    """What it is; the next step; a step deeper."""
    what, step, deeper = _TEXTS["causes"][name][words(language)]
    return what, step, deeper


def kind(language: str, name: str) -> str:
    """A class of values in plain words; empty for one that has none here, a learner's own above all."""
    return str(_TEXTS["kinds"][words(language)].get(name, ""))


def deeper(language: str, name: str) -> str:
    """A next step that fits every cause."""
    return str(_TEXTS["deeper"][words(language)][name])


def passed(language: str, name: str) -> list[str]:
    """For runs that pass: each a choice of forms."""
    return list(_TEXTS["passed"][words(language)][name])


def offered(language: str, name: str) -> str:
    """Help offered unasked: `hint` while rungs are left, else `last`."""
    return str(_TEXTS["offered"][words(language)][name])


def progress(language: str, name: str, count: int) -> str:
    """A sentence on progress, for one or for many."""
    return str(_TEXTS["progress"][words(language)][name][count != 1])


def retest(language: str) -> str:
    """What is asked in exchange for a worked example."""
    return str(_TEXTS["retest"][words(language)])


def last_hint(language: str) -> str:
    """Said before the fifth hint when it is asked for again."""
    return str(_TEXTS["hints"][words(language)])
