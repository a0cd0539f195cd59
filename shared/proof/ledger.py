"""What was proven, kept beside the courses: who assigns a challenge looks it up here and runs nothing.

`courses/PROOFS.json` is written by `goals verify courses --write`. An entry holds for exactly the challenge it was made
of, by the digest of all that a proof looks at, and for the bar of today.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import MISSING, Field, asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from shared.curriculum.model import Case, Challenge
from shared.errors import InvalidInput

BAR = 1
"""Raise it when what is proven changes (docs/proof.md): proofs under another bar count no more."""

FILE = "PROOFS.json"
PROVEN = ("slug", "variant", "entry", "title", "statement", "starter", "reference", "subtasks", "cases", "hints")
RARE = ("language", "checks")
"""What a proof looks at; a challenge's difficulty or minutes may change without a new one."""

Evidence = Mapping[str, float]


def named(challenge: Challenge) -> str:
    """`slug`, or `slug/variant` of a filled-in template."""
    return f"{challenge.slug}/{challenge.variant}" if challenge.variant else challenge.slug


def digest(challenge: Challenge) -> str:
    """SHA-256 of all that a proof of this (instantiated) challenge looks at.

    What is left at its default does not count: a new kind of case leaves the proofs of those that do not use it.
    """
    whole = {name: getattr(challenge, name) for name in PROVEN} | _told(challenge, RARE)
    whole["subtasks"] = [asdict(subtask) for subtask in challenge.subtasks]
    whole["cases"] = [_told(case) for case in challenge.cases]
    content = json.dumps(whole, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def _told(whole: Case | Challenge, only: Collection[str] = ()) -> dict[str, object]:
    """Fields and values, without those at their default."""
    return {
        field.name: value
        for field in fields(whole)
        if not only or field.name in only
        if (value := getattr(whole, field.name)) != _default(field)
    }


def _default(field: Field[Any]) -> object:
    return field.default if field.default_factory is MISSING else field.default_factory()


@dataclass(frozen=True, slots=True)
class Entry:
    digest: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Ledger:
    """`entries`: by challenge and variant (`named`)."""

    entries: Mapping[str, Entry]

    def evidence(self, challenge: Challenge) -> Evidence | None:
        """The figures of the proof of exactly this challenge; None where there is none, or it has changed since."""
        entry = self.entries.get(named(challenge))
        return entry.evidence if entry is not None and entry.digest == digest(challenge) else None

    def with_proofs(self, proven: Iterable[tuple[Challenge, Evidence]]) -> Ledger:
        return Ledger({**self.entries, **{named(c): Entry(digest(c), evidence) for c, evidence in proven}})

    def only(self, names: Iterable[str]) -> Ledger:
        """Without entries of challenges that are no more."""
        return Ledger({name: self.entries[name] for name in names if name in self.entries})

    def write(self, root: Path) -> None:
        proofs = {name: asdict(entry) for name, entry in sorted(self.entries.items())}
        text = json.dumps({"bar": BAR, "proofs": proofs}, indent=1, sort_keys=True, ensure_ascii=False)
        (root / FILE).write_text(text + "\n", encoding="utf-8")


def read(root: Path) -> Ledger:
    """The proofs of the curriculum under `root`; none where there is no file, or it is of another bar.

    Raises InvalidInput for a file that is not of this form.
    """
    path = root / FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["bar"] != BAR:
            return Ledger({})
        entries = {
            name: Entry(proof["digest"], {key: float(value) for key, value in proof["evidence"].items()})
            for name, proof in content["proofs"].items()
        }
    except FileNotFoundError:
        return Ledger({})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput(
            f"{FILE} is not of its form: {error}", hint="`goals verify courses --write` writes it"
        ) from error
    return Ledger(entries)


@cache
def built_in() -> Ledger:
    """The proofs of the built-in courses, read once in a process."""
    from shared.curriculum.reading import BUILT_IN  # here: whoever reads another root needs no pydantic

    return read(BUILT_IN)
