"""The learner's own copy of their data, for the desktop app, editors and `goals lake sync`."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import FileResponse

from functions.api.models.lake import CopyFile, CopyManifest, CopyPart
from functions.api.problems import documented
from functions.api.services import Caller, Here
from shared.errors import NotFound
from shared.lake.copies.datasets import SCHEMA
from shared.lake.copies.telling import path_of, tell
from shared.lake.objects.local import LocalObjects
from shared.readmodel import View
from shared.refusals import say

router = APIRouter(prefix="/v1/lake", tags=["lake"])
PARQUET = "application/vnd.apache.parquet"
MINUTES = 15
"""How long the addresses of a manifest hold: longer than one file takes on a slow line. One that has expired is asked
for again with the manifest."""
CACHING = "private, no-cache"


@router.get(
    "/manifest",
    operation_id="lake_manifest",
    response_model=CopyManifest,
    responses={304: {"description": "Nothing has changed since the ETag sent in If-None-Match."}, **documented(401)},
)
def manifest(
    here: Here,
    claims: Caller,
    request: Request,
    response: Response,
    after: Annotated[int, Query(ge=0, lt=2**63, description="`change` of the copy you have; 0: you have none.")] = 0,
) -> CopyManifest | Response:
    """What of the caller's copy has changed, with an address for each file. It follows the log by half a minute."""
    with here.connection() as conn:
        learner = here.present(View(conn), claims)
        told = tell(conn, claims.learner, after)
    tag = f'W/"{SCHEMA}-{told.change}-{told.position}"'  # of the copy, whatever the cursor
    headers = {"ETag": tag, "Cache-Control": CACHING}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    objects = here.lake()
    return CopyManifest(
        schema=SCHEMA,
        learner=claims.learner,
        timezone=learner.timezone,
        change=told.change,
        position=told.position,
        whole=told.whole,
        files=[
            CopyFile(
                dataset=p.dataset,
                part=p.part,
                path=path_of(p),
                rows=p.rows,
                bytes=p.bytes,
                sha256=p.sha256,
                url=objects.presigned(str(p.key), MINUTES * 60),
            )
            for p in told.files
        ],
        gone=[CopyPart(dataset=p.dataset, part=p.part) for p in told.gone],
        digest=told.digest,
        expires=here.clock() + timedelta(minutes=MINUTES),
    )


@router.get(
    "/files/{key:path}",
    operation_id="lake_file",
    response_class=FileResponse,
    responses={
        200: {"description": "The file.", "content": {PARQUET: {"schema": {"type": "string", "format": "binary"}}}},
        206: {"description": "The part asked for with `Range`.", "content": {PARQUET: {}}},
        **documented(403, 404),
    },
)
def file(
    here: Here,
    key: Annotated[str, Path(max_length=900)],
    expires: Annotated[int, Query(ge=0, lt=2**53)],
    signature: Annotated[str, Query(pattern="^[0-9a-f]{64}$")],
) -> FileResponse:
    """Where the lake is a folder: the file behind an address of the manifest. It needs no token; the address is signed,
    for this one file and a quarter of an hour."""
    objects = here.lake()
    if not isinstance(objects, LocalObjects):
        raise NotFound(say("files_elsewhere"))
    return FileResponse(objects.opened(key, expires, signature), media_type=PARQUET)
