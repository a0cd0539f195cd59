"""Who may explain a page once more, for one learner: a model, where there is one.

It is told the lesson, the task and what failed, never the reference nor what hidden cases ask. What it writes is checked
before anybody sees it: its form, its words, its code (executed), and that nothing of it solves the task.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.curriculum import Challenge, Concept, text
from shared.events.catalogue.models import ModelCalled
from shared.judging import written
from shared.models import Answer, Asker, Model, load_prompt
from shared.sandbox import Sandbox
from shared.spoken import NAMES, Words
from shared.telemetry import meter
from shared.validators import Ground, broken

PROMPTS = Path(__file__).with_name("prompts")
SHORTEST, LONGEST = 80, 1_600
"""Characters of an explanation."""
RULES = (
    "unreadable", "language", "manners", "person", "unsafe", "links", "system", "hidden", "solution",
)  # fmt: skip
_STRUCTURE = re.compile(r"^\s*#{1,6}\s|^\s*<|^\s*\|", re.MULTILINE)
_FENCE = re.compile(r"^ *(```|~~~)", re.MULTILINE)


class Explanation(BaseModel):
    """What the model answers: Markdown without headings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Annotated[str, Field(min_length=SHORTEST, max_length=LONGEST)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """`failure`: of the newest run's failing case, what the learner may know of it; "" where nothing failed."""

    concept: Concept
    language: Words
    programming: str
    level: str
    challenge: Challenge | None
    failure: str

    def inputs(self) -> Mapping[str, str]:
        return {
            "language": NAMES[self.language],
            "programming": self.programming,
            "concept": text(self.concept.title, self.language),
            "level": self.level or "unknown",
            "lesson": text(self.concept.lesson, self.language),
            "statement": text(self.challenge.statement, self.language) if self.challenge else "(none)",
            "failure": self.failure or "(nothing has failed yet)",
        }


@dataclass(frozen=True, slots=True)
class Draft:
    """`text` None: the authored page stands alone. `why`: the rules that refused the model's, or why none came."""

    text: str | None = None
    why: str | None = None
    called: ModelCalled | None = None


Explainer = Callable[[Wanted], Draft]


def nobody(_wanted: Wanted) -> Draft:
    return Draft()


def explainer(model: Model, who: Asker, now: datetime, sandbox: Callable[[], Sandbox | None]) -> Explainer:
    def explain(wanted: Wanted) -> Draft:
        prompt = load_prompt(PROMPTS, "page")
        answer = model.ask(prompt, wanted.inputs(), Explanation, who=who, now=now)
        if not isinstance(answer, Answer):
            return Draft(None, None if answer.reason == "no_model" else answer.reason, answer.called)
        words = answer.value.text.strip()
        found = faults(words, wanted, prompt.system, sandbox)
        meter().refused("page", found)
        return Draft(None if found else words, ",".join(found) or None, answer.called)

    return explain


def faults(words: str, wanted: Wanted, instructions: str, sandbox: Callable[[], Sandbox | None]) -> Sequence[str]:
    """The names of the rules that `words` break; empty: it may be shown. Code is run only where nothing else is wrong,
    and what cannot be run here is refused."""
    found = [fault.rule for fault in broken(words, ground(wanted, instructions), RULES)]
    if _STRUCTURE.search(words) or len(_FENCE.findall(words)) not in (0, 2):
        found.append("structure")
    if found:
        return list(dict.fromkeys(found))
    return _run(words, wanted, sandbox())


def ground(wanted: Wanted, instructions: str) -> Ground:
    challenge = wanted.challenge
    if challenge is None:
        return Ground(wanted.language, "example", instructions=instructions, programming=wanted.programming)
    return Ground(
        wanted.language,
        "example",
        shown=(
            text(challenge.statement, wanted.language),
            challenge.starter,
            wanted.failure,
            *(written(case, challenge.language) for case in challenge.visible_cases),
        ),
        reference=challenge.reference,
        entry=challenge.entry,
        hidden=tuple(case for case in challenge.cases if not case.visible),
        instructions=instructions,
        programming=challenge.language,
    )


def _run(words: str, wanted: Wanted, sandbox: Sandbox | None) -> Sequence[str]:
    if not _FENCE.search(words):
        return ()
    from shared.proof.examples import untrue
    from shared.proof.giving_away import given_away
    from shared.proof.trial import Trials

    if sandbox is None:
        return ("unrun",)
    (problems,) = untrue(Trials(sandbox, wanted.programming), "", [words])
    if problems:
        return ("untrue",)
    if wanted.challenge is None:
        return ()
    asked = replace(wanted.challenge, hints={wanted.language: (words,)})
    return ("solution",) if any(given_away(asked, sandbox)) else ()
