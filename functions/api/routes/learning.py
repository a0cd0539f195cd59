"""How the learner stands: plan, progress, mastery, courses, pages, the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import PlainTextResponse

from functions.api import presenting
from functions.api.models.learning import (
    Courses,
    Daily,
    DayOfWork,
    MasteryWhy,
    PlanView,
    Progress,
    Retention,
    Stats,
    Streak,
    Worked,
)
from functions.api.problems import documented
from functions.api.recalling import Attempt, recall
from functions.api.routes.goals import own
from functions.api.services import SQL, Caller, Here
from functions.courses import lookup
from shared.errors import NotFound
from shared.planning.rests import rest_days
from shared.readmodel import View
from shared.readmodel.rows import Learner, Rest
from shared.refusals import say
from shared.store import log
from shared.store.connect import Connection

router = APIRouter(prefix="/v1", tags=["learning"])
Concept = Annotated[str, Path(max_length=80, pattern=r"^[a-z0-9-]+$", description="The concept's name.")]
GoalQuery = Annotated[str | None, Query(max_length=64, pattern=r"^[A-Za-z0-9._:-]+$")]
SHOWN_DAYS = 126
"""As many as eighteen weeks have, which clients draw as a calendar."""


def activity(conn: Connection, learner: str, zone: str) -> list[DayOfWork]:
    rows = View(conn).days_of_work(learner, zone)
    return [DayOfWork(day=day, runs=runs, solved=solved) for day, runs, solved in rows]


def typed(conn: Connection, learner: str, zone: str) -> dict[date, float]:
    """Seconds spent on goals, by day."""
    return dict(conn.execute(SQL["time_spent"], {"learner": learner, "zone": zone}).fetchall())


def of_late(days: Sequence[DayOfWork], seconds: Mapping[date, float], today: date) -> list[DayOfWork]:
    """The last days, with the time spent, also where nothing was run."""
    worked = {day.day: day for day in days}
    idle = (day for day, spent in seconds.items() if day not in worked and _minutes(spent))
    shown = sorted({*worked, *idle})
    return [
        worked.get(day, DayOfWork(day=day, runs=0, solved=0)).model_copy(
            update={"minutes": _minutes(seconds.get(day, 0.0))}
        )
        for day in shown
        if day > today - timedelta(days=SHOWN_DAYS)
    ]


def total(conn: Connection, learner: str, days: Sequence[DayOfWork], seconds: Mapping[date, float]) -> Worked:
    row = conn.execute(SQL["goals_solved"], [learner]).fetchone()
    return Worked(
        days=len(days),
        runs=sum(day.runs for day in days),
        solved=row[0] if row else 0,
        minutes=_minutes(sum(seconds.values())),
    )


def _minutes(seconds: float) -> int:
    return round(seconds / 60)


def retention(conn: Connection, learner: str) -> Retention | None:
    row = conn.execute(SQL["retention"], [learner]).fetchone()
    return Retention(reviews=row[0]["reviews"], recalled=row[0]["recalled"]) if row and row[0]["reviews"] else None


@router.get("/plan", operation_id="plan", responses=documented(401, 404))
def plan(here: Here, claims: Caller) -> PlanView:
    """The present plan, each goal with its reason."""
    with here.view() as view:
        learner = here.present(view, claims)
        row = view.plan_of(claims.learner)
    if row is None:
        raise NotFound(say("no_plan"))
    return presenting.plan(row, here.curriculum, learner.language)


@router.get("/progress", operation_id="progress", responses=documented(401))
def progress(here: Here, claims: Caller) -> Progress:
    """Mastery with its evidence, streak, days of work with their minutes, reviews and what was kept of them."""
    with here.connection() as conn:
        view = View(conn)
        learner = here.present(view, claims)
        mastery, reviews = view.mastery_of(claims.learner), view.reviews_of(claims.learner)
        days = activity(conn, claims.learner, learner.timezone)
        rests = view.rests_of(claims.learner)
        seconds = typed(conn, claims.learner, learner.timezone)
        worked = total(conn, claims.learner, days, seconds)
        kept = retention(conn, claims.learner)
        attempts = [Attempt(*row) for row in conn.execute(SQL["attempts"], [claims.learner])]
    today, language = here.today(learner), learner.language
    return Progress(
        mastery=[presenting.mastery(m, here.curriculum, language) for m in mastery.values()],
        streak=_streak(learner, days, today, rests),
        days=of_late(days, seconds, today),
        total=worked,
        reviews=[presenting.review(r, here.curriculum, language, here.clock()) for r in reviews],
        retention=kept,
        recall=recall(attempts),
    )


@router.get("/mastery/{concept}", operation_id="mastery_why", responses=documented(401, 404))
def mastery(here: Here, claims: Caller, concept: Concept) -> MasteryWhy:
    """Why a mastery figure is what it is: the evaluations it rests on. Doubt it with `goals.mastery.questioned`."""
    with here.connection() as conn:
        view = View(conn)
        learner = here.present(view, claims)
        row = view.mastery_of(claims.learner).get(concept)
        if row is None:
            raise NotFound(say("no_mastery", concept=concept))
        evidence = log.of_ids(conn, claims.learner, row.evidence)
    shown = presenting.mastery(row, here.curriculum, learner.language)
    return MasteryWhy(**shown.model_dump(), events=[presenting.event_view(e) for e in evidence])


@router.get("/courses", operation_id="courses", responses=documented(401))
def courses(here: Here, claims: Caller) -> Courses:
    """Every course with its concepts, and how far the learner is in each."""
    with here.view() as view:
        learner = here.present(view, claims)
        states = {e.course: e.state for e in view.enrolments(claims.learner)}
        contract = view.contract_of(claims.learner)
        shown = view.mastery_of(claims.learner)
    covered = contract.terms.courses if contract else ()
    return Courses(
        version=here.curriculum.version,
        courses=[
            presenting.course(
                c,
                here.curriculum,
                learner.language,
                state=states.get(c.slug),
                covered=contract is not None and (not covered or c.slug in covered),
                shown=shown,
            )
            for c in here.curriculum.courses.values()
        ],
    )


@router.get(
    "/lessons/{concept}",
    operation_id="lesson",
    response_class=PlainTextResponse,
    responses={
        200: {"description": "Markdown.", "content": {"text/markdown": {"schema": {"type": "string"}}}},
        **documented(401, 404),
    },
)
def lesson(here: Here, claims: Caller, concept: Concept, goal: GoalQuery = None) -> Response:
    """The page that explains a concept, in the learner's language; with `goal`, for the work on that goal."""
    with here.view() as view:
        learner = here.present(view, claims)
        if goal is not None:
            own(view, claims, goal)
        page = lookup.page(
            view, here.curriculum, learner=claims.learner, language=learner.language, concept=concept, goal=goal
        )
    return Response(page, media_type="text/markdown; charset=utf-8", headers={"Content-Language": learner.language})


@router.get(
    "/daily",
    operation_id="daily",
    response_model=Daily,
    responses={304: {"description": "Nothing has changed since the ETag sent in If-None-Match."}, **documented(401)},
)
def daily(here: Here, claims: Caller, request: Request, response: Response) -> Daily | Response:
    """The day in one answer: goals, plan, streak, figures. For clients that ask now and then: it has an ETag."""
    with here.connection() as conn:
        view = View(conn)
        learner = here.present(view, claims)
        now, today = here.clock(), here.today(learner)
        reviews = view.reviews_of(claims.learner)
        due = sum(r.due <= now for r in reviews)  # that moves with time alone
        tag = f'W/"{log.head_of(conn, claims.learner)}-{today}-{due}-{here.curriculum.version}"'
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "private, no-cache"})
        goals = presenting.todays(view.goals_of(claims.learner, since=today - timedelta(days=60)), today)
        row = view.plan_of(claims.learner)
        days = activity(conn, claims.learner, learner.timezone)
        rests = view.rests_of(claims.learner)
        shown = [presenting.goal(g, here.title(view, g, learner)) for g in goals]
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return Daily(
        day=today,
        goals=shown,
        plan=presenting.plan(row, here.curriculum, learner.language) if row else None,
        streak=_streak(learner, days, today, rests),
        stats=_stats(days, today, row.minutes if row else 0, due),
    )


def _streak(learner: Learner, days: Sequence[DayOfWork], today: date, rests: Sequence[Rest]) -> Streak:
    first = days[0].day if days else today
    return presenting.streak(days, today, learner.days_off, rest_days(rests, first, today, learner.timezone))


def _stats(days: Sequence[DayOfWork], today: date, minutes: int, due: int) -> Stats:
    day = next((d for d in reversed(days) if d.day == today), None)
    return Stats(runs=day.runs if day else 0, solved=day.solved if day else 0, minutes_planned=minutes, reviews_due=due)
