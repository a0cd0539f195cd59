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
    least: Annotated[int, typer.Option("--least", min=1, help="Rows about fewer learners are left out.")] = 3,
    data: Data = None,
) -> None:
    """Write a page about a group's progress, with plots; one file, to look at anywhere and to send on."""
    from goals.analytics.report import figures, page

    with lake(data, "tried", {"tenant": tenant, "course": course, "since": day(since)}) as db:
        found = figures(db, least=least)
    scope = " · ".join(word for word in (course or "all courses", tenant) if word)
    fresh = out.with_name(f".{out.name}.new")
    fresh.write_text(page(found, title=title, scope=scope, made=utc_now()), "utf-8")
    fresh.replace(out)
    console().print(f"{out}: {found.totals['learners']} learners, {found.totals['attempts']} attempts.", soft_wrap=True)
