"""Why something was decided, as a tree; and "this is wrong", with its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from goals.cli.options import Email, Json, Server, signed_in
from goals.cli.screen import as_json, console
from goals.client import Answered, Stream
from shared.errors import NotFound
from shared.ids import new_id

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree

    from goals.client import Api

DECISIONS = (
    "goals.evaluation.recorded",
    "goals.mastery.changed",
    "goals.state.changed",
    "goals.plan.changed",
    "goals.contract.changed",
    "goals.access.denied",
)
"""What `goals why` without an id asks about: the newest of these."""


def why(
    event: Annotated[
        str | None,
        typer.Argument(help="An event's id, or a concept; the newest decision by default.", show_default=False),
    ] = None,
    depth: Annotated[int, typer.Option(min=1, max=8, help="Levels of reasons.")] = 4,
    learner: Annotated[str | None, typer.Option(help="For operators: whose event.", show_default=False)] = None,
    server: Server = None,
    account: Email = None,
    json: Json = False,
) -> None:
    """Why it was decided: the events it rests on, back to what you did. `goals events` shows ids."""
    api = signed_in(server, account)
    told = _asked(api, event, depth, learner)
    if json:
        as_json(told)
        return
    console().print(_tree(told))


def doubt(
    concept: Annotated[str, typer.Argument(help="The concept whose mastery figure is wrong.")],
    attempt: Annotated[str | None, typer.Option(help="The run you mean.", show_default=False)] = None,
    text: Annotated[str, typer.Option(help="In your own words.")] = "",
    server: Server = None,
    account: Email = None,
) -> None:
    """Says that a mastery figure is wrong, and waits for the answer: weighed again, or explained."""
    api = signed_in(server, account)
    id_ = new_id()
    receipt = api.doubt(concept, id=id_, attempt=attempt, text=text)
    with Stream(api.server, api.session, after=receipt["position"]) as stream:
        answer = stream.wait(lambda e: e.type == "goals.mastery.answered" and e.data["question"] == id_, 30)
    console().print(answer.data["text"], markup=False)
    console().print(f"[dim]goals why {answer.id}[/]")


def _asked(api: Api, event: str | None, depth: int, learner: str | None) -> dict[str, Any]:
    if event is None:
        event = next((e.id for e in reversed(list(api.events())) if e.type in DECISIONS), None)
        if event is None:
            raise NotFound("nothing has been decided yet", hint="goals today")
    try:
        return api.why(event, depth=depth, learner=learner)
    except Answered as error:
        if error.status != 404 or learner is not None:
            raise
    return api.why_mastery(event, depth=depth)


def _tree(told: dict[str, Any]) -> Tree:
    from rich.tree import Tree

    def grow(tree: Tree, reasons: list[dict[str, Any]]) -> None:
        for reason in reasons:
            grow(tree.add(_line(reason)), reason["reasons"])

    root = Tree(_line(told), guide_style="dim")
    grow(root, told["reasons"])
    return root


def _line(reason: dict[str, Any]) -> Text:
    from rich.text import Text

    text = Text()
    if reason["role"] != "asked":
        text.append(f"{reason['label']}: ", style="cyan")
    text.append(reason["says"], style="bold" if reason["role"] == "asked" else "")
    if reason["because"]:
        text.append(f" {reason['because']}", style="italic")
    note = " (above)" if reason["again"] else " …" if reason["more"] else ""
    text.append(f"  {reason['type'].removeprefix('goals.')} {reason['at'][:16]} {reason['event']}{note}", style="dim")
    return text
