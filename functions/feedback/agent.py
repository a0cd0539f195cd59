"""What to say after a run, and which hint to give: a verified fact, a likely cause, one next step.

The rules always have an answer; a model, where there is one, may put it into better words, and what it writes is
checked. A run that failed through a fault of ours is never spoken of: it says nothing about the learner's code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from functions.feedback import hints, offering, replying
from functions.feedback.progress import Standing, progress
from functions.feedback.writing import Writer, nobody
from graph.decision import Decision, Said
from graph.state import Input
from shared.curriculum import Challenge
from shared.events.catalogue.attention import HelpOffered, MessageWithheld
from shared.readmodel.rows import Attention, Feedback, Goal, Review
from shared.support import point, pointed_lately
from shared.validators.harm import code_writes_of_harm

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Context:
    """`challenge`: with its variant's values. `code`, `report`: of the newest run; empty if erased.
    `recent`: what was said on this goal, newest first. `runs`: how many the goal has had, this one with it;
    `solved_before`: a submission passed before the newest run. `expected`: the learner model's probability of success;
    None where it is not known. `asked`: the last question about mood. `standing`: for the first run of a day.
    `contact`: whom to point to, besides."""

    language: str
    goal: Goal | None
    challenge: Challenge | None
    inputs: Sequence[Input]
    code: str = ""
    report: str = ""
    recent: Sequence[Feedback] = ()
    runs: int = 1
    solved_before: bool = False
    now: datetime = EPOCH
    zone: str = "UTC"
    title: str = ""
    review: Review | None = None
    expected: float | None = None
    attention: Attention = field(default_factory=Attention)
    asked: datetime | None = None
    edited: datetime | None = None
    standing: Standing | None = None
    contact: str = ""


def decide(context: Context, write: Writer = nobody) -> Decision:
    """Hints that were asked for, words on the newest run, and what is said unasked: at most one thing of that."""
    events: list[Said] = []
    goal, challenge = context.goal, context.challenge
    if goal is not None and challenge is not None:
        asked = hints.Asked(
            goal, challenge, context.language, context.now, context.zone, context.code, context.report, context.title,
            context.review,
        )  # fmt: skip
        events += hints.given(asked, context.inputs, write)
        run = newest_run(context.inputs)
        if run is not None:
            events += _replied(context, goal, challenge, run, write)
            events += _unasked(context, goal, run)
    said = any(not isinstance(event.body, MessageWithheld) for event in events)
    return Decision({"findings": {"feedback": {"said": said}}}, events)


def newest_run(inputs: Sequence[Input]) -> Input | None:
    """The newest run that says something about the learner's code."""
    runs = (i for i in reversed(inputs) if i["type"] == "goals.run.finished" and not i["facts"].get("fault"))
    return next(runs, None)


def _replied(context: Context, goal: Goal, challenge: Challenge, run: Input, write: Writer) -> Iterator[Said]:
    told = replying.Told(
        context.language, goal, challenge, context.code, context.report, context.recent, context.runs,
        context.solved_before,
    )  # fmt: skip
    reply = replying.reply(told, run, write)
    if reply.draft.called is not None:
        yield Said(reply.draft.called, causation=run["id"])
    if reply.given is not None:
        yield Said(reply.given, causation=run["id"])
    else:
        name = run["facts"]["run"]
        withheld = MessageWithheld(goal=goal.goal, run=name, message="feedback", why="nothing_new")
        yield Said(withheld, causation=run["id"])


def _unasked(context: Context, goal: Goal, run: Input) -> list[Said]:
    """Somebody in need first, then help, then progress: never two."""
    if not pointed_lately(context.attention, context.now) and code_writes_of_harm(context.code):
        pointed = point(context.language, "code", context.contact)
        return [Said(pointed, expected=context.attention.version, causation=run["id"])]
    offered = offering.offer(
        goal,
        run,
        context.language,
        expected=context.expected,
        attention=context.attention,
        asked=context.asked,
        edited=context.edited,
        now=context.now,
    )
    if context.standing is None or any(isinstance(said.body, HelpOffered) for said in offered):
        return offered
    return offered + progress(context.standing, run, context.language, context.attention, context.now)
