"""The learner's own copy of their data on their disk: where it lies, how it is brought up to date, how it is read.

The contract with other programs that read it is in `docs/lake.md`. `shared/lake/copies` makes what is fetched here.
"""

from goals.copies.place import copies_home, folder_of
from goals.copies.snapshot import RECORD, File, Snapshot
from goals.copies.syncing import Synced, sync

__all__ = ["RECORD", "File", "Snapshot", "Synced", "copies_home", "folder_of", "sync"]
