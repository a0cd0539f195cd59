"""Resources as Markdown, from what the API answers. Pure."""

from __future__ import annotations

from functions.mcp.door import Json
from functions.mcp.models import GoalList, OpenedGoal


def lessons_page(courses: Json) -> str:
    lines: list[str] = []
    for course in courses["courses"]:
        lines += [f"# {course['title']}", "", course["summary"], ""]
        for module in course["modules"]:
            lines += [f"## {module['title']}", ""]
            lines += [f"- `goals://lessons/{c['concept']}` {c['title']}: {c['summary']}" for c in module["concepts"]]
            lines.append("")
    return "\n".join(lines)


def goals_page(goals: GoalList) -> str:
    lines = [f"# {goals.day}", ""]
    lines += [
        f"- `goals://challenges/{g.goal}` {g.title} ({g.kind}, {g.state}, {g.minutes} min): {g.because}"
        for g in goals.goals
    ]
    return "\n".join([*lines, ""])


def challenge_page(goal: OpenedGoal) -> str:
    """Without the learner's own code: a resource may be shown to others than them."""
    fence = "```"
    cases = [f"- `{case.text}` → `{case.expects}`" for case in goal.cases]
    return "\n".join(
        [
            f"# {goal.title}",
            "",
            goal.statement.rstrip(),
            "",
            *cases,
            f"- and {goal.hidden_cases} hidden",
            "",
            f"{fence}{goal.language}",
            goal.starter.rstrip(),
            fence,
            "",
        ]
    )
