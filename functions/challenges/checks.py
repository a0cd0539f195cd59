"""What a challenge must have before a learner sees it. That its reference passes its cases is proven in CI."""

from __future__ import annotations

from shared.curriculum import LANGUAGES, Challenge
from shared.curriculum.model import RUNGS


def lacks(challenge: Challenge) -> list[str]:
    """What is missing or empty, in words; nothing for a challenge that may be shown."""
    found = []
    if not challenge.cases:
        found.append("it has no cases")
    elif not challenge.visible_cases:
        found.append("no case is visible")
    found += [
        f"sub-task {s.id!r} has no case" for s in challenge.subtasks if all(c.subtask != s.id for c in challenge.cases)
    ]
    for language in LANGUAGES:
        if not challenge.title.get(language, "").strip() or not challenge.statement.get(language, "").strip():
            found.append(f"title or statement is missing in {language!r}")
        rungs = [rung for rung in challenge.hints.get(language, ()) if rung.strip()]
        if len(rungs) != RUNGS:
            found.append(f"{len(rungs)} of {RUNGS} hints in {language!r}")
    if f"def {challenge.entry}(" not in challenge.starter:
        found.append(f"the starter does not define {challenge.entry!r}")
    if challenge.parametric or "{{" in challenge.starter + "".join(challenge.statement.values()):
        found.append("its variant is not filled in")
    return found


def evidence(challenge: Challenge) -> dict[str, float]:
    """Figures of what was checked."""
    return {
        "cases": len(challenge.cases),
        "visible": len(challenge.visible_cases),
        "subtasks": len(challenge.subtasks),
        "languages": len(challenge.statement),
        "hints": sum(map(len, challenge.hints.values())),
    }
