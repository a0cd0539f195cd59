"""The tools, resources and prompts, as MCP has them (specification 2025-06-18: structured output, progress)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, get_args

from fastmcp import Context, FastMCP
from fastmcp.exceptions import ResourceError
from fastmcp.server.auth import AuthProvider
from pydantic import Field

from functions.mcp import work
from functions.mcp.door import Bearer, Door
from functions.mcp.models import (
    GoalList,
    Hint,
    Lesson,
    MasteryReasons,
    MoodTaken,
    OpenedGoal,
    ProgressReport,
    RunResult,
)
from functions.mcp.pages import challenge_page, goals_page, lessons_page
from functions.mcp.telling import telling
from functions.mcp.tutoring import tutoring
from shared.events.catalogue.interactions import Feeling

NAME = "goals"
INSTRUCTIONS = """Goals are small programming challenges a learner solves themselves. Help them to learn, not to finish:
do not write the solution for them. Ask request_hint for help; it climbs a ladder of five rungs, one each time it is
asked, and what it has given counts in their mastery. run_solution tries code, submit_solution counts as their answer;
both run only what the learner wrote. What hidden cases ask is not told to anybody, and there is no reference solution
here."""

GoalId = Annotated[
    str, Field(description="The goal's id, from list_goals.", max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$")
]
Concept = Annotated[str, Field(description="The concept's name.", max_length=80, pattern=r"^[a-z0-9-]+$")]
Code = Annotated[
    str, Field(description="The whole program as the learner wrote it, at most 64 KiB.", max_length=65_536)
]
Request = Annotated[
    str | None,
    Field(
        description="An id of your own; the same again changes nothing and is answered again.",
        min_length=1,
        max_length=64,
        pattern=r"^[A-Za-z0-9._:/@-]+$",
    ),
]
READS = {"readOnlyHint": True, "openWorldHint": False}
ACTS = {"readOnlyHint": False, "destructiveHint": False, "openWorldHint": False}


def create(door: Door, bearer: Bearer, auth: AuthProvider | None) -> FastMCP[Any]:
    """`bearer`: whose token goes to the API. `auth`: checks callers over HTTP; None for stdio, where the one caller is
    whoever started the process."""

    @asynccontextmanager
    async def life(_: FastMCP[Any]) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await door.close()

    mcp: FastMCP[Any] = FastMCP(NAME, INSTRUCTIONS, auth=auth, lifespan=life, mask_error_details=True)
    _tools(mcp, door, bearer)
    _resources(mcp, door, bearer)
    tutoring(mcp, lambda: door.of(bearer))
    return mcp


def _tools(mcp: FastMCP[Any], door: Door, bearer: Bearer) -> None:
    learner = door.of(bearer)

    @mcp.tool(annotations=READS)
    async def list_goals(
        everything: Annotated[bool, Field(description="Of every day, those that are over as well.")] = False,
    ) -> GoalList:
        """Today's goals and those still being worked on, each with the reason the learner has it."""
        with telling():
            return await work.goals(learner, everything=everything)

    @mcp.tool(annotations=ACTS)
    async def open_goal(goal: GoalId) -> OpenedGoal:
        """All that is needed to work on a goal: statement, starter, the cases that may be seen, the learner's code."""
        with telling():
            return await work.open_goal(learner, goal)

    @mcp.tool(annotations=READS)
    async def get_lesson(
        concept: Concept,
        goal: Annotated[GoalId | None, Field(description="For the work on this goal.")] = None,
    ) -> Lesson:
        """The page that explains a concept, in the learner's language."""
        with telling():
            return await work.lesson(learner, concept, goal)

    async def _run(goal: str, code: str, purpose: work.Purpose, context: Context, request: str | None) -> RunResult:
        async def told(done: float, of: float | None, words: str) -> None:
            await context.report_progress(done, of, words)

        with telling():
            return await work.run(learner, goal, code, purpose, told, request)

    @mcp.tool(annotations=ACTS)
    async def run_solution(goal: GoalId, code: Code, context: Context, request: Request = None) -> RunResult:
        """Tries the learner's code on the goal's cases. It does not count as their answer; it uses their quota."""
        return await _run(goal, code, "run", context, request)

    @mcp.tool(annotations=ACTS)
    async def submit_solution(goal: GoalId, code: Code, context: Context, request: Request = None) -> RunResult:
        """Hands the learner's code in as their answer. Only when they say so."""
        return await _run(goal, code, "submit", context, request)

    @mcp.tool(annotations=ACTS)
    async def request_hint(
        goal: GoalId,
        rung: Annotated[int | None, Field(description="One that was given already, again.", ge=1, le=5)] = None,
        request: Request = None,
    ) -> Hint:
        """One more hint of five, each saying more than the one before. Only when the learner wants it: an assisted
        solve counts for less."""
        with telling():
            return await work.hint(learner, goal, rung, request)

    @mcp.tool(annotations=READS)
    async def get_progress() -> ProgressReport:
        """Mastery of each concept, days in a row, reviews and when they are due."""
        with telling():
            return await work.progress(learner)

    @mcp.tool(annotations=READS)
    async def why_mastery(concept: Concept) -> MasteryReasons:
        """Why a mastery figure is what it is: the reason and the evaluations it rests on."""
        with telling():
            return await work.why(learner, concept)

    @mcp.tool(annotations=ACTS)
    async def answer_mood(
        answer: Annotated[Feeling, Field(description=f"One of {', '.join(get_args(Feeling))}.")],
        goal: GoalId | None = None,
        question: Annotated[str | None, Field(description="The id of the question, if one was asked.")] = None,
        request: Request = None,
    ) -> MoodTaken:
        """The learner's own answer to how it goes. Never a guess of yours."""
        with telling():
            return await work.mood(learner, answer, goal, question, request)


def _resources(mcp: FastMCP[Any], door: Door, bearer: Bearer) -> None:
    learner = door.of(bearer)

    @mcp.resource("goals://lessons", mime_type="text/markdown")
    async def lessons() -> str:
        """Every course with its concepts; each concept has a page."""
        with telling(ResourceError):
            return lessons_page(await learner.get("v1", "courses"))

    @mcp.resource("goals://lessons/{concept}", mime_type="text/markdown")
    async def lesson(concept: str) -> str:
        """The page that explains a concept, in the learner's language."""
        with telling(ResourceError):
            return (await work.lesson(learner, concept)).markdown

    @mcp.resource("goals://challenges", mime_type="text/markdown")
    async def challenges() -> str:
        """The learner's goals of today, and those still being worked on."""
        with telling(ResourceError):
            return goals_page(await work.goals(learner))

    @mcp.resource("goals://challenges/{goal}", mime_type="text/markdown")
    async def challenge(goal: str) -> str:
        """One of the learner's goals: statement, starter, the cases that may be seen."""
        with telling(ResourceError):
            return challenge_page(await work.look(learner, goal))
