"""A page in other words, shown while it is written: each sentence is checked with all before it, then shown.

Prose only: code would have to be run before it is shown, and a page has worked examples that were. Where nobody can be
asked, and where the check objects, the page's own words stand in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from functions.courses.explaining import LONGEST, PROMPTS, RULES, Wanted, ground
from functions.courses.page import own_words
from shared.events.catalogue.models import ModelCalled
from shared.models import Answer, Asker, Model, load_prompt
from shared.validators import broken

_NO_PROSE = re.compile(r"```|~~~|^\s*(?:#{1,6}\s|[-*+]\s|\d+\.\s|<|\|)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words. `instead`: they stand for everything shown before, which is withdrawn."""

    text: str
    instead: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """The whole of it, as it was left standing. `replaced`: why a model's words were not, None where none was asked."""

    text: str
    origin: Literal["rule", "model"]
    replaced: str | None = None
    called: ModelCalled | None = None


def told(
    model: Model, who: Asker | None, now: datetime, wanted: Wanted, anchor: str | None
) -> Iterator[Piece | Told]:
    """Pieces, at last what was told. `who` None: no model may be asked for them."""
    rules = own_words(wanted.concept, wanted.language, anchor)
    if who is None:
        yield Piece(rules)
        yield Told(rules, "rule")
        return
    prompt = load_prompt(PROMPTS, "explain")
    held = ground(wanted, prompt.system)

    def holds(so_far: str) -> bool:
        return len(so_far) <= LONGEST and not _NO_PROSE.search(so_far) and not broken(so_far, held, RULES)

    telling = model.tell(prompt, wanted.inputs(), who=who, now=now, check=holds)
    shown = False
    for text in telling:
        shown = True
        yield Piece(text)
    outcome = telling.outcome
    if isinstance(outcome, Answer):
        yield Told(outcome.value, "model", called=outcome.called)
        return
    yield Piece(rules, instead=shown)
    asked = outcome.reason != "no_model"
    yield Told(rules, "rule", outcome.reason if asked else None, outcome.called)
