"""The mood node asks seldom and only with consent, honours every answer, and never says more than it knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from functions.mood.agent import EFFECTS, Context, decide
from functions.mood.texts import ANSWERS, BECAUSE, MESSAGES, QUESTIONS, SIGNALS
from graph.decision import Decision
from graph.state import Input
from shared.attention import held_back
from shared.events.catalogue.agents import MoodAsked, MoodObserved, MotivationGiven
from shared.events.catalogue.attention import MessageWithheld, SupportPointed
from shared.events.catalogue.interactions import Feeling
from shared.readmodel.rows import Attention, Goal, Learner, Mood

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SPOKEN = next(f"e-{i}" for i in range(99) if not held_back(f"e-{i}"))
SILENT = next(f"e-{i}" for i in range(99) if held_back(f"e-{i}"))
ASKED_TODAY = Mood(asked=NOW - timedelta(hours=2))


def learner(**facts: Any) -> Learner:
    base = Learner(
        learner="ana", tenant="public", name="", registered=NOW, language="en", timezone="UTC", target="",
        level="beginner", minutes=30, days_off=[], consent_mood=True, consent_workspace=False,
        state="active", last_seen=NOW,
    )  # fmt: skip
    return replace(base, **facts)


def goal(**facts: Any) -> Goal:
    base = Goal(
        goal="g1", learner="ana", kind="daily", challenge="cable-car", challenge_version=1, variant=None,
        course="python-foundations", concepts=["conditionals"], difficulty=0.2, day=date(2026, 11, 23), minutes=10,
        because="", state="open", assigned=NOW, opened=NOW, closed=None, runs=4, failures=3, hints=0, signature="s",
        same_failures=0, best=6, stalled=0, total=8,
    )  # fmt: skip
    return replace(base, **facts)


def finished(passed: int = 8, purpose: str = "submit", *, fault: bool = False, event: str = SPOKEN) -> Input:
    facts = {"run": "r1", "purpose": purpose, "passed": passed, "failed": 8 - passed, "total": 8,
             "signature": "s", "fault": fault, "verdict": ""}  # fmt: skip
    return {"id": event, "type": "goals.run.finished", "position": 1, "at": NOW.isoformat(),
            "correlation": "c", "facts": facts}  # fmt: skip


def answered(answer: str, event: str = "a1") -> Input:
    return {"id": event, "type": "goals.mood.answered", "position": 1, "at": NOW.isoformat(),
            "correlation": "c", "facts": {"answer": answer, "goal": "g1", "question": None}}  # fmt: skip


def decided(*inputs: Input, mood: Mood | None = None, **facts: Any) -> Decision:
    base = Context("en", learner(), mood or Mood(), goal(), inputs, {}, NOW, 0.6)
    return decide(replace(base, **facts))


def bodies(decision: Decision, kind: type[Any]) -> list[Any]:
    return [said.body for said in decision.events if isinstance(said.body, kind)]


def findings(decision: Decision) -> dict[str, Any]:
    return decision.update["findings"]["mood"]  # type: ignore[no-any-return]


def test_a_solved_goal_is_a_moment_to_ask_with_seven_one_click_answers() -> None:
    (question,) = bodies(decided(finished()), MoodAsked)
    assert question.goal == "g1"
    assert list(question.answers) == ["great", "good", "flat", "stuck", "tired", "not_now", "never_ask"]
    assert findings(decided(finished())) == {"effect": "none", "asked": True}


def test_the_third_equal_failure_is_a_moment_to_ask() -> None:
    (question,) = bodies(decided(finished(3), goal=goal(same_failures=3)), MoodAsked)
    assert question.because == "The same failure came 3 times in a row."
    assert bodies(decided(finished(3), goal=goal(same_failures=2)), MoodAsked) == []


def test_a_return_after_three_days_is_a_moment_to_ask() -> None:
    (question,) = bodies(decided(finished(3), away=4.2), MoodAsked)
    assert question.because == "First run after 4 days."
    assert bodies(decided(finished(3), away=2.9), MoodAsked) == []


@pytest.mark.parametrize("language", ["es", "es-MX"])
def test_it_asks_in_the_learners_language(language: str) -> None:
    (question,) = bodies(decided(finished(), language=language), MoodAsked)
    assert question.question == "¿Qué tal ha ido este?"
    assert question.answers["not_now"] == "Ahora no"


def test_without_consent_nothing_is_asked_observed_or_said() -> None:
    silent = learner(consent_mood=False)
    for event in (finished(), finished(3)):
        decision = decided(event, learner=silent, goal=goal(same_failures=5, stalled=5))
        assert decision.events == []
        assert findings(decision) == {"effect": "none", "asked": False}


@pytest.mark.parametrize("answer", EFFECTS)
def test_an_explicit_answer_is_honoured_even_without_consent(answer: str) -> None:
    decision = decided(answered(answer), learner=learner(consent_mood=False))
    (observed,) = bodies(decision, MoodObserved)
    assert observed.state == answer
    assert observed.effect == EFFECTS[answer] == findings(decision)["effect"]
    assert observed.evidence == ("a1",)


@pytest.mark.parametrize("answer", ["not_now", "never_ask"])
def test_a_refusal_says_nothing_of_a_mood(answer: str) -> None:
    decision = decided(answered(answer))
    assert decision.events == []
    assert findings(decision)["effect"] == "none"


def test_of_two_answers_the_newer_counts() -> None:
    assert findings(decided(answered("great", "a1"), answered("tired", "a2")))["effect"] == "pause"


@pytest.mark.parametrize(
    ("mood", "may"),
    [
        (Mood(asked=NOW - timedelta(hours=19)), False),
        (Mood(asked=NOW - timedelta(hours=21)), True),
        (Mood(answered=NOW - timedelta(hours=1)), False),
        (Mood(never=True), False),
        (Mood(asked=NOW - timedelta(days=6), answered=NOW - timedelta(days=6), refused=2), False),
        (Mood(asked=NOW - timedelta(days=6), answered=NOW - timedelta(days=6), refused=1), True),
        (Mood(asked=NOW - timedelta(days=8), answered=NOW - timedelta(days=8), refused=2), True),
    ],
)
def test_questions_are_rare_and_back_off_after_refusals(mood: Mood, may: bool) -> None:
    assert bool(bodies(decided(finished(), mood=mood), MoodAsked)) is may


@pytest.mark.parametrize("signs", [{"stalled": 2}, {"same_failures": 3}])
def test_signals_say_may_be_stuck_and_change_no_plan(signs: dict[str, int]) -> None:
    decision = decided(finished(3), goal=goal(**signs))
    (observed,) = bodies(decision, MoodObserved)
    assert observed.state == "may_be_stuck"
    assert observed.effect == "none"
    assert observed.evidence == (SPOKEN,)
    assert findings(decision)["effect"] == "none"


def test_the_same_signal_is_noted_once_an_hour() -> None:
    noted = Mood(state="may_be_stuck", observed=NOW - timedelta(minutes=30))
    assert bodies(decided(finished(3), goal=goal(stalled=4), mood=noted), MoodObserved) == []
    later = replace(noted, observed=NOW - timedelta(minutes=90))
    assert len(bodies(decided(finished(3), goal=goal(stalled=4), mood=later), MoodObserved)) == 1


def test_a_signal_keeps_what_the_learner_asked_for_today() -> None:
    tired = Mood(state="tired", effect="pause", observed=NOW - timedelta(hours=3), answered=NOW - timedelta(hours=3))
    (observed,) = bodies(decided(finished(3), goal=goal(stalled=2), mood=tired), MoodObserved)
    assert observed.effect == "pause"


def test_persistence_is_named_with_its_figures_and_evidence() -> None:
    (message,) = bodies(decided(finished(), mood=ASKED_TODAY), MotivationGiven)
    assert message.text == ("3 runs failed before this one, and each told you something: now all 8 cases pass.")
    assert message.evidence == (SPOKEN,)


def test_what_was_easy_is_not_praised() -> None:
    assert bodies(decided(finished(), mood=ASKED_TODAY, expected=0.95), MotivationGiven) == []
    assert bodies(decided(finished(), mood=ASKED_TODAY, goal=goal(failures=0)), MotivationGiven) == []


def test_a_question_and_a_message_never_come_together() -> None:
    decision = decided(finished())
    assert bodies(decision, MoodAsked)
    assert bodies(decision, MotivationGiven) == []


@pytest.mark.parametrize(
    ("attention", "why"),
    [
        (Attention(spoken=NOW - timedelta(minutes=9), messages=1), "too_soon"),
        (Attention(spoken=NOW - timedelta(minutes=11), messages=1), None),
        (Attention(spoken=NOW - timedelta(minutes=30), messages=3), "session"),
        (Attention(spoken=NOW - timedelta(hours=3), messages=3), None),
        (Attention(dismissed=2, waved_off=NOW - timedelta(hours=3)), "dismissed"),
        (Attention(dismissed=2, waved_off=NOW - timedelta(days=2)), None),
        (Attention(dismissed=1, waved_off=NOW - timedelta(hours=3)), None),
    ],
)
def test_messages_are_few_and_what_was_held_back_is_recorded(attention: Attention, why: str | None) -> None:
    decision = decided(finished(), mood=ASKED_TODAY, attention=attention)
    assert bool(bodies(decision, MotivationGiven)) is (why is None)
    assert [held.why for held in bodies(decision, MessageWithheld)] == ([why] if why else [])


def test_after_two_refusals_no_message_comes_either() -> None:
    assert bodies(decided(finished(), mood=replace(ASKED_TODAY, refused=2)), MotivationGiven) == []


def test_one_run_in_ten_gets_no_message_so_that_effect_can_be_measured() -> None:
    decision = decided(finished(event=SILENT), mood=ASKED_TODAY)
    assert bodies(decision, MotivationGiven) == []
    assert [held.why for held in bodies(decision, MessageWithheld)] == ["control"]
    assert 50 < sum(held_back(f"run-{i}") for i in range(1_000)) < 150


def test_what_asks_for_attention_names_the_version_it_was_decided_on() -> None:
    seen = Attention(version=7)
    for decision in (decided(finished(), attention=seen), decided(finished(), mood=ASKED_TODAY, attention=seen)):
        (said,) = [e for e in decision.events if isinstance(e.body, MoodAsked | MotivationGiven)]
        assert said.expected == 7


def test_a_question_waits_where_something_was_just_said() -> None:
    decision = decided(finished(), attention=Attention(spoken=NOW - timedelta(seconds=1), messages=1))
    assert bodies(decision, MoodAsked) == []


def test_someone_who_says_stuck_hears_what_is_there_and_what_comes() -> None:
    (message,) = bodies(decided(answered("stuck")), MotivationGiven)
    assert message.text == ("6 of 8 cases pass after 4 runs, and that stays. The next step will be a smaller one.")
    (fresh,) = bodies(decided(answered("stuck"), goal=None), MotivationGiven)
    assert fresh.text == "The next step will be a smaller one."


def wrote(type_: str, text: str = "payload:t", event: str = "w1") -> Input:
    return {"id": event, "type": type_, "position": 1, "at": NOW.isoformat(), "correlation": "c",
            "facts": {"concept": None, "text": text}}  # fmt: skip


@pytest.mark.parametrize(
    ("type_", "seen"),
    [("goals.wish.stated", "wish"), ("goals.mastery.questioned", "doubt"), ("goals.profile.stated", "profile")],
)
@pytest.mark.parametrize(
    ("text", "language", "piece"),
    [("I don't want to live anymore", "en", "talk to a person"), ("ya no quiero vivir", "es", "habla ahora con una")],
)
def test_who_writes_of_harm_is_pointed_to_a_person_without_consent_and_without_judgement(
    type_: str, seen: str, text: str, language: str, piece: str
) -> None:
    decision = decided(
        wrote(type_),
        written={"w1": text},
        language=language,
        learner=learner(consent_mood=False),
        contact="Ana, 12",
    )
    (pointed,) = bodies(decision, SupportPointed)
    assert len(decision.events) == 1
    assert piece in pointed.text
    assert "Ana, 12" in pointed.text
    assert pointed.seen == seen
    assert text not in pointed.text
    assert findings(decision)["effect"] == "none"


def test_a_wish_about_programs_points_nowhere_and_nobody_is_pointed_twice_in_a_row() -> None:
    harmless = {"w1": "how do I kill a process that hangs, and find dead code?"}
    assert decided(wrote("goals.wish.stated"), written=harmless).events == []
    lately = Attention(supported=NOW - timedelta(hours=1))
    assert decided(wrote("goals.wish.stated"), written={"w1": "I want to die"}, attention=lately).events == []


def test_good_needs_no_reply() -> None:
    assert bodies(decided(answered("good")), MotivationGiven) == []


def test_a_fault_of_ours_is_no_sign_of_anything() -> None:
    assert decided(finished(0, fault=True), goal=goal(stalled=9)).events == []


def test_an_unknown_learner_is_left_alone() -> None:
    assert decided(finished(), learner=None).events == []


def test_deciding_twice_decides_the_same() -> None:
    assert decided(finished()) == decided(finished())


def test_every_text_exists_in_both_languages_and_every_answer_the_catalogue_knows_is_offered() -> None:
    for table in (ANSWERS, QUESTIONS, BECAUSE, SIGNALS, MESSAGES):
        assert set(table["en"]) == set(table["es"])  # type: ignore[index]
    assert set(ANSWERS["en"]) == set(Feeling.__args__)  # type: ignore[attr-defined]


def test_no_text_diagnoses_or_praises_the_person() -> None:
    forbidden = (
        "frustrat",
        "depress",
        "anxi",
        "smart",
        "talent",
        "clever",
        "genius",
        "list@",
        "frustrad",
        "inteligente",
    )
    for language in ("en", "es"):
        for table in (QUESTIONS, MESSAGES, SIGNALS, BECAUSE):
            for text in table[language].values():  # type: ignore[index]
                assert not any(word in text.lower() for word in forbidden)
                assert len(text) <= 200
