"""Goals and their runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic_core import to_json

from functions.api import presenting
from functions.api.ingest import RUN, not_yours
from functions.api.models.goals import (
    FeedbackView,
    GoalDetail,
    Goals,
    RunAccepted,
    RunCancelled,
    RunCase,
    RunEnd,
    RunHistory,
    RunOrder,
    RunPrinted,
    RunProblem,
    RunQueued,
)
from functions.api.problems import documented, spoken
from functions.api.run import Run
from functions.api.run import spoken as told
from functions.api.services import Caller, Here
from functions.courses import lookup
from shared.auth.tokens import Claims
from shared.curriculum import text
from shared.errors import NotFound
from shared.planning.bounds import swaps_to_ask
from shared.readmodel import View
from shared.readmodel.challenges import challenge_of
from shared.readmodel.rows import Goal
from shared.refusals import say
from shared.spoken import Words
from shared.store import log, payloads

router = APIRouter(prefix="/v1/goals", tags=["goals"])
runs_router = APIRouter(prefix="/v1/runs", tags=["goals"])
GoalId = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9._:-]+$", description="The goal's id.")]
NDJSON = "application/x-ndjson"
FRAMES = (RunAccepted, RunQueued, RunPrinted, RunCase, RunEnd, RunCancelled, RunProblem)


def own(view: View, claims: Claims, goal: str) -> Goal:
    """Another learner's goal is simply not there. Raises NotFound."""
    row = view.goal(goal)
    if row is None or row.learner != claims.learner:
        raise not_yours(goal)
    return row


@router.get("", operation_id="goals", responses=documented(401))
def goals(
    here: Here,
    claims: Caller,
    all: Annotated[bool, Query(description="Of every day.")] = False,  # noqa: A002
) -> Goals:
    """Today's goals in the learner's own calendar, and those of earlier days that are being worked on."""
    with here.view() as view:
        learner = here.present(view, claims)
        today = here.today(learner)
        rows = view.goals_of(claims.learner, since=date.min)
        chosen = rows if all else presenting.todays(rows, today)
        shown = [presenting.goal(row, here.title(view, row, learner)) for row in chosen]
    return Goals(day=today, goals=shown, swaps_left=swaps_to_ask(rows, today, learner.timezone))


@router.get("/{goal}", operation_id="goal", responses=documented(401, 404))
def goal(here: Here, claims: Caller, goal: GoalId) -> GoalDetail:
    """One goal with all an editor needs to open it, in the learner's language."""
    with here.connection() as conn:
        view = View(conn)
        learner = here.present(view, claims)
        row = own(view, claims, goal)
        feedback = view.feedback_of(goal)
        runs = view.runs_of(goal, limit=5)
        texts = payloads.texts(conn, claims.learner, [run.report for run in runs])
        hints = log.stream_of(conn, f"goal/{goal}", "goals.hint.given") if row.hints else []
        challenge = challenge_of(view, here.curriculum, row)
        place = lookup.place_of(view, here.curriculum, row, challenge) if challenge else None
    if challenge is None or place is None:
        raise NotFound(say("no_challenge", challenge=row.challenge))
    return GoalDetail(
        **presenting.goal(row, text(challenge.title, learner.language)).model_dump(exclude={"total"}),
        total=len(challenge.cases),
        language=challenge.language,
        statement=text(challenge.statement, learner.language),
        entry=challenge.entry,
        starter=challenge.starter,
        subtasks=presenting.subtasks(challenge, learner.language),
        cases=[presenting.case(case, challenge.language) for case in challenge.visible_cases],
        hidden_cases=len(challenge.cases) - len(challenge.visible_cases),
        page=presenting.page_link(place, goal),
        feedback=[FeedbackView(run=f.run, text=f.text, cause=f.cause, at=f.at) for f in feedback],
        rungs=presenting.rungs(hints),
        history=[presenting.run(run, texts, with_code=False) for run in runs],
    )


@router.get("/{goal}/runs", operation_id="runs", responses=documented(401, 404))
def runs(here: Here, claims: Caller, goal: GoalId, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> RunHistory:
    """The runs of a goal with their code, newest first."""
    with here.connection() as conn:
        view = View(conn)
        here.present(view, claims)
        own(view, claims, goal)
        rows = view.runs_of(goal, limit=limit)
        texts = payloads.texts(conn, claims.learner, [ref for run in rows for ref in (run.code, run.report)])
    return RunHistory(runs=[presenting.run(run, texts, with_code=True) for run in rows])


@router.post(
    "/{goal}/runs",
    operation_id="run",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "A line of JSON each: accepted, queued…, printed…, case…, at last finished "
            "(or cancelled, or problem).",
            "content": {
                NDJSON: {"schema": {"oneOf": [{"$ref": f"#/components/schemas/{m.__name__}"} for m in FRAMES]}}
            },
        },
        **documented(401, 403, 404, 409),
    },
)
async def run(here: Here, claims: Caller, goal: GoalId, order: RunOrder, asked: Request) -> StreamingResponse:
    """Runs code and streams each case's result the moment it exists.

    The run is recorded whether or not the caller stays. Sending the same `id` again joins it, or tells it again.
    """
    request = here.ingest.check(
        {
            "specversion": "1.0",
            "id": order.id,
            "type": RUN,
            "data": {"goal": goal, "code": order.code, "purpose": order.purpose},
        },
        claims,
        run=True,
    )
    started, _ = await run_in_threadpool(here.runs.begin, claims, request)
    lines = _lines(started, await spoken(asked, ask=False))
    return StreamingResponse(lines, media_type=NDJSON, headers={"X-Accel-Buffering": "no"})


async def _lines(run: Run, language: Words) -> AsyncIterator[bytes]:
    async for frame in run.follow():
        yield to_json(told(frame, language), inf_nan_mode="strings") + b"\n"


@runs_router.delete("/{run}", operation_id="cancel_run", responses=documented(401, 404, 409))
def cancel(
    here: Here, claims: Caller, run: Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9._:/@-]+$")]
) -> RunCancelled:
    """Ends a run at once, waiting or running. `run`: its id, or the id it was asked for with.

    It counts nowhere and uses no quota. Cancelled again, the answer is the same; a run that is over is a 409.
    """
    frame, _ = here.runs.cancel(claims.learner, run)
    return RunCancelled(**frame)
