"""Objects in a bucket of any server that speaks S3 (MinIO, Ceph, AWS), by the `minio` client.

The client has no conditional PUT, so a PUT goes to a presigned address with `If-None-Match: *` (RFC 9110, section
13.1.2), which the server answers with 412 where the name is taken.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path

import urllib3
from minio import Minio
from minio.error import InvalidResponseError, S3Error, ServerError
from urllib3.exceptions import HTTPError

from shared.errors import GoalsError
from shared.lake.errors import AlreadyThere, BucketGone, LakeAway, LakeFull, LakeRefused, ObjectGone
from shared.lake.objects.port import Stat, valid

_CODE = re.compile(r"<Code>(\w+)</Code>")
REFUSED = {
    "AccessDenied",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "RequestTimeTooSkewed",
    "ExpiredToken",
    "InvalidToken",
    "AccountProblem",
    "AuthorizationHeaderMalformed",
}
GONE = {"NoSuchKey", "NoSuchObject", "NoSuchVersion"}
FULL = {"QuotaExceeded", "XMinioStorageFull", "InsufficientCapacity", "EntityTooLarge"}


@dataclass(frozen=True)
class S3Address:
    """`endpoint`: `http://host:port`; `public`: the same server as clients reach it, where that differs."""

    endpoint: str
    bucket: str
    access_key: str
    secret_key: str
    region: str = "us-east-1"
    public: str | None = None


class S3Objects:
    """The bucket must exist: it is made by who operates the store (`make_bucket` for our own systems)."""

    def __init__(self, address: S3Address) -> None:
        self.bucket = address.bucket
        self._http = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=3.0, read=30.0),
            retries=urllib3.Retry(total=1, backoff_factor=0.2),
            maxsize=8,
        )
        self._client = _client(address, address.endpoint, self._http)
        self._public = _client(address, address.public, self._http) if address.public else self._client

    def make_bucket(self) -> None:
        """Repeatable."""
        with _told(self.bucket):
            if not self._client.bucket_exists(bucket_name=self.bucket):
                self._client.make_bucket(bucket_name=self.bucket)

    def put_new(self, key: str, body: bytes | Path) -> str:
        with _told(key):
            url = self._client.get_presigned_url(
                "PUT", bucket_name=self.bucket, object_name=valid(key), expires=timedelta(minutes=15)
            )
            headers = {"If-None-Match": "*", "Content-MD5": _md5(body), "Content-Length": str(_size(body))}
            if isinstance(body, bytes):
                answer = self._http.request("PUT", url, body=body, headers=headers, retries=False)
            else:
                with body.open("rb") as file:
                    answer = self._http.request("PUT", url, body=file, headers=headers, retries=False)
        if answer.status == 200:
            return str(answer.headers.get("ETag", "")).strip('"')
        code = _CODE.search(answer.data.decode("utf-8", "replace"))
        raise _error(code[1] if code else "", answer.status, key)

    def get(self, key: str) -> bytes:
        with _told(key):
            answer = self._client.get_object(bucket_name=self.bucket, object_name=valid(key))
            try:
                return bytes(answer.read())
            finally:
                answer.close()
                answer.release_conn()

    def fetch(self, key: str, into: Path) -> None:
        with _told(key):
            answer = self._client.get_object(bucket_name=self.bucket, object_name=valid(key))
            try:
                with into.open("wb") as file:
                    for piece in answer.stream(1 << 20):
                        file.write(piece)
            finally:
                answer.close()
                answer.release_conn()

    def stat(self, key: str) -> Stat:
        with _told(key):
            found = self._client.stat_object(bucket_name=self.bucket, object_name=valid(key))
        assert found.last_modified is not None  # noqa: S101  a HEAD of S3 always carries it; for the type checker
        return Stat(key, found.size or 0, (found.etag or "").strip('"'), found.last_modified.astimezone(UTC))

    def delete(self, key: str) -> None:
        with _told(key):
            self._client.remove_object(bucket_name=self.bucket, object_name=valid(key))

    def keys(self, prefix: str) -> Iterator[Stat]:
        with _told(prefix):
            for found in self._client.list_objects(bucket_name=self.bucket, prefix=prefix, recursive=True):
                name, changed = found.object_name, found.last_modified
                if name and changed:
                    yield Stat(name, found.size or 0, (found.etag or "").strip('"'), changed.astimezone(UTC))

    def presigned(self, key: str, seconds: int) -> str:
        with _told(key):
            return self._public.get_presigned_url(
                "GET", bucket_name=self.bucket, object_name=valid(key), expires=timedelta(seconds=seconds)
            )

    def ready(self) -> bool:
        try:
            with _told(self.bucket):
                return bool(self._client.bucket_exists(bucket_name=self.bucket))
        except GoalsError:
            return False


def _client(address: S3Address, endpoint: str, http: urllib3.PoolManager) -> Minio:
    scheme, _, host = endpoint.rstrip("/").rpartition("://")
    return Minio(
        endpoint=host,
        access_key=address.access_key,
        secret_key=address.secret_key,
        secure=scheme != "http",
        region=address.region,
        http_client=http,
    )


def _size(body: bytes | Path) -> int:
    return len(body) if isinstance(body, bytes) else body.stat().st_size


def _md5(body: bytes | Path) -> str:
    """Content-MD5: the server refuses a body that was altered on the way. No secret rests on it."""
    digest = hashlib.md5(usedforsecurity=False)
    if isinstance(body, bytes):
        digest.update(body)
    else:
        with body.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    return base64.b64encode(digest.digest()).decode()


def _error(code: str, status: int, key: str) -> GoalsError:
    """What an S3 error code (or, where a HEAD carries none, its status) means for us."""
    if status == 412 or code in ("PreconditionFailed", "ConditionalRequestConflict"):
        return AlreadyThere(f"{key} is in the lake already")
    if code == "NoSuchBucket":
        return BucketGone(f"the bucket of {key} does not exist", hint="make it, or mend GOALS_LAKE_URL")
    if code in GONE or (status == 404 and not code):
        return ObjectGone(f"{key} is not in the lake")
    if code in REFUSED or status in (401, 403):
        return LakeRefused(f"the object store refuses: {code or status}", hint="look at the lake's keys, and the clock")
    if code in FULL or status == 507:
        return LakeFull(f"no space left for {key} ({code or status})", hint="make room in the object store")
    return LakeAway(f"the object store answers {status} {code} for {key}", hint="it is tried again")


@contextmanager
def _told(key: str) -> Iterator[None]:
    try:
        yield
    except S3Error as error:
        status = getattr(error.response, "status", 0) or 0
        raise _error(error.code or "", status, key) from error
    except ServerError as error:
        raise LakeAway(f"the object store answers {error.status_code} for {key}", hint="it is tried again") from error
    except (InvalidResponseError, HTTPError, OSError, ValueError) as error:
        if isinstance(error, ValueError) and not isinstance(error, HTTPError):
            raise LakeRefused(f"the object store cannot be asked for {key}: {error}") from error
        raise LakeAway(f"the object store does not answer for {key}: {error}", hint="it is tried again") from error
