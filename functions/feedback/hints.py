"""The hint ladder: five rungs, each asked for, one at a time. A rung that was reached may be read again.

Several requests taken by one run (a double click) climb one rung together; each gets its answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from functions.feedback import texts
from graph.decision import Said
from graph.state import Input
from shared.curriculum import Challenge
from shared.curriculum import text as spoken
from shared.events.catalogue.teaching import HintGiven
from shared.readmodel.rows import Goal

RUNGS = 5
LONGEST = 2_000


def given(goal: Goal, challenge: Challenge, language: str, inputs: Sequence[Input]) -> list[Said]:
    """One answer to each `hint.asked` of `inputs`. `challenge`: with its variant's values filled in."""
    reached = goal.hints
    said = []
    for event in inputs:
        if event["type"] != "goals.hint.asked":
            continue
        rung, again = _rung(event["facts"].get("rung"), reached)
        text = spoken({lang: rungs[rung - 1] for lang, rungs in challenge.hints.items()}, language).strip()
        if again:
            text = f"{texts.last_hint(language)}\n\n{text}"
        body = HintGiven(
            goal=goal.goal,
            rung=rung,
            text=text if len(text) <= LONGEST else text[: LONGEST - 1] + "…",
            left=RUNGS - max(reached, rung),
            language=texts.words(language),
        )
        said.append(Said(body, causation=event["id"]))
    return said


def _rung(asked: object, reached: int) -> tuple[int, bool]:
    """Which rung is answered, and whether the ladder is at its end. No rung is ever skipped."""
    if isinstance(asked, int) and 1 <= asked <= reached:
        return asked, False
    return min(reached + 1, RUNGS), reached >= RUNGS
