"""What goes wrong with a lake.

Unavailable (503: wait, then go on where it stood)
├── LakeAway           the object store does not answer
├── LakeRefused        wrong or expired credentials, or a clock too far off: an operator has to mend it
├── BucketGone         the bucket or folder is not there (any more)
└── LakeFull           no space left
NotFound
└── ObjectGone         there is no such object
Conflict
└── AlreadyThere       a conditional PUT found the name taken
GoalsError
└── Damaged            a Parquet file that is cut off or altered: its checksum or its footer does not hold
"""

from __future__ import annotations

from shared.errors import Conflict, GoalsError, NotFound, Unavailable


class LakeAway(Unavailable):
    title = "Object store away"


class LakeRefused(Unavailable):
    title = "Object store refuses"


class BucketGone(Unavailable):
    title = "No such bucket"


class LakeFull(Unavailable):
    title = "No space left in the lake"


class ObjectGone(NotFound):
    title = "No such object"


class AlreadyThere(Conflict):
    title = "The name is taken"


class Damaged(GoalsError):
    """`key`: of which file of the manifest, where it is one: `mending.py` can write it anew."""

    title = "Damaged file"

    def __init__(self, detail: str, *, hint: str | None = None, key: str | None = None) -> None:
        super().__init__(detail, hint=hint)
        self.key = key
