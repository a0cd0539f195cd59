"""What a learner chooses from the command line, on the whole system: each choice is heard, and its effect shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.conftest import PASSWORD, Person

JS = "javascript-foundations"


def course_state(person: Person, course: str) -> str | None:
    listed = {c["course"]: c["state"] for c in person.goals("courses", "--json").json["courses"]}
    found: str | None = listed[course]
    return found


def eventually(person: Person, course: str, state: str) -> bool:
    """The process moves it a moment after it was asked for."""
    return any(course_state(person, course) == state for _ in range(40))


@pytest.fixture
def brief(person: Person) -> Person:
    """A learner of a few minutes a day, so that the bank is not used up by one plan."""
    person.goals("register", "--email", person.email, "--name", "Ada", "--timezone", "UTC", GOALS_PASSWORD=PASSWORD)
    person.goals("profile", "--target", "draw logs", "--level", "new", "--minutes", "10", "--no-consent-mood")
    assert any(person.goals("today", "--json").json["goals"] for _ in range(100)), "no goals were planned"
    return person


def test_a_goal_is_swapped_for_another_that_says_in_whose_place_it_stands(brief: Person) -> None:
    learner = brief
    goal = learner.goals("today", "--json").json["goals"][0]
    said = learner.goals("swap", goal["goal"], "--reason", "not_for_me").out
    assert "In place of" in said
    states = {g["goal"]: g["state"] for g in learner.goals("today", "--json").json["goals"]}
    assert states[goal["goal"]] == "swapped"
    again = learner.goals("swap", goal["goal"], status=1).errors
    assert "This goal is swapped" in again


def test_a_goal_is_laid_aside_and_taken_up(learner: Person) -> None:
    goal = learner.goals("today", "--json").json["goals"][0]["goal"]
    assert "Laid aside" in learner.goals("pause", goal).out
    assert "Taken up" in learner.goals("resume", goal).out
    assert "Name one thing" in learner.goals("pause", status=1).errors
    assert "Name one thing" in learner.goals("pause", goal, "--course", JS, status=1).errors


def test_days_off_are_taken_until_a_day_that_lies_ahead_and_ended(learner: Person) -> None:
    until = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    assert until in learner.goals("pause", "--until", until).out
    assert "Welcome back" in learner.goals("resume").out
    assert "not a day to come back on" in learner.goals("pause", "--until", "2020-01-01", status=1).errors
    learner.goals("pause", "--until", "soon", status=1)


def test_a_course_is_joined_laid_aside_taken_up_and_left(learner: Person) -> None:
    assert course_state(learner, JS) is None
    assert "goals join" in learner.goals("courses").out
    assert f"You are in {JS}" in learner.goals("join", JS).out
    assert "already" in learner.goals("join", JS, status=1).errors
    learner.goals("pause", "--course", JS)
    assert eventually(learner, JS, "paused")
    learner.goals("resume", "--course", JS)
    assert eventually(learner, JS, "active")
    learner.goals("leave", JS)
    assert eventually(learner, JS, "left")
    assert "There is no course" in learner.goals("join", "alchemy", status=1).errors


def test_a_wish_is_answered_in_words_and_kept_with_what_became_of_it(learner: Person) -> None:
    assert "join javascript-foundations" in learner.goals("want", "--concept", "js-arrays").out
    assert "Nothing is taught here by that name" in learner.goals("want", "to", "speak", "Klingon").out
    kept = learner.goals("want", "--list").out
    assert "to speak Klingon" in kept
    assert "js-arrays" in kept
    assert "Say what you want" in learner.goals("want", status=1).errors


def test_the_weekdays_one_learns_on_and_the_minutes_of_each_are_said_and_kept(learner: Person) -> None:
    learner.goals("profile", "--days", "mon,tue,Thursday,sat", "--minutes-on", "sat=90")
    learner.goals("profile", "--minutes", "25", "--minutes-on", "mon=10")
    said = [e for e in learner.goals("events", "--json").json if e["type"] == "goals.profile.stated"][-1]["data"]
    assert (said["days_off"], said["minutes"], said["minutes_on"]) == ([2, 4, 6], 25, {"5": 90, "0": 10})
    assert "no weekday" in learner.goals("profile", "--days", "mon,someday", status=1).errors
    assert "not a day and its minutes" in learner.goals("profile", "--minutes-on", "sat", status=1).errors
    assert "Every day of the week is a day off" in learner.goals("profile", "--days", ",", status=1).errors


def consents(person: Person) -> dict[str, bool]:
    """As they were stated last."""
    said = [e for e in person.goals("events", "--json").json if e["type"] == "goals.profile.stated"][-1]["data"]
    return {name: said[f"consent_{name}"] for name in ("mood", "workspace")}


def test_a_folders_languages_and_packages_are_shown_sent_with_consent_and_deleted(learner: Person) -> None:
    work = learner.folder / "work"
    (work / "node_modules" / "left-pad").mkdir(parents=True)
    (work / "node_modules" / "left-pad" / "index.js").write_text("module.exports = 1")
    (work / "secret_plan.py").write_text("password = 'x'")
    (work / "requirements.txt").write_text("numpy==1.0 # here\n-r other.txt\n")
    (work / "package.json").write_text('{"dependencies": {"@types/node": "1", "react": "2"}}')
    (work / "pyproject.toml").write_text("not toml [")
    learner.goals("profile", "--job", "teacher")
    assert "Nobody is here to agree" in learner.goals("workspace", "work", status=1).errors
    assert not consents(learner)["workspace"]
    shown = learner.goals("workspace", "work", "--yes").out
    assert "languages: python\n" in shown
    assert "secret" not in shown
    assert "left-pad" not in shown
    said = [e for e in learner.goals("events", "--json").json if e["type"] == "goals.workspace.seen"]
    assert said[-1]["data"]["languages"] == "python"
    assert set(said[-1]["data"]["dependencies"].split()) == {"numpy", "node", "react"}
    assert consents(learner) == {"mood": True, "workspace": True}
    assert "deleted" in learner.goals("workspace", "--forget").out
    assert consents(learner) == {"mood": True, "workspace": False}
    assert "No language or package" in learner.goals("workspace", str(learner.home / "none"), status=1).errors
