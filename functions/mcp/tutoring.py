"""Prompts for tutoring, in the learner's language; their words are files beside this one."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from fastmcp import FastMCP
from fastmcp.exceptions import PromptError

from functions.mcp import work
from functions.mcp.door import Learner
from functions.mcp.pages import challenge_page
from functions.mcp.telling import telling
from shared.curriculum import LANGUAGES

_FOLDER = Path(__file__).with_name("prompts")


@cache
def words(name: str, language: str) -> Template:
    return Template((_FOLDER / f"{name}.{language if language in LANGUAGES else 'en'}.md").read_text("utf-8"))


def tutoring(mcp: FastMCP[Any], learner: Callable[[], Learner]) -> None:
    async def filled(name: str, **told: str) -> str:
        me = await learner().get("v1", "me")
        return words(name, me["language"]).substitute(told)

    @mcp.prompt
    async def tutor(goal: str) -> str:
        """Sit beside the learner on a goal: questions and next steps, not the solution."""
        with telling(PromptError):
            found = await work.look(learner(), goal)
            return await filled("tutor", goal=goal, concept=found.concept, page=challenge_page(found))

    @mcp.prompt
    async def explain_failure(goal: str) -> str:
        """Help the learner to understand why their last run failed."""
        with telling(PromptError):
            found = await work.detail(learner(), goal)
            said = found["feedback"][0]["text"] if found["feedback"] else "-"
            last = found["history"][0] if found["history"] else None
            result = f"{last['passed']}/{last['total']}" if last else "-"
            return await filled("explain_failure", goal=goal, title=found["title"], result=result, feedback=said)

    @mcp.prompt
    async def prepare_review(concept: str) -> str:
        """Go through a concept again before its review."""
        with telling(PromptError):
            page = await work.lesson(learner(), concept)
            return await filled("prepare_review", concept=concept, page=page.markdown)
