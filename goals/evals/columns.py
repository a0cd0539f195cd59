"""The two columns: what the rules say in a situation, and what a model does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from functions.feedback.agent import Context, decide
from functions.feedback.writing import PROMPTS, Draft, Wanted, Words
from goals.evals.situations import Situation
from graph.state import Input
from shared.clock import Clock
from shared.events.catalogue.models import ModelCalled
from shared.events.catalogue.teaching import FeedbackGiven, HintGiven
from shared.models import Answer, Asker, Model, load_prompt
from shared.readmodel.rows import Goal

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Made:
    """What one column says in one situation. `text` empty: nothing came, and `why` says so. `called`: what it cost."""

    text: str
    why: str = ""
    called: ModelCalled | None = None


def rule_made(situation: Situation) -> Made:
    """What a learner is told without a model. Empty where the rules keep quiet."""
    for said in decide(context_of(situation)).events:
        if isinstance(said.body, FeedbackGiven | HintGiven):
            return Made(said.body.text)
    return Made("", "the rules keep quiet")


class ModelMade:
    """What the model writes when the agent asks it, before anything of it is refused. `who`: whose budget it is."""

    def __init__(self, model: Model, who: Asker, now: Clock) -> None:
        self._model, self._who, self._now = model, who, now

    def __call__(self, situation: Situation) -> Made:
        heard = [Made("", "this is not put into words by a model")]

        def write(wanted: Wanted) -> Draft:
            prompt = load_prompt(PROMPTS, wanted.prompt)
            found = self._model.ask(prompt, wanted.inputs, Words, who=self._who, now=self._now())
            if isinstance(found, Answer):
                heard.append(Made(found.value.text.strip(), called=found.called))
            else:
                heard.append(Made("", found.reason, found.called))
            return Draft()

        decide(context_of(situation), write)
        return heard[-1]


def context_of(situation: Situation) -> Context:
    """The situation as the feedback node sees it."""
    learner = situation.learner
    return Context(
        learner.language,
        goal_of(situation),
        learner.challenge,
        [_input(situation)],
        code=learner.code,
        report=situation.report,
    )


def goal_of(situation: Situation) -> Goal:
    challenge = situation.learner.challenge
    return Goal(
        goal="evals",
        learner="evals",
        kind="course",
        challenge=challenge.slug,
        challenge_version=challenge.version,
        variant=challenge.variant,
        course=challenge.course,
        concepts=list(challenge.concepts),
        difficulty=challenge.difficulty,
        day=date(2026, 11, 23),
        minutes=challenge.minutes,
        because="",
        state="open",
        assigned=NOW,
        opened=NOW,
        closed=None,
        runs=1,
        failures=1,
        hints=(situation.rung or 1) - 1,
        signature="",
        same_failures=1,
        best=situation.passed,
        stalled=0,
        total=situation.total,
    )


def _input(situation: Situation) -> Input:
    if situation.rung is not None:
        return _event("goals.hint.asked", {"rung": None})
    passed, total = situation.passed, situation.total
    facts = {"run": "run", "purpose": "run", "passed": passed, "failed": total - passed, "total": total}
    return _event("goals.run.finished", facts | {"signature": "s", "fault": False, "verdict": "failed"})


def _event(type_: str, facts: dict[str, object]) -> Input:
    return {"id": "evals", "type": type_, "position": 1, "at": NOW.isoformat(), "correlation": "evals", "facts": facts}
