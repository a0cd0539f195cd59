"""What a learner does, as their client reports it. Clients send these; the server checks each one."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from shared.events.data import Data, Erasable, event

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:/@-]+$")]
Slug = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[a-z0-9-]+$")]
Dependency = Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9][a-z0-9._+#-]*$")]
"""A language's or package's name as registries write it: no path, no free text."""
Language = Literal["en", "es"]
Weekday = Annotated[int, Field(ge=0, le=6)]
Minutes = Annotated[int, Field(ge=5, le=480)]
Purpose = Literal["run", "submit"]
Swap = Literal["too_hard", "too_easy", "not_for_me", "seen_before", "unclear"]
Feeling = Literal["great", "good", "flat", "stuck", "tired", "not_now", "never_ask"]


@event("goal.opened", stream="goal", interaction=True)
class GoalOpened(Data):
    goal: Id


@event("goal.paused", stream="goal", interaction=True)
class GoalPaused(Data):
    goal: Id


@event("goal.resumed", stream="goal", interaction=True)
class GoalResumed(Data):
    """The learner takes up a goal that was laid aside."""

    goal: Id


@event("goal.swapped", stream="goal", interaction=True)
class GoalSwapped(Data):
    """The learner wants another goal in this one's place. `reason`: what was wrong with it, if they say so."""

    goal: Id
    reason: Swap | None = None


@event("code.edited", stream="activity", interaction=True)
class CodeEdited(Data):
    """A summary of edits; never the text. `seconds`: active time it covers; `idle`: pause before it, in seconds."""

    goal: Id
    inserted: int = Field(ge=0, le=10_000_000)
    deleted: int = Field(ge=0, le=10_000_000)
    pasted: int = Field(default=0, ge=0, le=10_000_000)
    seconds: float = Field(default=0, ge=0, le=86_400)
    idle: float = Field(default=0, ge=0, le=31_536_000)


@event("code.saved", stream="activity", interaction=True)
class CodeSaved(Data):
    """`length`: characters of the file. The text itself comes with a run, or not at all."""

    goal: Id
    length: int = Field(ge=0, le=10_000_000)


@event("goal.focused", stream="activity", interaction=True)
class GoalFocused(Data):
    """The learner had a goal's code in front of them. `seconds`: for how long, typing or not."""

    goal: Id
    seconds: float = Field(ge=0, le=86_400)


@event("run.rehearsed", stream="activity", interaction=True)
class RunRehearsed(Data):
    """A run on the learner's own machine: visible cases only, and their machine's word, which decides nothing. `run`:
    the id of the `run.requested` it went beside."""

    goal: Id
    run: Id
    passed: int = Field(ge=0, le=10_000)
    failed: int = Field(ge=0, le=10_000)


@event("run.requested", stream="goal", interaction=True)
class RunRequested(Data):
    """`purpose` submit: this counts as the learner's answer; run: a try."""

    goal: Id
    code: Annotated[str, Erasable(limit=65_536)]
    purpose: Purpose = "run"


@event("hint.asked", stream="goal", interaction=True)
class HintAsked(Data):
    """The next rung of the ladder, or rung `rung` (1 to 5) if it has been reached already."""

    goal: Id
    rung: int | None = Field(default=None, ge=1, le=5)


@event("mood.answered", stream="learner", interaction=True)
class MoodAnsweredV1(Data):
    """First form: a number from 1 (bad) to 5 (good). See `upcast.py`."""

    score: int = Field(ge=1, le=5)
    goal: Id | None = None


@event("mood.answered", stream="learner", version=2, interaction=True)
class MoodAnswered(Data):
    """One click. `question`: id of the `mood.asked` event, if one was asked."""

    answer: Feeling
    goal: Id | None = None
    question: Id | None = None


@event("profile.stated", stream="learner", interaction=True)
class ProfileStatedV1(Data):
    """First form: it could hold the names of a workspace, in clear. See `upcast.py`."""

    target: Annotated[str, Field(max_length=200), Erasable(limit=800)] = ""
    job: Annotated[str, Field(max_length=120), Erasable(limit=480)] = ""
    level: Literal["new", "beginner", "intermediate", "advanced"] = "beginner"
    minutes: Minutes = 30
    minutes_on: dict[Weekday, Minutes] = Field(default_factory=dict)
    timezone: str = Field(default="UTC", max_length=64)
    language: Language = "en"
    days_off: tuple[Weekday, ...] = ()
    workspace: tuple[Dependency, ...] = Field(default=(), max_length=100)
    consent_mood: bool = False
    consent_workspace: bool = False


@event("profile.stated", stream="learner", version=2, interaction=True)
class ProfileStated(Data):
    """What the learner says of themselves. `minutes`: a day; `minutes_on`: of weekdays (0 is Monday) that have more or
    fewer. `days_off`: weekdays on which they do not learn. `timezone`: IANA name. `target`: what they want to be able
    to do; `job`: what they do. What their workspace holds is `workspace.seen`, which can be deleted."""

    target: Annotated[str, Field(max_length=200), Erasable(limit=800)] = ""
    job: Annotated[str, Field(max_length=120), Erasable(limit=480)] = ""
    level: Literal["new", "beginner", "intermediate", "advanced"] = "beginner"
    minutes: Minutes = 30
    minutes_on: dict[Weekday, Minutes] = Field(default_factory=dict)
    timezone: str = Field(default="UTC", max_length=64)
    language: Language = "en"
    days_off: tuple[Weekday, ...] = ()
    consent_mood: bool = False
    consent_workspace: bool = False


@event("wish.stated", stream="learner", interaction=True)
class WishStated(Data):
    """The learner asks for a goal of their own: words, a concept, or both."""

    text: Annotated[str, Field(max_length=500), Erasable(limit=2_000)] = ""
    concept: Slug | None = None


@event("mastery.questioned", stream="learner", interaction=True)
class MasteryQuestioned(Data):
    """ "This is wrong": the learner doubts a mastery figure. `attempt`: the run they mean, if they mean one."""

    concept: Slug
    attempt: Id | None = None
    text: Annotated[str, Field(max_length=500), Erasable(limit=2_000)] = ""


@event("enrolment.paused", stream="learner", interaction=True)
class EnrolmentPaused(Data):
    """The learner lays a course aside."""

    course: Slug


@event("enrolment.resumed", stream="learner", interaction=True)
class EnrolmentResumed(Data):
    """The learner takes a course up again."""

    course: Slug


@event("enrolment.left", stream="learner", interaction=True)
class EnrolmentLeft(Data):
    """The learner leaves a course. What they did in it stays; they may join it again."""

    course: Slug


@event("learning.paused", stream="learner", interaction=True)
class LearningPaused(Data):
    """The learner takes days off: nothing new is planned and nothing is lost. `until`: the first day they learn again,
    in their own calendar."""

    until: date


@event("learning.resumed", stream="learner", interaction=True)
class LearningResumed(Data):
    """The learner is back before the day they had named."""


@event("workspace.seen", stream="learner", interaction=True)
class WorkspaceSeen(Data):
    """Which languages and dependencies the learner's workspace holds, as their editor saw it, with their consent. Names
    as registries write them, separated by spaces: no paths, no versions, no code. The newest counts, alone."""

    languages: Annotated[str, Field(max_length=820), Erasable(limit=820)] = ""
    dependencies: Annotated[str, Field(max_length=4_100), Erasable(limit=4_100)] = ""
