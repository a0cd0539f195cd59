"""The tutor's tools over streamable HTTP, as any MCP client uses them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastmcp.exceptions import ToolError
from mcp import MCPError

from goals.cli.local import signed
from goals.demo.system import System
from tests.mcp.conftest import Someone, Tools, signed_up

TOOLS = {
    "list_goals", "open_goal", "get_lesson", "run_solution", "submit_solution", "request_hint", "get_progress",
    "why_mastery", "answer_mood",
}  # fmt: skip
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}


def first(ada: Someone) -> str:
    return str(ada.call("list_goals")["goals"][0]["goal"])


def test_every_tool_says_what_it_takes_and_what_it_answers(ada: Someone) -> None:
    tools = {tool.name: tool for tool in ada.using(lambda tools: tools.list_tools())}
    assert set(tools) == TOOLS
    for tool in tools.values():
        assert tool.description
        assert tool.input_schema["type"] == "object"
        assert tool.output_schema is not None and tool.output_schema["properties"]
        assert tool.annotations is not None and tool.annotations.read_only_hint is not None


def test_a_goal_is_worked_on_from_the_list_to_the_evidence(ada: Someone) -> None:
    goal = first(ada)
    opened = ada.call("open_goal", goal=goal)
    assert opened["statement"] and opened["starter"] and opened["cases"] and opened["hidden_cases"]
    assert ada.api.goal(goal)["opened"] is not None

    tried = ada.call("run_solution", goal=goal, code=ada.wrong(goal))
    assert not tried["fault"]
    assert tried["failed"] and tried["purpose"] == "run" and tried["verdict"] != "passed"
    assert any(case["visible"] and case["input"] for case in tried["failing"])
    assert tried["feedback"] and len(tried["feedback"]) <= 280

    assert [ada.call("request_hint", goal=goal)["rung"] for _ in range(2)] == [1, 2]
    again = ada.call("request_hint", goal=goal, rung=1)
    assert (again["rung"], bool(again["text"])) == (1, True)

    solved = ada.call("submit_solution", goal=goal, code=ada.right(goal))
    assert (solved["verdict"], solved["failed"], solved["failing"]) == ("passed", 0, [])
    assert solved["mastery"], "a solved goal moves mastery, with the reason"
    line = ada.call("get_progress")["mastery"][0]
    why = ada.call("why_mastery", concept=line["concept"])
    assert why["because"] and solved["run"] in {event["id"] for event in why["events"]}
    assert ada.call("open_goal", goal=goal)["code"] == ada.right(goal)


def test_a_run_reports_how_far_it_is(ada: Someone) -> None:
    goal = first(ada)
    seen: list[tuple[float, float | None]] = []

    async def told(progress: float, total: float | None, message: str | None) -> None:
        if total is not None:
            seen.append((progress, total))

    async def run(tools: Tools) -> Any:
        return await tools.call_tool("run_solution", {"goal": goal, "code": ada.right(goal)}, progress_handler=told)

    total = ada.using(run).structured_content["total"]
    assert seen == [(n, total) for n in range(1, total + 1)]


def test_the_same_request_again_changes_nothing(ada: Someone) -> None:
    goal = first(ada)
    runs = [ada.call("run_solution", goal=goal, code=ada.wrong(goal), request="mine")["run"] for _ in range(2)]
    assert runs[0] == runs[1]
    assert ada.api.goal(goal)["runs"] == 1
    hints = [ada.call("request_hint", goal=goal, request="one-hint")["rung"] for _ in range(2)]
    assert hints == [1, 1]
    assert ada.api.goal(goal)["hints"] == 1


def test_mood_is_taken_in_the_learners_own_words(ada: Someone) -> None:
    assert ada.call("answer_mood", answer="good")["recorded"]
    assert any(e.type == "goals.mood.answered" and e.data["answer"] == "good" for e in ada.api.events())
    with pytest.raises(ToolError, match="great"):
        ada.call("answer_mood", answer="furious")


def test_pages_and_challenges_are_resources(ada: Someone) -> None:
    goal = first(ada)

    async def read(tools: Tools) -> dict[str, str]:
        templates = {str(t.uri_template) for t in await tools.list_resource_templates()}
        assert templates == {"goals://lessons/{concept}", "goals://challenges/{goal}"}
        uris = [str(r.uri) for r in await tools.list_resources()]
        assert sorted(uris) == ["goals://challenges", "goals://lessons"]
        opened = (await tools.call_tool("open_goal", {"goal": goal})).structured_content
        assert opened is not None
        concept = opened["concept"]
        uris += [f"goals://lessons/{concept}", f"goals://challenges/{goal}"]
        return {uri: (await tools.read_resource(uri))[0].text for uri in uris}  # type: ignore[union-attr]

    pages = list(ada.using(read).items())
    text = dict(pages)
    assert f"goals://challenges/{goal}" in text["goals://challenges"]
    assert pages[2][0] in text["goals://lessons"]
    assert pages[2][1] == ada.api.lesson(pages[2][0].rpartition("/")[2])
    assert ada.api.goal(goal)["title"] in pages[3][1]


@pytest.mark.parametrize(("language", "word"), [("en", "Do not write the solution"), ("es", "No escribas la solución")])
def test_prompts_for_tutoring_speak_the_learners_language(ada: Someone, language: str, word: str) -> None:
    from goals.client import interaction
    from shared.clock import utc_now

    stated = {"level": "beginner", "minutes": 45, "timezone": "UTC", "language": language, "consent_mood": False}
    ada.api.record([interaction("profile.stated", stated, time=utc_now())])
    goal = first(ada)

    async def ask(tools: Tools) -> list[str]:
        assert {p.name for p in await tools.list_prompts()} == {"tutor", "explain_failure", "prepare_review"}
        opened = (await tools.call_tool("open_goal", {"goal": goal})).structured_content
        assert opened is not None
        concept = opened["concept"]
        asked = [
            ("tutor", {"goal": goal}),
            ("explain_failure", {"goal": goal}),
            ("prepare_review", {"concept": concept}),
        ]
        return [(await tools.get_prompt(name, told)).messages[0].content.text for name, told in asked]  # type: ignore[union-attr]

    tutor, failure, review = ada.using(ask)
    assert word in tutor and goal in tutor
    assert goal in failure and "$" not in failure.replace("$", "", 0) and "run_solution" in failure
    assert len(review) > 200


# ---------------------------------------------------------------- who may


def post(system: System, token: str | None, **more: str) -> httpx.Response:
    headers = {"Accept": "application/json, text/event-stream", **more}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    return httpx.post(f"{system.url}/mcp", json=INITIALIZE, headers=headers, timeout=20)


def test_without_a_token_of_ours_nobody_gets_in(system: System, ada: Someone) -> None:
    assert post(system, ada.token).status_code == 200
    assert post(system, None).status_code == 401
    assert post(system, "nonsense").status_code == 401
    head, body, signature = ada.token.split(".")
    assert post(system, f"{head}.{body}.{signature[:-4]}AAAA").status_code == 401
    assert "bearer" in post(system, None).headers["www-authenticate"].lower()


def test_a_token_of_another_server_is_not_taken(system: System, tmp_path: Path) -> None:
    from shared.auth.keys import load

    load(tmp_path / "keys", create=True)
    assert post(system, signed(tmp_path / "keys", system.url, "learner")).status_code == 401


def test_a_role_that_is_no_learner_may_not(system: System) -> None:
    answer = post(system, signed(system.data / "keys", system.url, "operator"))
    assert answer.status_code == 403
    assert "insufficient_scope" in answer.headers["www-authenticate"]


def test_pages_of_elsewhere_and_names_that_are_not_ours_are_refused(system: System, ada: Someone) -> None:
    assert post(system, ada.token, Origin="https://evil.example").status_code == 403
    assert post(system, ada.token, Host="evil.example").status_code == 421


def test_a_body_over_the_limit_is_refused_before_it_is_read(system: System, ada: Someone) -> None:
    head = {"Authorization": f"Bearer {ada.token}", "Accept": "application/json, text/event-stream"}
    answer = httpx.post(f"{system.url}/mcp", content=b" " * 1_200_000, headers=head, timeout=20)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


def test_another_learners_goal_is_not_there(system: System, ada: Someone) -> None:
    goal = first(ada)
    bob = signed_up(system)
    bob.api.session.access()
    bob.api.transport.close()
    for name, more in (("open_goal", {}), ("run_solution", {"code": "x = 1"}), ("request_hint", {})):
        with pytest.raises(ToolError, match=r"(?i)not found|no goal"):
            bob.call(name, goal=goal, **more)
    with pytest.raises(MCPError):
        bob.using(lambda tools: tools.read_resource(f"goals://challenges/{goal}"))


# ---------------------------------------------------------------- what goes wrong


def test_what_is_wrong_is_said_with_what_would_help(ada: Someone) -> None:
    goal = first(ada)
    with pytest.raises(ToolError, match=r"there is no goal nobody of yours|no goal"):
        ada.call("open_goal", goal="nobody")
    with pytest.raises(ToolError, match="goal"):
        ada.call("open_goal", goal="../../etc")
    with pytest.raises(ToolError, match=r"(?i)progress"):
        ada.call("why_mastery", concept="no-such-concept")
    with pytest.raises(ToolError):
        ada.call("run_solution", goal=goal, code="x" * 70_000)
    with pytest.raises(ToolError, match=r"(?i)large|bytes|64"):
        ada.call("run_solution", goal=goal, code="ñ" * 60_000)
    with pytest.raises(ToolError):
        ada.call("request_hint", goal=goal, rung=9)


def test_a_refusal_names_its_remedy(system: System, ada: Someone) -> None:
    from goals.client import Fixed, Transport
    from goals.client.api import Api

    contract = ada.api.contract()
    organisation = Api(
        Transport(system.url), Fixed(signed(system.data / "keys", system.url, "organisation", organisation="trial"))
    )
    organisation.state_terms(contract["contract"], {**contract["terms"], "runs_per_day": 0})
    organisation.transport.close()
    with pytest.raises(ToolError) as refused:
        ada.call("run_solution", goal=first(ada), code="x = 1")
    denied = next(e.data for e in ada.api.events() if e.type == "goals.access.denied")
    assert denied["text"].rstrip(".") in str(refused.value)
    assert denied["remedy"] in str(refused.value)


def test_answers_are_json_a_program_reads(ada: Someone) -> None:
    async def one(tools: Tools) -> tuple[Any, str]:
        answer = await tools.call_tool("list_goals", {})
        return answer.structured_content, answer.content[0].text  # type: ignore[union-attr]

    structured, text = ada.using(one)
    assert json.loads(text) == structured
