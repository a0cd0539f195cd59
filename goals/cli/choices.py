"""What one chooses: another goal, a pause, a goal of one's own, courses."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goals.cli.goal import Which, choose
from goals.cli.options import Email, Json, Server, signed_in
from goals.cli.screen import as_json, console
from goals.client import Event, Stream
from goals.client.errors import Unreachable
from shared.errors import InvalidInput

if TYPE_CHECKING:
    from goals.client import Api

SOON = 8.0
"""Seconds to wait for what a choice leads to; it is not lost if it comes later."""
REASONS = "too_hard, too_easy, not_for_me, seen_before, unclear"
Course = Annotated[str, typer.Argument(help="Its name, as `goals courses` lists it.")]


def swap(
    goal: Which,
    reason: Annotated[str | None, typer.Option(help=f"What was wrong: {REASONS}.", show_default=False)] = None,
    server: Server = None,
    account: Email = None,
) -> None:
    """Another goal in this one's place, of its kind and concept. Three a day."""
    api = signed_in(server, account)
    chosen = choose(api, goal)
    receipt = api.swap(chosen["goal"], reason)
    news = _news(api, receipt, {"goals.goal.assigned", "goals.process.reviewed"}, until={"goals.goal.assigned"})
    made = [e for e in news if e.type == "goals.goal.assigned"]
    for event in made:
        console().print(
            f"{event.data['challenge']}, {event.data['minutes']} min. {event.data['because']}", markup=False
        )
    if not made:
        console().print("Swapped. `goals today` shows what comes in its place.")


def pause(
    goal: Annotated[
        str | None, typer.Argument(metavar="[GOAL]", help="A goal; without one, --course or --until.")
    ] = None,
    course: Annotated[str | None, typer.Option(help="A course.", show_default=False)] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Days off from all: the first day you learn again.")
    ] = None,
    server: Server = None,
    account: Email = None,
) -> None:
    """Lay something aside: a goal, a course, or all learning until a day. Nothing is lost; reviews wait."""
    _one(goal, course, until, "a goal, --course or --until")
    api = signed_in(server, account)
    if goal is not None:
        api.pause_goal(choose(api, goal)["goal"])
        console().print("Laid aside. `goals resume` with its name takes it up again.")
    elif course is not None:
        api.pause_course(course)
        console().print(f"{course} is laid aside; its reviews wait.", markup=False)
    else:
        api.rest(str(until))
        console().print(f"Days off until {until}. `goals resume` is back before that.", markup=False)


def resume(
    goal: Annotated[str | None, typer.Argument(metavar="[GOAL]", help="A goal; without one, all learning.")] = None,
    course: Annotated[str | None, typer.Option(help="A course.", show_default=False)] = None,
    server: Server = None,
    account: Email = None,
) -> None:
    """Take up what was laid aside: a goal, a course, or (with neither) all learning."""
    if goal is not None and course is not None:
        raise InvalidInput("a goal or a course, not both at once")
    api = signed_in(server, account)
    if goal is not None:
        api.resume_goal(choose(api, goal)["goal"])
        console().print("Taken up: it is in today's plan.")
    elif course is not None:
        api.resume_course(course)
        console().print(f"{course} goes on.", markup=False)
    else:
        api.end_rest()
        console().print("Welcome back. `goals today` shows what is planned, in a moment.")


def want(
    words: Annotated[list[str] | None, typer.Argument(help="What you want to be able to do.")] = None,
    concept: Annotated[str | None, typer.Option(help="A concept by its name.", show_default=False)] = None,
    wishes: Annotated[bool, typer.Option("--list", help="What you wished for, and what became of it.")] = False,
    server: Server = None,
    account: Email = None,
    json: Json = False,
) -> None:
    """A goal of your own: say it in words or name a concept, and hear what becomes of it."""
    api = signed_in(server, account)
    if wishes:
        answer = api.wishes()
        if json:
            as_json(answer)
            return
        for row in answer["wishes"]:
            said = row["because"] or "not answered yet"
            console().print(f"{row['at'][:10]}  {row['text'] or row['concept']}: {said}", markup=False)
        return
    text = " ".join(words or [])
    if not text.strip() and concept is None:
        raise InvalidInput("say what you want", hint="goals want lists of lists, or goals want --concept loops")
    receipt = api.wish(text, concept)
    answered = {"goals.wish.answered", "goals.support.pointed"}
    for event in _news(api, receipt, answered, until=answered):
        console().print(str(event.data.get("because") or event.data.get("text")), markup=False)
        return
    console().print("Noted. `goals want --list` shows what becomes of it.")


def courses(server: Server = None, account: Email = None, json: Json = False) -> None:
    """Every course: how you stand in it, and whether you may join."""
    from rich.markup import escape
    from rich.table import Table

    answer = signed_in(server, account).courses()
    if json:
        as_json(answer)
        return
    table = Table(box=None, pad_edge=False)
    for name in ("course", "", "you", "learnt"):
        table.add_column(name, justify="right" if name == "learnt" else "left", overflow="fold")
    for course in answer["courses"]:
        concepts = [c for module in course["modules"] for c in module["concepts"]]
        learnt = sum((c["shown"] or 0) >= 0.9 for c in concepts)
        stands = course["state"] or ("goals join" if course["covered"] else "not in your contract")
        table.add_row(course["course"], escape(course["title"]), stands, f"{learnt} of {len(concepts)}")
    console().print(table)


def join(course: Course, server: Server = None, account: Email = None) -> None:
    """Join a course, or come back to one you left. Its goals are planned at once."""
    api = signed_in(server, account)
    receipt = api.join(course)
    console().print(f"You are in {course}.", markup=False)
    for event in _news(api, receipt, {"goals.plan.changed"}, until={"goals.plan.changed"}, within=3.0):
        console().print(f"New plan: {event.data['because']}", style="cyan", markup=False)


def leave(course: Course, server: Server = None, account: Email = None) -> None:
    """Leave a course. What you did in it stays, and you may join it again."""
    signed_in(server, account).leave(course)
    console().print(f"You have left {course}.", markup=False)


def _one(*given: str | None) -> None:
    *choices, what = given
    if sum(choice is not None for choice in choices) != 1:
        raise InvalidInput(f"name one thing: {what}")


def _news(
    api: Api, receipt: dict[str, Any], types: Collection[str], *, until: Collection[str], within: float = SOON
) -> list[Event]:
    """Events of `types` that the recorded interaction led to, up to the first of `until`; what is late is left out."""
    with Stream(api.server, api.session, after=receipt["position"]) as stream:
        with contextlib.suppress(Unreachable):
            stream.wait(lambda e: e.type in until and e.correlation == receipt["id"], within)
        return [e for e in stream.events if e.type in types and e.correlation == receipt["id"]]
