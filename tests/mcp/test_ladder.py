"""The hint ladder holds here too: whatever is asked, no answer has the reference in it or what hidden cases ask."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastmcp.exceptions import ToolError

from shared.curriculum import Challenge, load
from tests.mcp.conftest import Someone, Tools


def secret_lines(challenge: Challenge) -> set[str]:
    """Lines of the reference that a learner cannot have read anywhere: not in the starter, the statement or a page."""
    concepts = load().concepts
    public = [challenge.starter, *challenge.statement.values()]
    public += [text for slug in challenge.concepts for text in concepts[slug].lesson.values()]
    seen = {line.strip() for text in public for line in text.splitlines()}
    return {line.strip() for line in challenge.reference.splitlines() if len(line.strip()) >= 12} - seen


def hidden_asks(challenge: Challenge) -> set[str]:
    """Ids of hidden cases, and their calls where no visible text has them."""
    hidden = [case for case in challenge.cases if not case.visible]
    calls = {f"{case.call}({', '.join(map(repr, case.args))})" for case in hidden if case.args}
    visible = " ".join(challenge.statement.values())
    return {case.id for case in hidden} | {call for call in calls if call not in visible}


async def everything(tools: Tools, goal: str, code: str) -> dict[str, str]:
    """Every answer there is, by what was asked."""
    told: dict[str, str] = {}

    async def call(name: str, **arguments: Any) -> Any:
        key = f"{name} {json.dumps(arguments)[:80]} {len(told)}"
        try:
            answer = await tools.call_tool(name, arguments)
        except ToolError as error:
            told[key] = str(error)
            return None
        told[key] = str(answer.content) + json.dumps(answer.structured_content)
        return answer.structured_content

    await call("request_hint", goal=goal, rung=5)
    opened = await call("open_goal", goal=goal)
    await call("list_goals")
    await call("list_goals", everything=True)
    await call("get_lesson", concept=opened["concept"])
    await call("get_lesson", concept=opened["concept"], goal=goal)
    await call("run_solution", goal=goal, code=code)
    await call("submit_solution", goal=goal, code=code)
    for _ in range(6):
        await call("request_hint", goal=goal)
    for rung in range(1, 6):
        await call("request_hint", goal=goal, rung=rung)
    await call("open_goal", goal=goal)
    await call("get_progress")
    await call("why_mastery", concept=opened["concept"])
    await call("answer_mood", answer="stuck", goal=goal)
    for uri in ("goals://lessons", "goals://challenges", f"goals://lessons/{opened['concept']}",
                f"goals://challenges/{goal}"):  # fmt: skip
        told[uri] = str(await tools.read_resource(uri))
    for name, arguments in (("tutor", {"goal": goal}), ("explain_failure", {"goal": goal}),
                            ("prepare_review", {"concept": opened["concept"]})):  # fmt: skip
        told[name] = str((await tools.get_prompt(name, arguments)).messages)
    return told


def test_no_answer_has_the_reference_or_hidden_cases_in_it(ada: Someone) -> None:
    lines = 0
    for goal in [line["goal"] for line in ada.call("list_goals")["goals"]][:2]:
        slug, variant = ada.challenge(goal)
        challenge = load().challenges[slug].instantiate(variant)
        told = ada.using(lambda tools, goal=goal: everything(tools, goal, ada.wrong(goal)))  # type: ignore[misc]
        assert len(told) >= 25
        lines += len(secret_lines(challenge))
        for asked, answer in told.items():
            plain = answer.replace("\\n", "\n")
            for secret in secret_lines(challenge) - set(map(str.strip, ada.wrong(goal).splitlines())):
                assert secret not in plain, f"{asked} gives a line of the reference away: {secret}"
            for secret in hidden_asks(challenge):
                assert secret not in plain, f"{asked} tells what a hidden case asks: {secret}"
    assert lines, "there was something to give away"


def test_a_request_id_used_for_one_goal_is_refused_for_another_and_no_goal_is_named_by_a_dot(ada: Someone) -> None:
    first, second = [line["goal"] for line in ada.call("list_goals")["goals"]][:2]
    assert ada.call("request_hint", goal=first, request="h-1")["rung"] == 1
    assert ada.call("request_hint", goal=first, request="h-1")["rung"] == 1
    with pytest.raises(ToolError, match="used for something else"):
        ada.call("request_hint", goal=second, request="h-1")
    with pytest.raises(ToolError, match="pattern"):
        ada.call("open_goal", goal=".")


def test_the_ladder_is_climbed_one_rung_at_a_time(ada: Someone) -> None:
    goal = ada.call("list_goals")["goals"][0]["goal"]
    assert ada.call("request_hint", goal=goal, rung=5)["rung"] == 1, "the fifth is not there before the others"
    assert [ada.call("request_hint", goal=goal)["rung"] for _ in range(4)] == [2, 3, 4, 5]
