"""What asks for a learner's attention unasked, what was held back, and what the learner makes of it.

All that is said unasked stands in one stream, `attention/<learner>`, and names the version it was decided on: two
functions that would speak at once cannot both.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from shared.events.catalogue.interactions import Id, Language
from shared.events.data import Data, Erasable, event

Message = Literal["feedback", "help", "motivation", "progress"]
Held = Literal["nothing_new", "control", "too_soon", "session", "typing", "dismissed", "asked"]
Text = Annotated[str, Field(min_length=1, max_length=280)]


@event("help.offered", stream="attention")
class HelpOffered(Data):
    """Help that nobody asked for, where the learner may be stuck. `offers`: what one click would do. `expected`: the
    learner model's probability of success; `failures`, `stalled`: failing runs, and those in a row that passed no new
    case: the figures that spoke for it."""

    goal: Id
    run: Id
    text: Text
    offers: tuple[Literal["hint", "smaller_step", "pause"], ...]
    expected: float | None = Field(default=None, ge=0, le=1)
    failures: int = Field(ge=0)
    stalled: int = Field(ge=0)
    language: Language = "en"


@event("progress.told", stream="attention")
class ProgressTold(Data):
    """Feedback on progress across goals, once a day, with the first run of the learner's day. `solved`, `unassisted`:
    goals since `since`; `evidence`: these goals' ids."""

    day: date
    since: datetime
    text: Text
    solved: int = Field(ge=0)
    unassisted: int = Field(ge=0)
    evidence: tuple[Id, ...] = ()
    language: Language = "en"


Seen = Literal["code", "wish", "doubt", "profile"]


@event("support.pointed", stream="attention")
class SupportPointed(Data):
    """The learner wrote of harm: they are pointed to a person. What they wrote is not repeated, and not judged.
    `seen`: where it stood. The text can be erased with all that is theirs."""

    text: Annotated[str, Field(min_length=1, max_length=600), Erasable(limit=2_400)]
    seen: Seen
    language: Language = "en"


@event("message.withheld", stream="goal")
class MessageWithheld(Data):
    """Something could have been said and was not. `why` control: one in ten, chosen by the run's id, so that the
    effect of messages can be measured against none."""

    goal: Id
    run: Id
    message: Message
    why: Held


@event("message.dismissed", stream="learner", interaction=True)
class MessageDismissed(Data):
    """The learner closes a message unread or unwanted. `message`: the event that brought it."""

    message: Id


@event("mood.forgotten", stream="learner", interaction=True)
class MoodForgotten(Data):
    """The learner wants what is kept of their mood deleted. What was asked for attention lately stays counted."""
