"""`goals report`: a teacher's page about a group, from the lake of this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from goals.cli.lake_query import Course, Since, Tenant, day, lake
from goals.cli.screen import console
from goals.cli.up import Data
from shared.clock import utc_now


def report(
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write.")] = Path("report.html"),
    title: Annotated[str, typer.Option("--title", help="Its heading.")] = "How the group is doing",
    course: Course = None,
    tenant: Tenant = None,
    since: Since = None,
    least: Annotated[int, typer.Option("--least", min=1, help="Rows and figures of fewer learners are left out.")] = 3,
    data: Data = None,
) -> None:
    """Write a page about a group's progress, with plots; one file, to look at anywhere and to send on."""
    from goals.analytics.report import figures, page

    made, first = utc_now(), day(since)
    with lake(data, "tried", {"tenant": tenant, "course": course, "since": first}) as db:
        found = figures(db, made=made, least=least)
    scope = " · ".join(word for word in (course or "all courses", tenant) if word)
    fresh = out.with_name(f".{out.name}.new")
    fresh.write_text(page(found, title=title, scope=scope, made=made, since=first), "utf-8")
    fresh.replace(out)
    told = (
        f"{found.totals['learners']} learners, {found.totals['attempts']} attempts"
        if found.totals
        else f"fewer than {least} learners"
    )
    console().print(f"{out}: {told}.", soft_wrap=True)
