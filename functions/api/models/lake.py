"""The learner's own copy of their data."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from functions.api.models.base import Model


class CopyPart(Model):
    """A part of a dataset, which is a file: `dataset` `attempts`, `part` `2026-11`."""

    dataset: str
    part: str


class CopyFile(CopyPart):
    """`path`: its place within the copy; never used again for other content. `url`: GET it without a token until the
    manifest's `expires`; `Range` is possible."""

    path: str
    rows: int
    bytes: int
    sha256: str
    url: str


class CopyManifest(Model):
    """What to fetch and to drop. Afterwards the copy is at `change`, and `after=change` asks for what is new."""

    schema_: int = Field(alias="schema", description="Of the datasets, as docs/lake.md describes them.")
    learner: str
    timezone: str = Field(description="IANA name: whose days the column `day` counts.")
    change: int = Field(description="The cursor.")
    position: int = Field(description="The copy tells of every event up to this `sequence`.")
    whole: bool = Field(description="`files` is all there is: what else you have is to be dropped.")
    files: list[CopyFile]
    gone: list[CopyPart] = Field(description="Parts that have ended: drop them at once.")
    digest: str = Field(description="SHA-256 over `path sha256\\n` of each file of the whole copy, ordered by path.")
    expires: datetime = Field(description="Of the addresses.")
