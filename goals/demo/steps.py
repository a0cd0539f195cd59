"""The journey of product.md, step by step. Each step says what the learner sees, and fails where it does not come.

A step may be begun again after a crash: what it sends carries the same ids, and what it chose before stays chosen.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic, perf_counter, sleep
from typing import Any

from goals.analytics.asking import ask
from goals.analytics.opening import of_copy
from goals.copies import sync
from goals.copies.fetching import Http
from goals.demo.assistant import works
from goals.demo.journey import Journey, need
from shared.clock import parse, rfc3339, utc_now

Json = dict[str, Any]
KINDS = 3
MINUTES = 45
NOTICE_DAYS = 5


@dataclass(frozen=True, slots=True)
class Step:
    """`name`: a stable word; `title`: what happens, for people."""

    name: str
    title: str
    play: Callable[[Journey], None]


def signs_up(j: Journey) -> None:
    """Account, trial contract, enrolments. The clock ticks once, so that today's day has begun in any case."""
    registered = j.seen("learner.registered")
    j.told.correlations.append(registered.id)
    courses = [j.seen("enrolment.started", lambda e, n=n: e.data["course"] == n) for n in j_courses(j)]  # type: ignore[misc]
    contract = j.seen("contract.signed").data
    j.operator.tick(rfc3339(registered.time))
    started = j.seen("day.started", lambda e: e.data["day"] == j.day.isoformat())
    j.told.correlations.append(started.correlation)
    j.settled()
    j.say(f"Welcome. You are in {len(courses)} courses; your contract runs until {contract['terms']['ends'][:10]}.")


def j_courses(j: Journey) -> list[str]:
    return [course["course"] for course in j.api.courses()["courses"] if course["enrolled"]]


def states_profile(j: Journey) -> None:
    """Target, level, minutes, language, consent: the first plan is a placement of short challenges."""
    said = {
        "target": "Read sensor logs and draw them",
        "level": "beginner",
        "minutes": MINUTES,
        "timezone": str(j.zone),
        "language": "en",
        "consent_mood": True,
    }
    stated = j.does("profile.stated", said, "profile")
    plan = j.seen("plan.changed", lambda e: e.correlation == stated)
    j.settled()
    placed = [goal for goal in j.goals().values() if goal["kind"] == "placement"]
    need(placed, f"no placement challenge was assigned; the plan said: {plan.data['because']}")
    j.say(plan.data["because"], *(f"· {g['title']} ({g['minutes']} min): {g['because']}" for g in by_name(placed)))


def takes_placement(j: Journey) -> None:
    """Each placement challenge is opened, and answered rightly."""
    for goal in by_name([g for g in j.goals().values() if g["kind"] == "placement"]):
        name = goal["challenge"]
        j.does("goal.opened", {"goal": goal["goal"]}, "placement", name, "open")
        code = j.knowledge.right(name, j.variant(goal["goal"]))
        end = j.runs(goal["goal"], code, "submit", "placement", name, "submit")
        need(end["passed"] == end["total"], f"the reference of {name} passes {end['passed']} of {end['total']}")
        j.seen("state.changed", lambda e, g=goal["goal"]: e.data["id"] == g and e.data["after"] == "solved")  # type: ignore[misc]
        j.settled()
        j.say(f"{goal['title']}: {end['passed']} of {end['total']} pass")
    level = j.seen("state.changed", lambda e: e.data["entity"] == "learner" and e.data["after"] == "learning")
    j.say(level.data["because"])


def gets_plan(j: Journey) -> None:
    """Goals of at least three kinds, each with its reason, ready to be opened."""
    plan = j.api.plan()
    kinds = sorted({line["kind"] for line in plan["goals"]} - {"placement"})
    need(len(kinds) >= KINDS, f"the plan has only {kinds}")
    need(all(line["because"] for line in plan["goals"]), "a goal of the plan has no reason")
    there = j.goals()
    need(all(line["goal"] in there for line in plan["goals"]), "a planned goal was not assigned")
    need(j.all("lesson.written"), "no page was written for any goal")
    j.say(plan["because"])
    for line in plan["goals"]:
        if line["kind"] != "placement":
            goal = there[line["goal"]]
            j.say(f"· {goal['title']} ({line['kind']}, {line['minutes']} min): {line['because']}")


def opens_goal(j: Journey) -> None:
    """Statement, starter and page of one of today's goals."""
    goal = chosen(j)
    j.does("goal.opened", {"goal": goal["goal"]}, "work", "open")
    detail = j.api.goal(goal["goal"])
    need(
        detail["statement"] and detail["entry"] in detail["starter"] and detail["cases"], "the goal cannot be worked on"
    )
    page = j.api.lesson(detail["page"]["concept"], goal=goal["goal"])
    hidden = detail["hidden_cases"]
    j.say(f"{detail['title']}: write {detail['entry']}; {len(detail['cases'])} cases to see, {hidden} hidden")
    j.say(f"beside it the page of {detail['page']['concept']}, {len(page.split())} words")


def chosen(j: Journey) -> Json:
    """The goal the learner works on: the first of the plan whose answer has a loop, or just the first."""
    before = j.decided("goal.opened", "work", "open")
    goals = j.goals()
    if before is not None:
        return goals[before["goal"]]
    new = [goal for line in j.api.plan()["goals"] if (goal := goals[line["goal"]])["state"] == "assigned"]
    need(new, "no goal of the plan is new")
    loops = [goal for goal in new if j.knowledge.has_loop(goal["challenge"], j.variant(goal["goal"]))]
    return (loops or new)[0]


def runs_wrong(j: Journey) -> None:
    """A wrong solution, over the websocket: results case by case, then feedback with the input and the line."""
    goal = chosen(j)
    code = j.knowledge.wrong(goal["challenge"], j.variant(goal["goal"]))
    frames, began = j.frames, perf_counter()
    data = {"goal": goal["goal"], "code": code, "purpose": "run"}
    request = j.does("run.requested", data, "work", "wrong")
    finished = j.seen("run.finished", lambda e: e.correlation == request)
    need(not finished.data["fault"], "the run was a fault of the server")
    said = j.seen("feedback.given", lambda e: e.data["run"] == finished.data["run"])
    j.fastest = (perf_counter() - began) * 1_000
    need(finished.data["failed"] > 0, "the wrong solution passes")
    need(said.data["line"] and said.data["input"], f"feedback names no input or line: {said.data}")
    need(len(said.data["text"]) <= 280, "feedback is longer than 280 characters")
    right = j.knowledge.right(goal["challenge"], j.variant(goal["goal"]))
    need(right.strip() not in said.data["text"], "feedback holds the solution")
    j.settled()
    j.say(f"{finished.data['passed']} of {finished.data['total']} pass, {j.frames - frames} results came while it ran")
    j.say(
        f"feedback after {j.fastest:.0f} ms, on {said.data['input']}, line {said.data['line']}:",
        f"  {said.data['text']}",
    )


def asks_hint(j: Journey) -> None:
    goal = chosen(j)
    asked = j.does("hint.asked", {"goal": goal["goal"]}, "work", "hint")
    hint = j.seen("hint.given", lambda e: e.correlation == asked)
    need(hint.data["rung"] == 1 and hint.data["left"] == 4, f"the first hint is rung {hint.data['rung']}")
    j.settled()
    j.say(f"hint {hint.data['rung']} of 5:", f"  {hint.data['text']}")


def asks_assistant(j: Journey) -> None:
    """The learner's MCP client lists the goals and runs what they have now: it is right, and not handed in yet."""
    goal = chosen(j)
    code = j.knowledge.right(goal["challenge"], j.variant(goal["goal"]))
    request = j.id("work", "assistant")
    j.told.correlations.append(request)
    goals, result, said = works(j, goal["goal"], code, request)
    need(goal["goal"] in {line["goal"] for line in goals}, "the MCP client does not see the goal")
    need(not result["fault"] and result["verdict"] == "passed", f"over MCP the right solution is {result['verdict']}")
    j.seen("run.finished", lambda e: e.correlation == request)
    j.settled()
    j.say(
        f"list_goals: {len(goals)} goals",
        f"run_solution: {result['passed']} of {result['total']} pass, told {said} times",
    )


def solves(j: Journey) -> None:
    """The right solution, submitted: solved, and mastery moves with its evidence."""
    goal = chosen(j)
    code = j.knowledge.right(goal["challenge"], j.variant(goal["goal"]))
    end = j.runs(goal["goal"], code, "submit", "work", "right")
    need(end["passed"] == end["total"], f"the right solution passes {end['passed']} of {end['total']}")
    request = j.id("work", "right")
    moved = j.seen("mastery.changed", lambda e: e.correlation == request)
    j.seen("feedback.given", lambda e: e.data["run"] == end["run"])
    j.seen("state.changed", lambda e: e.data["id"] == goal["goal"] and e.data["after"] == "solved")
    j.settled()
    why = j.api.mastery(moved.data["concept"])
    need(end["run"] in why["evidence"], f"the evidence of {why['concept']} does not name this run")
    need(why["events"], f"the evidence of {why['concept']} cannot be read")
    j.say(f"{end['passed']} of {end['total']} pass ({end['mode']})")
    for event in j.all("mastery.changed", lambda e: e.correlation == request):
        d = event.data
        j.say(f"{d['concept']}: {d['before']:.2f} → {d['after']:.2f}, unassisted {d['unassisted']:.2f}. {d['because']}")


def answers_mood(j: Journey) -> None:
    """How did it go? "Stuck": the plan takes smaller steps."""
    asked = j.seen("mood.asked")
    data = {"answer": "stuck", "goal": asked.data["goal"], "question": asked.id}
    answered = j.does("mood.answered", data, "mood")
    observed = j.seen("mood.observed", lambda e: e.correlation == answered)
    need(observed.data["effect"] == "smaller_step", f"the effect is {observed.data['effect']}")
    plan = j.seen("plan.changed", lambda e: e.correlation == answered)
    need(plan.data["mood"] == "smaller_step", f"the plan does not say that the mood moved it: {plan.data}")
    j.settled()
    j.say(f"{asked.data['question']} — stuck", plan.data["because"])
    j.say(*(f"· {line['kind']} {line['concept']}: {line['because']}" for line in plan.data["goals"]))


def wakes_tomorrow(j: Journey) -> None:
    """Cron at eight in the morning of the next day, where the learner lives: tomorrow's goals."""
    at, day = j.tomorrow(), (j.day + timedelta(days=1)).isoformat()
    j.operator.tick(rfc3339(at))
    started = j.seen("day.started", lambda e: e.data["day"] == day)
    j.told.correlations.append(started.correlation)
    plan = j.seen("plan.changed", lambda e: e.data["day"] == day)
    j.settled()
    new = [g for g in j.goals().values() if str(g["day"]) == day]
    need(new, f"no goal was assigned for {day}; the plan said: {plan.data['because']}")
    j.say(f"{day}: {plan.data['because']}", *(f"· {g['title']} ({g['kind']}): {g['because']}" for g in by_name(new)))


def hears_of_contract(j: Journey) -> None:
    """The organisation shortens the contract to five days: the learner is told what changed, and that it ends."""
    now = j.api.contract()
    ends = rfc3339(j.tomorrow(hour=0) + timedelta(days=NOTICE_DAYS - 1))
    if parse(now["terms"]["ends"]) != parse(ends):
        j.amend(now["contract"], {**now["terms"], "ends": ends, "version": "demo"})
    amended = j.seen("contract.amended")
    j.told.correlations.append(amended.correlation)
    changed = j.seen("contract.changed", lambda e: e.correlation == amended.correlation)
    need("ends" in changed.data["changes"], f"the change of the end was not noticed: {changed.data}")
    expiring = j.seen("contract.expiring", lambda e: e.correlation == amended.correlation)
    need(expiring.data["state"] == "expiring", f"the contract is {expiring.data['state']}")
    j.settled()
    for name, (before, after) in changed.data["changes"].items():
        j.say(f"{name}: {before} → {after}")
    j.say(expiring.data["text"])


def takes_data_home(j: Journey) -> None:
    """Everything the server holds, code and words in place."""
    data = j.api.export()
    held = {event["id"] for event in data["events"]}
    missing = [event.type for event in j.stream.events if event.id not in held]
    need(not missing, f"the export lacks {missing[:5]}")
    wrong = j.knowledge.wrong(chosen(j)["challenge"], j.variant(chosen(j)["goal"]))
    codes = [event["data"]["code"] for event in data["events"] if event["type"] == "goals.run.requested"]
    need(wrong in codes, "the learner's code is not in the export")
    texts = str(data["events"])
    need("payload:" not in texts, "the export holds references in place of words")
    j.say(f"{len(data['events'])} events, {len(codes)} programs, {len(texts) // 1024} KiB")


def takes_parquet(j: Journey) -> None:
    """Their own copy of all that, as Parquet on the disk: synced, and asked by DuckDB."""
    last = max(event.sequence for event in j.stream.events)
    with tempfile.TemporaryDirectory(prefix="goals-demo-copy-") as name, closing(Http()) as fetch:
        folder, until = Path(name) / "copy", monotonic() + j.limit
        while True:
            done = sync(folder, j.api.server, j.api.lake_manifest, fetch, now=utc_now)
            if done.snapshot.position >= last:
                break
            need(monotonic() < until, f"the copy tells of {done.snapshot.position}, and not of {last}")
            sleep(0.5)
        asked = "SELECT count(*) AS runs, count(*) FILTER (verdict = 'passed') AS passed FROM attempts"
        with of_copy(folder, asked) as db:
            (row,) = ask(db, asked).to_pylist()
    files = done.snapshot.files
    need(row["runs"] == len(j.all("run.finished")), f"the copy has {row['runs']} runs")
    j.say(f"{len(files)} files, {sum(f.rows for f in files)} rows, {sum(f.bytes for f in files):,} bytes")
    j.say(f"asked by DuckDB: {row['runs']} runs, {row['passed']} passed")


def by_name(goals: list[Json]) -> list[Json]:
    return sorted(goals, key=lambda goal: (goal["kind"], goal["challenge"]))


STEPS: tuple[Step, ...] = (
    Step("sign-up", "Signs up", signs_up),
    Step("profile", "Says target, level, minutes a day, and consents", states_profile),
    Step("placement", "Placement: a few short challenges", takes_placement),
    Step("plan", "Today's goals appear, of several kinds", gets_plan),
    Step("open", "Opens one: statement, starter, page beside it", opens_goal),
    Step("wrong", "Runs a wrong solution", runs_wrong),
    Step("hint", "Asks for a hint", asks_hint),
    Step("assistant", "An assistant lists the goals and runs the solution, over MCP", asks_assistant),
    Step("right", "Submits the right solution", solves),
    Step("mood", "Is asked how it went; the plan adapts", answers_mood),
    Step("tomorrow", "Tomorrow's goals come by the daily tick", wakes_tomorrow),
    Step("contract", "The contract is about to end", hears_of_contract),
    Step("export", "Takes the data home", takes_data_home),
    Step("copy", "Takes it home as Parquet, too, and asks it", takes_parquet),
)
