"""Each learner's own copy: their attempts, evaluations, mastery, goals, days and mood as Parquet, for their own disk.

`datasets.py` says what is in it (the contract with the desktop app: `docs/lake.md`), `making.py` keeps it up to date in
the object store, `telling.py` says what of it has changed.
"""
