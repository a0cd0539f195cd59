"""A page as Markdown: the authored lesson, with what this learner just met put where they read first. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from functions.courses.texts import say
from shared.curriculum import Challenge, Concept, text
from shared.curriculum.model import RUNGS
from shared.readmodel.rows import Goal, Mastery

_SECTION = re.compile(r"^## ", re.MULTILINE)
_PITFALL = re.compile(r'^### <a id="(?P<anchor>[a-z0-9-]+)"></a>(?P<title>.+)$', re.MULTILINE)
SUBTASK = "subtask-"
"""Anchor of the line about a failing sub-task: `subtask-<id>`."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The case that failed last. A case that is not `visible` is not named."""

    case: str
    subtask: str
    visible: bool


def render(
    concept: Concept,
    language: str,
    goal: Goal | None = None,
    anchor: str | None = None,
    mastery: Mastery | None = None,
    *,
    challenge: Challenge | None = None,
    failure: Failure | None = None,
    words: str = "",
) -> str:
    """Title and summary; what concerns this learner; about, introduction, worked example, pitfalls; hints opened so
    far; further reading. `challenge`: the goal's, its variant filled in. `words`: explained for this learner. Without
    goal and mastery: the lesson alone.
    """
    head, *sections = _SECTION.split(text(concept.lesson, language).strip())
    parts = [head.strip(), f"*{text(concept.summary, language)}*"]
    yours = _yours(concept, language, goal, anchor, mastery, challenge, failure)
    if yours and words:
        yours = f"{yours}\n\n{words}"
    if yours:
        parts.append(f"## {say('for_you', language)}\n\n{yours}")
    parts += [f"## {section.strip()}" for section in sections[:-1]]
    if goal is not None and challenge is not None:
        parts.append(_hints(challenge, goal, language))
    parts += [f"## {section.strip()}" for section in sections[-1:]]
    return "\n\n".join(parts) + "\n"


def own_words(concept: Concept, language: str, anchor: str | None) -> str:
    """Of the authored lesson, what fits best: the pitfall with this anchor, else how it introduces the concept."""
    lesson = text(concept.lesson, language)
    found = [m for m in _PITFALL.finditer(lesson) if m["anchor"] == anchor]
    if found:
        rest = lesson[found[0].end() :]
        after = re.search(r"^##", rest, re.MULTILINE)
        return f"**{found[0]['title'].strip()}**\n\n{(rest[: after.start()] if after else rest).strip()}"
    sections = _SECTION.split(lesson.strip())[1:]
    return sections[min(1, len(sections) - 1)].partition("\n")[2].strip() if sections else lesson.strip()


def pitfalls(concept: Concept, language: str) -> dict[str, str]:
    """Anchor → heading, as the lesson has them."""
    return {m["anchor"]: m["title"].strip() for m in _PITFALL.finditer(text(concept.lesson, language))}


def _yours(
    concept: Concept,
    language: str,
    goal: Goal | None,
    anchor: str | None,
    mastery: Mastery | None,
    challenge: Challenge | None,
    failure: Failure | None,
) -> str:
    if goal is None and mastery is None:
        return ""
    lines = []
    if challenge is not None and failure is not None:
        lines.append(_failed(challenge, failure, language))
    title = pitfalls(concept, language).get(anchor or "")
    if title is not None:
        lines.append(say("see", language, title=title, anchor=anchor))
    lines.append(_mastered(mastery, language))
    return "\n\n".join(lines)


def _failed(challenge: Challenge, failure: Failure, language: str) -> str:
    titles = {s.id: text(s.title, language) for s in challenge.subtasks}
    words = say(
        "failed_case" if failure.visible else "failed_hidden",
        language,
        goal=text(challenge.title, language),
        case=failure.case,
        subtask=titles.get(failure.subtask, failure.subtask),
    )
    return f'<a id="{SUBTASK}{failure.subtask}"></a>{words}'


def _mastered(mastery: Mastery | None, language: str) -> str:
    if mastery is None:
        return say("mastery_none", language)
    return say(
        "mastery",
        language,
        shown=f"{mastery.shown:.2f}",
        attempts=mastery.attempts,
        unassisted=f"{mastery.unassisted:.2f}",
        assisted=f"{mastery.assisted:.2f}",
    )


def _hints(challenge: Challenge, goal: Goal, language: str) -> str:
    """Only rungs that were asked for are shown: a page never opens one."""
    given = min(goal.hints, RUNGS)
    rungs = challenge.hints.get(language) or challenge.hints["en"]
    opened = [f"{n}. {rung.replace(chr(10), chr(10) + '   ')}" for n, rung in enumerate(rungs[:given], start=1)]
    if given < RUNGS:
        next_ = say(f"rung_{given + 1}", language)
        state = say("hints_left", language, given=given, total=RUNGS, next=next_)
    else:
        state = say("hints_all", language, total=RUNGS)
    return "\n\n".join([f"## {say('hints', language)}", *opened, state])
