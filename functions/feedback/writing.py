"""Who may put something into words: a model, where there is one. What it wrote is checked before anybody sees it.

The model is never told the reference or what hidden cases ask: what it does not know it cannot give away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.events.catalogue.models import ModelCalled
from shared.models import Answer, Asker, Model, load_prompt
from shared.telemetry import meter
from shared.validators import Ground, Passes, faults, refused

PROMPTS = Path(__file__).with_name("prompts")
SAME = 0.9
"""Likeness from which on a text says again what was said."""


class Words(BaseModel):
    """What the model answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Annotated[str, Field(min_length=1, max_length=2_000)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One text: the prompt, what it is told, what the text is held to, and what was said before."""

    prompt: Literal["feedback", "hint"]
    inputs: Mapping[str, str]
    ground: Ground
    before: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """`text` None: the rules speak. `why`: the rules that refused the model's text, or why none came; None where no
    model is there. `called`: the account of the call."""

    text: str | None = None
    why: str | None = None
    called: ModelCalled | None = None


Writer = Callable[[Wanted], Draft]


def nobody(_wanted: Wanted) -> Draft:
    """No model: the rules put everything into words."""
    return Draft()


def writer(model: Model, who: Asker, now: datetime, passes: Passes | None) -> Writer:
    """Asks the model and checks what it wrote. `passes`: runs code found in a text against the cases."""

    def write(wanted: Wanted) -> Draft:
        prompt = load_prompt(PROMPTS, wanted.prompt)
        answer = model.ask(prompt, wanted.inputs, Words, who=who, now=now)
        if not isinstance(answer, Answer):
            return Draft(None, None if answer.reason == "no_model" else answer.reason, answer.called)
        draft = checked(answer.value.text, wanted, passes, answer.called)
        if draft.why is not None:
            meter().refused(wanted.prompt, draft.why.split(","))
        return draft

    return write


def checked(text: str, wanted: Wanted, passes: Passes | None, called: ModelCalled | None = None) -> Draft:
    """The model's text if nothing is wrong with it, and why not if something is."""
    text = text.strip()
    found = faults(text, wanted.ground, passes)
    if found:
        return Draft(None, refused(found), called)
    if any(_same(text, said) for said in wanted.before):
        return Draft(None, "repeated", called)
    return Draft(text, None, called)


def _same(one: str, other: str) -> bool:
    a, b = " ".join(one.lower().split()), " ".join(other.lower().split())
    return a == b or SequenceMatcher(None, a, b, autojunk=False).ratio() >= SAME
