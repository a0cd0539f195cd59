"""The contract one learns under: its terms, what is left of them and when it comes anew, what is to accept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from goals.cli.options import Email, Json, Server, signed_in
from goals.cli.screen import as_json, console

if TYPE_CHECKING:
    from rich.table import Table


def contract(
    accept: Annotated[
        str | None, typer.Option(metavar="VERSION", help="Accept this version of the terms.", show_default=False)
    ] = None,
    consent: Annotated[
        list[str] | None, typer.Option(help="A consent given with it; may be repeated.", show_default=False)
    ] = None,
    history: Annotated[bool, typer.Option("--history", help="What was stated, changed, given back.")] = False,
    server: Server = None,
    account: Email = None,
    json: Json = False,
) -> None:
    """What the contract allows, what of it is left, and when it comes anew."""
    api = signed_in(server, account)
    if accept is not None:
        api.accept_terms(accept, consent or [])
    answer = api.contract_history() if history else api.contract()
    if json:
        as_json(answer)
    elif history:
        console().print(_steps(answer["steps"]))
    else:
        _show(answer)


def _show(answer: dict[str, Any]) -> None:
    terms, screen = answer["terms"], console()
    ends = f"until {terms['ends'][:10]}, with grace until {answer['cut_off'][:10]}"
    screen.print(f"[bold]{answer['organisation']}[/], version {terms['version']}: {answer['standing']}, {ends}")
    screen.print(f"courses: {', '.join(terms['courses']) or 'all'}", markup=False)
    if price := terms["price"]:
        screen.print(f"{price['name']}: {price['amount'] / 100:.2f} {price['currency']} a {price['per']}", markup=False)
    screen.print(_quotas(answer["quotas"]))
    acceptance = answer["acceptance"]
    if acceptance["by"] is not None:
        consents = "".join(f" --consent {name}" for name in acceptance["missing"])
        screen.print(
            f"To accept by {acceptance['by'][:10]}: goals contract --accept {terms['version']}{consents}",
            style="yellow", markup=False,
        )  # fmt: skip


def _quotas(rows: list[dict[str, Any]]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in ("a day", "left", "of", "anew at"):
        table.add_column(name, justify="right" if name in ("left", "of") else "left")
    for row in rows:
        table.add_row(row["kind"], str(row["left"]), str(row["limit"]), row["resets"][:16].replace("T", " ") + " UTC")
    return table


def _steps(rows: list[dict[str, Any]]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False)
    for row in rows:
        said = row["text"] or "; ".join(f"{name}: {old} → {new}" for name, (old, new) in row["changes"].items())
        kind = row["type"].removeprefix("goals.")
        table.add_row(row["at"][:16], kind, row["version"] or "", escape(said), f"[dim]{row['id']}[/]")
    return table
