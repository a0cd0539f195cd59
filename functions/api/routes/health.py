"""Probes, as Knative and Kubernetes ask them."""

from __future__ import annotations

from fastapi import APIRouter

from functions.api.models.operating import Health
from functions.api.problems import documented
from functions.api.services import Here

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/liveness", operation_id="liveness", responses=documented())
async def liveness() -> Health:
    """The process answers."""
    return Health()


@router.get("/readiness", operation_id="readiness", responses=documented())
def readiness(here: Here) -> Health:
    """The store answers. Without Redis and broker the API works on: nothing is lost, some things come later."""
    with here.pool.connection(timeout=2) as conn:
        conn.execute("SELECT 1")
    return Health()
