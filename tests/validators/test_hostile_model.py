"""A real server that speaks a model's wire protocol and means harm: the learner gets the rule-made words every time."""

from __future__ import annotations

import json
import sys

import pytest

from functions.feedback.agent import Context, decide
from functions.feedback.function import passes
from functions.feedback.writing import Writer, nobody, writer
from graph.decision import Decision
from shared.events.catalogue.models import ModelCalled
from shared.events.catalogue.teaching import FeedbackGiven, HintGiven
from shared.models import Asker, Model
from shared.telemetry.prometheus import PrometheusMeter
from tests.models.server import ModelServer, fails, says
from tests.validators.situations import CODE, FAILING, NOW, a_goal, a_run, an_input, challenge, hostile, sound


def report(programming: str) -> str:
    failure = FAILING[programming]
    case = {"id": failure.case, "visible": True, "verdict": "failed", "input": failure.input, "got": failure.got,
            "expected": failure.expected, "line": failure.line, "locals": dict(failure.locals)}  # fmt: skip
    return json.dumps({"cases": [case]})


def decided(programming: str, language: str, write: Writer, *, hint: bool = False) -> Decision:
    asked = [an_input("goals.hint.asked", "h", rung=None)] if hint else [a_run()]
    context = Context(
        language, a_goal(programming), challenge(programming), asked, CODE[programming],
        report(programming), now=NOW,
    )  # fmt: skip
    return decide(context, write)


def one(decision: Decision, kind: type[FeedbackGiven | HintGiven]) -> FeedbackGiven | HintGiven:
    (body,) = [said.body for said in decision.events if isinstance(said.body, kind)]
    return body


def asking(model: Model, programming: str, learner: str) -> Writer:
    return writer(model, Asker(learner), NOW, passes(challenge(programming)))


def test_no_hostile_text_reaches_a_learner_as_feedback_or_as_hint(server: ModelServer, model: Model) -> None:
    for n, (programming, rule, language, text) in enumerate(hostile()):
        server.always(says({"text": text}))
        write = asking(model, programming, f"learner-{n}")
        given = one(decided(programming, language, write), FeedbackGiven)
        by_rules = one(decided(programming, language, nobody), FeedbackGiven)
        assert (given.text, given.origin) == (by_rules.text, "rule"), (rule, text)
        assert rule in (given.replaced or "").split(","), (given.replaced, text)
        if rule not in {"result", "number"}:  # a hint is about no run; inputs to try are its own
            told = one(decided(programming, language, write, hint=True), HintGiven)
            assert (told.origin, bool(told.replaced)) == ("rule", True), (rule, text)
            assert told.text == challenge(programming).hints[language][0].strip()


def test_sound_words_reach_the_learner_and_the_event_says_who_made_them(server: ModelServer, model: Model) -> None:
    for n, (programming, language, text) in enumerate(sound()):
        server.always(says({"text": text}))
        decision = decided(programming, language, asking(model, programming, f"learner-{n}"))
        given = one(decision, FeedbackGiven)
        assert (given.text, given.origin, given.replaced) == (text, "model", None)
        assert [said.body for said in decision.events if isinstance(said.body, ModelCalled)]


def test_a_model_that_fails_leaves_the_rules_words_and_its_reason(server: ModelServer, model: Model) -> None:
    server.always(fails(400))
    given = one(decided("python", "en", asking(model, "python", "ana")), FeedbackGiven)
    assert given.origin == "rule"
    assert given.replaced == "not_accepted"


def test_what_was_said_before_is_not_said_again_by_a_model(server: ModelServer, model: Model) -> None:
    from shared.readmodel.rows import Feedback

    text = next(t for p, lang, t in sound() if (p, lang) == ("python", "en"))
    server.always(says({"text": text + " "}))
    context = Context(
        "en", a_goal(), challenge("python"), [a_run()], CODE["python"],
        report("python"), [Feedback("r0", text.upper(), "boundary", NOW)], now=NOW,
    )  # fmt: skip
    given = one(decide(context, asking(model, "python", "ana")), FeedbackGiven)
    assert (given.origin, given.replaced) == ("rule", "repeated")


def test_a_model_is_told_neither_the_reference_nor_what_hidden_cases_ask(server: ModelServer, model: Model) -> None:
    server.always(says({"text": "Look at line 4."}))
    decided("python", "en", asking(model, "python", "ana"))
    sent = " ".join(request.system + request.request for request in server.received)
    assert "if age < 16" not in sent
    assert "fare(64)" not in sent
    assert "fare(30)" in sent


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_program_that_orders_a_model_about_changes_nothing(server: ModelServer, model: Model, language: str) -> None:
    """The injection succeeds in the model: what it then says is refused all the same."""
    server.always(says({"text": challenge("python").reference}))
    given = one(decided("python", language, asking(model, "python", "eve")), FeedbackGiven)
    assert given.origin == "rule"
    assert challenge("python").reference not in given.text


def test_what_was_refused_is_counted_by_prompt_and_rule(
    server: ModelServer, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = PrometheusMeter()
    monkeypatch.setattr(sys.modules["shared.telemetry.meter"], "_meter", counted)

    def figure(prompt: str, rule: str) -> float | None:
        labels = {"prompt": prompt, "rule": rule}
        return counted.registry.get_sample_value("goals_model_texts_refused_total", labels)

    for n, text in enumerate(("Swap `30` for `15` on line 4.", "Line 4 should end at 15.", "Look at line 4.")):
        server.always(says({"text": text}))
        decided("python", "en", asking(model, "python", f"learner-{n}"))
    server.always(says({"text": "This is stupid: see https://fares.example.com/help for line 4."}))
    decided("python", "en", asking(model, "python", "ana"), hint=True)
    assert figure("feedback", "edit") == 2
    assert (figure("hint", "manners"), figure("hint", "links")) == (1, 1)
    assert figure("feedback", "manners") is None
