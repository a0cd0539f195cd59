"""What the state of mind asks for, from what the learner says; from signals no more than "may be stuck".

Consent first: without it nothing is asked, observed or said unasked. An answer the learner gives is always honoured.
How often: a question at most every 20 hours, none for a week after two refusals in a row, none ever after
"never ask again"; unasked messages as `shared.attention` has it, and none for what was easy. What is asked or said
names the version of the stream it was decided on: two goals worked on at once do not bring two questions.
A third of feedback interventions hurt, the more the attention turns to the self: Kluger & DeNisi (1996), Psychological
Bulletin 119; hence messages speak of the work, with its figures, and are few.
Who writes of harm is pointed to a person, whatever their consent: nothing is noted of a mood, and nothing judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from functions.mood.texts import ANSWERS, BECAUSE, MESSAGES, QUESTIONS, SIGNALS, Moment
from graph.decision import Decision, Said
from graph.state import Input
from shared.attention import SPEAK_EVERY, held
from shared.events.catalogue.agents import MoodAsked, MoodObserved, MotivationGiven
from shared.events.catalogue.attention import MessageWithheld, Seen
from shared.events.data import Data
from shared.readmodel.rows import Attention, Goal, Learner, Mood
from shared.spoken import words
from shared.support import point, pointed_lately
from shared.validators import writes_of_harm

Effect = Literal["none", "smaller_step", "review", "pause", "stretch"]

ASK_EVERY = timedelta(hours=20)
ASK_AFTER_SPEAKING = timedelta(minutes=1)
"""A question and a message never come together, whichever function was first."""
AFTER_REFUSALS, REFUSALS = timedelta(days=7), 2
SAME_SIGNAL = timedelta(hours=1)
AWAY_DAYS, EQUAL_FAILURES, STALLED, PERSISTED = 3, 3, 2, 2
EASY = 0.9

EFFECTS: Mapping[str, Effect] = {
    "great": "stretch",
    "good": "none",
    "flat": "review",
    "stuck": "smaller_step",
    "tired": "pause",
}
"""What an answer asks of the plan. "Not now" and "never ask again" say nothing of a mood."""

WRITTEN: Mapping[str, Seen] = {
    "goals.wish.stated": "wish",
    "goals.mastery.questioned": "doubt",
    "goals.profile.stated": "profile",
}
"""Where a learner writes in words, besides their programs (`feedback` reads those)."""


@dataclass(frozen=True, slots=True)
class Context:
    """`struggle`: as in the graph's state. `expected`: the model's probability for this challenge before its solution
    was seen; None where it is not known. `now`: this run's time. `away`: days since the run before this input's first,
    on whichever goal; None: there was none. `written`: what the learner wrote in words, by its event's id;
    `contact`: whom to point to, besides."""

    language: str
    learner: Learner | None
    mood: Mood
    goal: Goal | None
    inputs: Sequence[Input]
    struggle: Mapping[str, Any]
    now: datetime
    expected: float | None = None
    attention: Attention = field(default_factory=Attention)
    away: float | None = None
    written: Mapping[str, str] = field(default_factory=dict)
    contact: str = ""


def decide(context: Context) -> Decision:
    """Harm first, then an answer; else, with consent, what the runs of this input suggest."""
    harm = [said for event in context.inputs for said in _care(context, event)]
    if harm:
        return _found("none", asked=False, events=harm[:1])
    answer = _answer(context.inputs)
    if answer is not None:
        return _heard(context, answer)
    runs = [i for i in context.inputs if i["type"] == "goals.run.finished" and not i["facts"].get("fault")]
    if not runs or context.learner is None or not context.learner.consent_mood:
        return _found("none", asked=False, events=[])
    events: list[Said] = []
    signal = stuck_signal(context)
    if signal is not None:
        events.append(Said(_observed(context, signal, runs), causation=runs[-1]["id"]))
    moment = moment_of(context, runs)
    asked = moment is not None and may_ask(context)
    if moment is not None and asked:
        events.append(_spoken(context, _question(context, moment), runs[-1]))
    elif moment is not None and (message := message_for(context, moment)) is not None:
        why = held(context.attention, now=context.now, run=runs[-1]["id"], asked=context.mood.asked)
        if why is None and not _silenced(context.mood):
            events.append(_spoken(context, _motivation(context, message, runs), runs[-1]))
        elif why is not None and context.goal is not None:
            withheld = MessageWithheld(
                goal=context.goal.goal, run=runs[-1]["facts"]["run"], message="motivation", why=why
            )
            events.append(Said(withheld, causation=runs[-1]["id"]))
    return _found("none", asked=asked, events=events)


def moment_of(context: Context, runs: Sequence[Input]) -> Moment | None:
    """Which good moment this is: a goal solved, the third equal failure (or a later one), the first run in days."""
    if any(r["facts"]["purpose"] == "submit" and 0 < r["facts"]["total"] == r["facts"]["passed"] for r in runs):
        return "solved"
    if _equal_failures(context) >= EQUAL_FAILURES:
        return "equal_failures"
    return "return" if (context.away or 0) >= AWAY_DAYS else None


def may_ask(context: Context) -> bool:
    """The caps on questions. A question never follows within an answer's or a question's 20 hours."""
    mood, now = context.mood, context.now
    if mood.never:
        return False
    if mood.refused >= REFUSALS and mood.answered is not None and now - mood.answered < AFTER_REFUSALS:
        return False
    if context.attention.spoken is not None and now - context.attention.spoken < ASK_AFTER_SPEAKING:
        return False
    return all(now - at >= ASK_EVERY for at in (mood.asked, mood.answered) if at is not None)


def stuck_signal(context: Context) -> str | None:
    """Why the learner may be stuck, with its figure; None without such signs, or where it was noted within the hour."""
    goal, mood = context.goal, context.mood
    noted = mood.state == "may_be_stuck" and mood.observed is not None
    if goal is None or (noted and mood.observed is not None and context.now - mood.observed < SAME_SIGNAL):
        return None
    signals = SIGNALS[words(context.language)]
    if _equal_failures(context) >= EQUAL_FAILURES:
        return signals["equal_failures"].format(count=_equal_failures(context))
    return signals["stalled"].format(count=goal.stalled) if goal.stalled >= STALLED else None


def message_for(context: Context, moment: Moment) -> str | None:
    """A verified fact of this goal, where one is worth a word; None otherwise."""
    goal = context.goal
    if goal is None:
        return None
    messages, figures = MESSAGES[words(context.language)], _figures(goal)
    match moment:
        case "solved":
            easy = context.expected is not None and context.expected > EASY
            return None if easy or goal.failures < PERSISTED else messages["persisted"].format(**figures)
        case "equal_failures":
            return messages["may_be_stuck"].format(**figures) if goal.best else None
        case "return":
            return messages["return"].format(**figures) if goal.best else None


def _answer(inputs: Sequence[Input]) -> Input | None:
    """The newest answer: it overtakes older ones."""
    return next((i for i in reversed(inputs) if i["type"] == "goals.mood.answered"), None)


def _heard(context: Context, event: Input) -> Decision:
    answer = str(event["facts"]["answer"])
    effect = EFFECTS.get(answer)
    if effect is None:
        return _found("none", asked=False, events=[])
    language = words(context.language)
    observed = MoodObserved(
        state=answer,  # type: ignore[arg-type]  # pydantic checks it: EFFECTS holds states only
        signal=SIGNALS[language]["answer"].format(answer=ANSWERS[language][answer]),
        evidence=(event["id"],),
        effect=effect,
    )
    events = [Said(observed, causation=event["id"])]
    spaced = context.attention.spoken is None or context.now - context.attention.spoken >= SPEAK_EVERY
    text = _reply(context, answer)
    if spaced and text:
        goal = context.goal.goal if context.goal else None
        given = MotivationGiven(goal=goal, text=text, evidence=(event["id"],))
        events.append(_spoken(context, given, event))
    return _found(effect, asked=False, events=events)


def _reply(context: Context, answer: str) -> str | None:
    """What follows an answer: what is there, and what will be done about it. "Good" needs no reply."""
    messages, goal = MESSAGES[words(context.language)], context.goal
    if answer in {"stuck", "tired"}:
        if goal is None or not goal.best or goal.closed:
            return messages[f"{answer}_new"]
        return messages[answer].format(**_figures(goal))
    return messages.get(answer)


def _equal_failures(context: Context) -> int:
    shown = context.goal.same_failures if context.goal else 0
    return max(shown, int(context.struggle.get("count", 0)))


def _figures(goal: Goal) -> dict[str, int]:
    return {"best": goal.best, "total": goal.total, "runs": goal.runs, "failures": goal.failures}


def _observed(context: Context, signal: str, runs: Sequence[Input]) -> MoodObserved:
    """A signal never changes the plan by itself: what the learner asked for today stays."""
    mood = context.mood
    fresh = mood.observed is not None and context.now - mood.observed < ASK_EVERY
    effect: Effect = mood.effect if fresh else "none"  # type: ignore[assignment]  # the read model holds no other
    return MoodObserved(state="may_be_stuck", signal=signal, evidence=_ids(runs), effect=effect)


def _question(context: Context, moment: Moment) -> MoodAsked:
    language = words(context.language)
    return MoodAsked(
        goal=context.goal.goal if context.goal else None,
        question=QUESTIONS[language][moment],
        answers=dict(ANSWERS[language]),
        because=BECAUSE[language][moment].format(count=_equal_failures(context), days=int(context.away or 0)),
    )


def _motivation(context: Context, text: str, runs: Sequence[Input]) -> MotivationGiven:
    return MotivationGiven(goal=context.goal.goal if context.goal else None, text=text, evidence=_ids(runs))


def _care(context: Context, event: Input) -> list[Said]:
    """A wish, a doubt or a profile that speaks of harm is answered, once in a while, by pointing to a person."""
    if event["type"] not in WRITTEN or pointed_lately(context.attention, context.now):
        return []
    if not writes_of_harm(context.written.get(event["id"], "")):
        return []
    return [_spoken(context, point(context.language, WRITTEN[event["type"]], context.contact), event)]


def _spoken(context: Context, body: Data, event: Input) -> Said:
    """Something that asks for attention, decided on what was said so far."""
    return Said(body, expected=context.attention.version, causation=event["id"])


def _silenced(mood: Mood) -> bool:
    return mood.refused >= REFUSALS or mood.never


def _ids(runs: Sequence[Input]) -> tuple[str, ...]:
    return tuple(run["id"] for run in reversed(runs))


def _found(effect: Effect, *, asked: bool, events: Sequence[Said]) -> Decision:
    return Decision({"findings": {"mood": {"effect": effect, "asked": asked}}}, events)
