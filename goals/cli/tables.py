"""Tables and pictures of the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from goals.cli.naming import numbered
from goals.client import Event

MARKS = {"assigned": "·", "open": "▸", "stuck": "!", "paused": "‖", "solved": "✓", "swapped": "×", "abandoned": "×"}
LONG = 60


def day(console: Console, daily: dict[str, Any]) -> None:
    """Today's goals, numbered, and the plan's own words."""
    plan, streak = daily["plan"], daily["streak"]
    if not daily["goals"]:
        word = "Nothing is planned yet. `goals profile` says what you want to learn." if not plan else plan["because"]
        console.print(word)
        return
    table = Table(box=None, pad_edge=False)
    for name in ("", "", "goal", "kind", "min", "cases", "why"):
        table.add_column(name, justify="right" if name in ("min", "cases") else "left", overflow="fold")
    for number, goal in enumerate(numbered(daily["goals"]), 1):
        cases = f"{goal['best']}/{goal['total']}" if goal["runs"] else ""
        style = "green" if goal["state"] == "solved" else "yellow" if goal["state"] == "stuck" else ""
        mark = MARKS.get(goal["state"], "?")
        why = f"[dim]{escape(goal['because'])}[/]"
        title = f"{escape(goal['title'])} [dim]{goal['challenge']}[/]"
        table.add_row(str(number), mark, title, goal["kind"], str(goal["minutes"]), cases, why, style=style)
    console.print(f"[bold]{daily['day']}[/]  {escape(plan['because']) if plan else ''}\n")
    console.print(table)
    stats = daily["stats"]
    words = f"{stats['solved']} solved, {stats['runs']} runs today; {days_in_a_row(streak)}"
    console.print(f"\n[dim]{words}. `goals open 1` opens the first.[/]")


def running(console: Console, frames: Iterator[dict[str, Any]]) -> dict[str, Any]:
    """What the program prints and a line for each case, the moment they are known; gives the last frame."""
    table, printed = _cases(), Text()
    end: dict[str, Any] | None = None
    with Live(Group(table, Spinner("dots", "…")), console=console, refresh_per_second=15, transient=False) as live:
        for frame in frames:
            if frame["type"] == "queued":
                live.update(Spinner("dots", f"waiting: {frame['position']} before yours…"))
            elif frame["type"] == "printed":
                printed = _tail(printed, frame)
                live.update(Group(table, printed, Spinner("dots", "…")))
            elif frame["type"] == "case":
                _add(table, frame)
                live.update(Group(table, printed, Spinner("dots", f"{frame['index']} of {frame['of']}")))
            elif frame["type"] in ("finished", "cancelled"):
                end = frame
        live.update(table if table.row_count else Text(""))
    assert end is not None  # noqa: S101  the client raises where the stream ends without it
    if end["type"] == "cancelled":
        console.print(f"[yellow]Cancelled after {end['judged']} of {end['total']} cases: it counts nowhere.[/]")
    elif end["fault"]:
        console.print("[red]The server failed during this run, not your code: it costs you nothing. Run it again.[/]")
    else:
        style = "green" if end["passed"] == end["total"] else "red"
        console.print(
            f"\n[{style}]{end['passed']} of {end['total']} pass[/] [dim]({end['ms']:.0f} ms, {end['mode']})[/]"
        )
    return end


def _tail(before: Text, frame: dict[str, Any], lines: int = 8) -> Text:
    """The last lines of what was printed. Control characters are shown, not obeyed: they are the program's."""
    said = "".join(c if c in "\n\t" or c.isprintable() else "\ufffd" for c in frame["text"])
    whole = (before.plain + said).splitlines(keepends=True)
    return Text("".join(whole[-lines:]), style="dim")


def days_in_a_row(streak: dict[str, Any]) -> str:
    return f"{streak['current']} day{'' if streak['current'] == 1 else 's'} in a row"


def _cases() -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("", "input", "expected", "got", "line"):
        table.add_column(name, overflow="fold", justify="right" if name == "line" else "left")
    return table


def _add(table: Table, case: dict[str, Any]) -> None:
    """Of a hidden case there is only its verdict."""
    good = case["verdict"] == "passed"
    mark = "[green]✓[/]" if good else "[red]✗[/]"
    if not case["visible"]:
        table.add_row(mark, f"[dim]hidden case, {case['subtask']}[/]", "", "" if good else _word(case["verdict"]), "")
        return
    error = case.get("error")
    got = f"{error['type']}: {error['message']}" if error else _value(case.get("got"))
    if not good and not error and case["verdict"] != "failed":
        got = _word(case["verdict"])
    line = case.get("line") or (error or {}).get("line") or ""
    shown, line = ("", "") if good else (_cut(got), line)
    table.add_row(mark, _cut(_value(case.get("input"))), _cut(_value(case.get("expected"))), shown, str(line))


def _word(verdict: str) -> str:
    return verdict.replace("_", " ")


def _value(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else repr(value)


def _cut(text: str) -> str:
    return escape(text if len(text) <= LONG else text[: LONG - 1] + "…")


def consequences(console: Console, events: Sequence[Event]) -> None:
    """What a run changed: mastery with its reason, words of encouragement, the next plan."""
    for event in events:
        match event.type:
            case "goals.mastery.changed":
                before, after = event.data["before"], event.data["after"]
                console.print(f"  {event.data['concept']}: mastery {before:.2f} → {after:.2f}", style="cyan")
                console.print(f"    {event.data['because']}", style="dim", markup=False)
            case "goals.motivation.given" | "goals.help.offered" | "goals.progress.told" | "goals.support.pointed":
                console.print(f"  {event.data['text']}", style="magenta", markup=False)
            case "goals.mood.asked":
                answers = ", ".join(event.data["answers"])
                console.print(
                    f"  {event.data['question']} `goals mood ANSWER`: {answers}", style="magenta", markup=False
                )
            case "goals.plan.changed":
                console.print(f"  New plan: {event.data['because']}", style="cyan", markup=False)


def bar(shown: float, uncertainty: float, width: int = 24) -> Text:
    """Mastery as a bar; the lighter part is one standard deviation to both sides, carried from log-odds."""
    from math import exp, log

    def moved(by: float) -> float:
        held = min(0.999, max(0.001, shown))
        return 1 / (1 + exp(-(log(held / (1 - held)) + by)))

    low, high = (round(moved(by) * width) for by in (-uncertainty, uncertainty))
    at = round(shown * width)
    low, high = min(low, at), max(high, at)
    text = Text()
    text.append("█" * low, style="green")
    text.append("▓" * (at - low), style="green")
    text.append("░" * (high - at), style="green")
    text.append("·" * (width - high), style="dim")
    return text


def mastery(console: Console, rows: Iterable[dict[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("concept", "", "mastery", "unassisted", "attempts"):
        table.add_column(name, justify="left" if name in ("concept", "") else "right")
    for row in sorted(rows, key=lambda r: -r["shown"]):
        doubt = " ?" if row["questioned"] else ""
        numbers = f"{row['shown']:.2f}{doubt}", f"{row['unassisted']:.2f}", str(row["attempts"])
        table.add_row(escape(row["title"]), bar(row["shown"], row["uncertainty"]), *numbers)
    console.print(table)


def calendar(console: Console, days: Iterable[dict[str, Any]], until: date, weeks: int = 9) -> None:
    """Days of work, a row for each day of the week, the newest week on the right."""
    worked = {date.fromisoformat(str(d["day"])): d for d in days}
    monday = until - timedelta(days=until.weekday() + 7 * (weeks - 1))
    for weekday, name in enumerate(("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")):
        line = Text(f"{name} ", style="dim")
        for week in range(weeks):
            at = monday + timedelta(days=7 * week + weekday)
            here = worked.get(at)
            style = "bold green" if here and here["solved"] else "green" if here else "dim"
            line.append("  " if at > until else ("■ " if here else "· "), style=style)
        console.print(line)


def plan(console: Console, plan: dict[str, Any]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("kind", "concept", "min", "weight", "why"):
        table.add_column(name, justify="right" if name in ("min", "weight") else "left", overflow="fold")
    for line in plan["goals"]:
        why = f"{escape(line['because'])}\n[dim]{escape(line['weighs'])}[/]".rstrip()
        table.add_row(line["kind"], escape(line["title"]), str(line["minutes"]), f"{line['weight']:.2f}", why)
    mood = f"  [magenta]{plan['mood']}[/]" if plan["mood"] else ""
    console.print(f"[bold]{plan['day']}[/], {plan['minutes']} minutes. {escape(plan['because'])}{mood}\n")
    console.print(table)
