"""Reading files of several schema versions as one table: a column that a file lacks is empty, a narrower one widened.

Nothing is ever rewritten for a schema's sake.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from shared.lake.columns import SCHEMA, widened
from shared.lake.errors import Damaged, ObjectGone
from shared.lake.manifest import LakeFile
from shared.lake.objects import ObjectStore

BATCH = 16_384


def union(schemas: Iterable[pa.Schema]) -> pa.Schema:
    """Every column of any, in the order they first appear, each in the type that holds all. Raises Damaged where two
    do not fit together, which no version of ours wrote."""
    found: dict[str, pa.DataType] = {}
    for schema in schemas:
        for field in schema:
            known = found.get(field.name, field.type)
            if pa.types.is_null(known) or pa.types.is_null(field.type):
                kind: pa.DataType | None = field.type if pa.types.is_null(known) else known
            else:
                kind = known if known.equals(field.type) else widened(known, field.type)
            if kind is None:
                raise Damaged(f"column {field.name!r} is {known} in one file and {field.type} in another")
            found[field.name] = kind
    return pa.schema(list(found.items()))


def fitted(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """`table` with the columns of `schema`."""
    columns = [
        table[field.name].cast(field.type) if field.name in table.schema.names else pa.nulls(table.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def opened(path: Path, *, sha256: str | None = None) -> pq.ParquetFile:
    """Checks the file before anybody trusts it. Raises Damaged."""
    if sha256 is not None and digest(path) != sha256:
        raise Damaged(f"{path.name} is not what was written: its checksum differs", hint="fetch it again")
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise Damaged(f"{path.name} is no whole Parquet file: {error}", hint="fetch it again") from error
    version = (file.metadata.metadata or {}).get(b"goals.schema", b"1")
    if int(version) > SCHEMA:
        file.close()
        raise Damaged(f"{path.name} is of schema {int(version)}; this reader knows {SCHEMA}", hint="update it")
    return file


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def holds(objects: ObjectStore, key: str, sha256: str) -> bool:
    """Whether the object is there, and is what was written. Raises the other errors of `objects`."""
    with tempfile.TemporaryDirectory(prefix="goals-lake-") as folder:
        path = Path(folder) / "file.parquet"
        try:
            objects.fetch(key, path)
        except ObjectGone:
            return False
        return digest(path) == sha256


def tables(objects: ObjectStore, files: Iterable[LakeFile], columns: list[str] | None = None) -> Iterator[pa.Table]:
    """The rows of each file, a piece at a time. Raises Damaged with the file's key, of one that is gone as well, and
    the other errors of `objects`."""
    with tempfile.TemporaryDirectory(prefix="goals-lake-") as folder:
        for file in files:
            path = Path(folder) / "file.parquet"
            try:
                objects.fetch(file.key, path)
                with opened(path, sha256=file.sha256) as parquet:
                    wanted = [c for c in columns if c in parquet.schema_arrow.names] if columns else None
                    for batch in parquet.iter_batches(BATCH, columns=wanted):
                        yield pa.Table.from_batches([batch])
            except (Damaged, ObjectGone) as error:
                raise Damaged(f"{file.key}: {error.detail}", hint=error.hint, key=file.key) from error
            except (pa.ArrowException, OSError) as error:
                raise Damaged(f"{file.key} cannot be read: {error}", key=file.key) from error
