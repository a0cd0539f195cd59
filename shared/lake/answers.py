"""First answers of all learners, out of the lake: what the difficulty of challenges is measured by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from shared.lake import manifest
from shared.lake.manifest import SQL, LakeFile
from shared.lake.objects import ObjectStore
from shared.lake.reading import fields
from shared.lake.spanning import tables
from shared.learner.difficulty import Answers
from shared.store.connect import Connection

Rows = npt.NDArray[np.int64]
KEPT = 500_000
"""Answers in memory before those that are no first ones leave it."""
DAYS_A_MONTH = 30
WANTED = ["type", "id", "subject", "goal", "challenge", "purpose", "correct", "time", "data"]


def first_answers(conn: Connection, objects: ObjectStore, versions: Mapping[str, int], since: date) -> Answers:
    """The first submission of each learner to each challenge of `versions` in that version, since that day: right if
    every case passed unassisted. Those that were withdrawn count no more, and nobody who was erased.

    One file at a time is on this disk. Raises Damaged, and the errors of `objects`.
    """
    goals = _goals(objects, manifest.files(conn, ["goal"], since=since), versions)
    files = manifest.files(conn, ["evaluation"], since=since)
    withdrawn = _column(objects, files, "goals.evaluation.withdrawn", "evaluation")
    slugs = {slug: place for place, slug in enumerate(versions)}
    learners: dict[str, int] = {}
    kept = np.empty((0, 4), np.int64)
    for piece in _submitted(objects, files, pa.array(list(slugs), pa.string())):
        told = piece.filter(pc.and_(pc.is_in(piece["goal"], goals), pc.invert(pc.is_in(piece["id"], withdrawn))))
        kept = np.concatenate([kept, _numbers(told, learners, slugs)])
        if len(kept) > KEPT:
            kept = _firsts(kept)
    kept = _firsts(kept)
    gone = {row[0] for row in conn.execute(SQL["of_these_erased"], [list(learners)])}
    kept = kept[~np.isin(kept[:, 0], [learners[who] for who in gone])]
    months = kept[:, 2] // (DAYS_A_MONTH * 86_400_000_000)
    return Answers(learner=kept[:, 0], month=months, challenge=kept[:, 1], right=kept[:, 3].astype(bool))


def _goals(objects: ObjectStore, files: list[LakeFile], versions: Mapping[str, int]) -> pa.Array:
    """Ids of the goals that were given a challenge in its present version."""
    known = pa.array([f"{slug} {version}" for slug, version in versions.items()], pa.string())
    found = []
    for piece in tables(objects, files, ["type", "goal", "challenge", "challenge_version"]):
        some = piece.filter(pc.equal(piece["type"], "goals.goal.assigned"))
        told = pc.binary_join_element_wise(some["challenge"], some["challenge_version"].cast(pa.string()), " ")
        found.append(some["goal"].filter(pc.is_in(told, known)))
    return _joined(found)


def _column(objects: ObjectStore, files: list[LakeFile], type_: str, name: str) -> pa.Array:
    """Files that were written before the catalogue had the column have nothing of it."""
    pieces = (piece for piece in tables(objects, files, ["type", name]) if name in piece.schema.names)
    return _joined([piece[name].filter(pc.equal(piece["type"], type_)) for piece in pieces])


def _joined(found: list[pa.ChunkedArray]) -> pa.Array:
    return pa.chunked_array([chunk for some in found for chunk in some.chunks], pa.string()).combine_chunks()


def _submitted(objects: ObjectStore, files: list[LakeFile], slugs: pa.Array) -> Iterator[pa.Table]:
    for piece in tables(objects, files, WANTED):
        rows = pc.and_(pc.equal(piece["type"], "goals.evaluation.recorded"), pc.equal(piece["purpose"], "submit"))
        some = piece.filter(pc.and_(rows, pc.is_in(piece["challenge"], slugs)))
        if some.num_rows:
            alone = pc.invert(fields(some["data"].combine_chunks(), {"assisted": pa.bool_()})["assisted"])
            yield some.append_column("right", pc.and_(some["correct"], alone)).drop_columns(["data"])


def _numbers(told: pa.Table, learners: dict[str, int], slugs: Mapping[str, int]) -> Rows:
    """Rows of (learner, challenge, time in µs, right)."""
    who = told["subject"].combine_chunks().dictionary_encode()
    what = told["challenge"].combine_chunks().dictionary_encode()
    people = np.array([learners.setdefault(name, len(learners)) for name in who.dictionary.to_pylist()], np.int64)
    places = np.array([slugs[name] for name in what.dictionary.to_pylist()], np.int64)
    columns = [
        people[who.indices.to_numpy()],
        places[what.indices.to_numpy()],
        told["time"].cast(pa.int64()).to_numpy(),
        told["right"].cast(pa.int64()).to_numpy(),
    ]
    return np.stack(columns, axis=1)


def _firsts(rows: Rows) -> Rows:
    """Of each learner and challenge the earliest."""
    ordered = rows[np.lexsort((rows[:, 2], rows[:, 1], rows[:, 0]))]
    new = np.ones(len(ordered), bool)
    new[1:] = (ordered[1:, :2] != ordered[:-1, :2]).any(axis=1)
    return ordered[new]
