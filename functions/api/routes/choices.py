"""What a learner chooses: to swap a goal, to lay things aside and take them up, to join and leave courses, to wish.

Each is an event that may as well be sent among the interactions; here it is one request with one answer.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from functions.access.agent import joins
from functions.access.lookup import subject
from functions.api import recording
from functions.api.models.choices import RestOrder, SwapOrder, Wishes, WishOrder, WishView, Word, WorkspaceOrder
from functions.api.models.learner import Recorded
from functions.api.problems import documented
from functions.api.routes.goals import GoalId
from functions.api.services import SQL, Caller, Here
from shared.curriculum import text
from shared.errors import Conflict, NotAllowed, NotFound
from shared.events.catalogue.interactions import Id
from shared.events.catalogue.learners import EnrolmentStarted, WorkspaceForgotten
from shared.ids import derived_id
from shared.readmodel import View
from shared.refusals import say
from shared.store import payloads

router = APIRouter(prefix="/v1")
CourseName = Annotated[str, Path(max_length=80, pattern=r"^[a-z0-9-]+$", description="The course's name.")]
Identity = Annotated[Id, Query(alias="id", description="The client's own, so that a repeat is one request.")]
LATELY = timedelta(days=30)


@router.post(
    "/goals/{goal}/swap", operation_id="swap_goal", status_code=202, tags=["goals"], responses=documented(401, 404, 409)
)
def swap(here: Here, claims: Caller, goal: GoalId, body: SwapOrder) -> Recorded:
    """Another goal in this one's place: of its kind and concept, never the same challenge. Three a day (429 beyond).

    The new one comes with `goals.plan.changed` and `goals.goal.assigned` a moment later."""
    data = {"goal": goal, "reason": body.reason}
    return recording.interact(here, claims, "goals.goal.swapped", data, body.id)


@router.post(
    "/goals/{goal}/pause",
    operation_id="pause_goal",
    status_code=202,
    tags=["goals"],
    responses=documented(401, 404, 409),
)
def pause(here: Here, claims: Caller, goal: GoalId, body: Word) -> Recorded:
    """Lays a goal aside. Code and runs stay."""
    return recording.interact(here, claims, "goals.goal.paused", {"goal": goal}, body.id)


@router.post(
    "/goals/{goal}/resume",
    operation_id="resume_goal",
    status_code=202,
    tags=["goals"],
    responses=documented(401, 404, 409),
)
def resume(here: Here, claims: Caller, goal: GoalId, body: Word) -> Recorded:
    """Takes up a goal that was laid aside: it is in today's plan again."""
    return recording.interact(here, claims, "goals.goal.resumed", {"goal": goal}, body.id)


@router.post(
    "/courses/{course}/enrolment",
    operation_id="join_course",
    status_code=201,
    tags=["learning"],
    responses=documented(401, 403, 404, 409),
)
def join(here: Here, claims: Caller, course: CourseName, body: Word) -> Recorded:
    """Joins a course, or comes back to one that was left. The contract must hold and cover it (403 with `reason` and
    `remedy`)."""
    if course not in here.curriculum.courses:
        raise NotFound(say("no_course", course=course))
    said = EnrolmentStarted(course=course, because="joined by the learner", by="learner")
    id_ = derived_id("joined", claims.learner, body.id)
    with here.connection() as conn:
        view = View(conn)
        learner = here.present(view, claims)
        if there := recording.known(conn, claims.learner, id_, lambda data: data == said.model_dump(mode="json")):
            return there
        states = {e.course: e.wanted for e in view.enrolments(claims.learner)}
        if states.get(course) in ("active", "completed"):
            title = text(here.curriculum.courses[course].title, learner.language)
            raise Conflict(say("in_course_already", title=title))
        verdict = joins(
            subject(view, here.curriculum, learner=claims.learner, language=learner.language, now=here.clock()), course
        )
    if not verdict.granted:
        raise NotAllowed(verdict.text, hint=verdict.remedy, reason=verdict.shown, remedy=verdict.remedy)
    return recording.record(here, said, id_, claims.learner, claims.tenant)


@router.delete(
    "/courses/{course}/enrolment",
    operation_id="leave_course",
    status_code=202,
    tags=["learning"],
    responses=documented(401, 404, 409),
)
def leave(here: Here, claims: Caller, course: CourseName, identity: Identity) -> Recorded:
    """Leaves a course. What was done in it stays, and it may be joined again."""
    return recording.interact(here, claims, "goals.enrolment.left", {"course": course}, identity)


@router.post(
    "/courses/{course}/pause",
    operation_id="pause_course",
    status_code=202,
    tags=["learning"],
    responses=documented(401, 404, 409),
)
def pause_course(here: Here, claims: Caller, course: CourseName, body: Word) -> Recorded:
    """Lays a course aside: its goals leave the plan, its reviews wait."""
    return recording.interact(here, claims, "goals.enrolment.paused", {"course": course}, body.id)


@router.post(
    "/courses/{course}/resume",
    operation_id="resume_course",
    status_code=202,
    tags=["learning"],
    responses=documented(401, 404, 409),
)
def resume_course(here: Here, claims: Caller, course: CourseName, body: Word) -> Recorded:
    """Takes a course up again, with what was begun in it."""
    return recording.interact(here, claims, "goals.enrolment.resumed", {"course": course}, body.id)


@router.post("/me/rest", operation_id="rest", status_code=202, tags=["me"], responses=documented(401, 409))
def rest(here: Here, claims: Caller, body: RestOrder) -> Recorded:
    """Days off until a day: nothing is planned, reviews wait, the streak holds, nothing is lost. Named anew, the last
    word counts."""
    data: dict[str, Any] = {"until": body.until.isoformat()}
    return recording.interact(here, claims, "goals.learning.paused", data, body.id)


@router.delete("/me/rest", operation_id="end_rest", status_code=202, tags=["me"], responses=documented(401, 409))
def end_rest(here: Here, claims: Caller, identity: Identity) -> Recorded:
    """Back before that day: today is planned at once."""
    return recording.interact(here, claims, "goals.learning.resumed", {}, identity)


@router.put(
    "/me/workspace", operation_id="see_workspace", status_code=202, tags=["me"], responses=documented(401, 403, 409)
)
def see(here: Here, claims: Caller, body: WorkspaceOrder) -> Recorded:
    """Which languages and dependencies the learner's workspace holds. Only with their consent (403 without it): the
    plan leans to what is near."""
    data = {"languages": " ".join(body.languages), "dependencies": " ".join(body.dependencies)}
    return recording.interact(here, claims, "goals.workspace.seen", data, body.id)


@router.delete("/me/workspace", operation_id="forget_workspace", tags=["me"], responses=documented(401))
def forget(here: Here, claims: Caller, identity: Identity) -> Recorded:
    """Deletes what was ever seen of the learner's workspace."""
    id_ = derived_id("workspace", claims.learner, identity)
    with here.connection() as conn:
        here.present(View(conn), claims)
        if there := recording.known(conn, claims.learner, id_, lambda _: True):
            return there
        texts = conn.execute(SQL["forget_workspace"], {"learner": claims.learner}).rowcount
    return recording.record(here, WorkspaceForgotten(texts=texts), id_, claims.learner, claims.tenant)


@router.post("/wishes", operation_id="wish", status_code=202, tags=["learning"], responses=documented(401, 409))
def wish(here: Here, claims: Caller, body: WishOrder) -> Recorded:
    """A goal of the learner's own: a concept, or words for it. `goals.wish.answered` says what becomes of it, and again
    when that changes in the next seven days."""
    data = {"text": body.text, "concept": body.concept}
    return recording.interact(here, claims, "goals.wish.stated", data, body.id)


@router.get("/wishes", operation_id="wishes", tags=["learning"], responses=documented(401))
def wishes(here: Here, claims: Caller) -> Wishes:
    """What the learner wished for, and what became of it."""
    with here.connection() as conn:
        view = View(conn)
        here.present(view, claims)
        rows = view.wishes_of(claims.learner, since=here.clock() - LATELY)
        texts = payloads.texts(conn, claims.learner, [row.text for row in rows])
    return Wishes(
        wishes=[
            WishView(
                wish=row.event,
                text=texts.get(row.text, "") if row.text else "",
                concept=row.concept,
                at=row.at,
                outcome=row.outcome,  # type: ignore[arg-type]  # pydantic checks it
                goal=row.goal,
                because=row.because,
            )
            for row in reversed(rows)
        ]
    )
