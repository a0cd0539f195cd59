"""What the demo prints: each step as the learner sees it, each event's way, and the sum of it all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from goals.cli.events import show
from goals.client import Event

if TYPE_CHECKING:
    from rich.console import Console

    from goals.demo.walk import Walked


class Teller:
    """`brief`: a line for each step, no more."""

    def __init__(self, console: Console, *, brief: bool = False) -> None:
        self.console = console
        self.brief = brief

    def note(self, words: str) -> None:
        self.console.print(Text(words, style="dim"))

    def headline(self, words: str) -> None:
        self.console.rule(Text(words, style="bold"), align="left")

    def step(self, number: int, of: int, title: str, ms: float, lines: Sequence[str]) -> None:
        text = Text(f"\n{number:>2}/{of} ", style="bold green")
        text.append(title, style="bold")
        text.append(f"  {ms:.0f} ms", style="dim")
        self.console.print(text)
        if not self.brief:
            for line in lines:
                self.console.print(Text(f"      {line}"), soft_wrap=True)

    def way(self, events: Sequence[Event]) -> None:
        if not self.brief and events:
            show(self.console, list(events), indent="    ")

    def missing(self, title: str, why: str) -> None:
        self.console.print(Text(f"MISSING  {title}: {why}", style="bold red"), soft_wrap=True)

    def crash(self, words: str) -> None:
        self.console.print(Text(f"      ✂ {words}", style="yellow"))

    def summary(self, walked: Walked) -> None:
        table = Table(title="Steps", title_justify="left", box=None, pad_edge=False, show_header=False)
        for name, ms in walked.steps.items():
            table.add_row("[green]✓[/]", name, f"{ms:.0f} ms")
        self.console.print("\n", table)
        counts = Counter(event.type.removeprefix("goals.") for event in walked.events)
        table = Table(title="Events", title_justify="left", box=None, pad_edge=False, show_header=False)
        names = sorted(counts)
        half = (len(names) + 1) // 2
        for left, right in zip(names[:half], [*names[half:], *[""] * (half * 2 - len(names))], strict=True):
            table.add_row(str(counts[left]), left, "  ", str(counts[right]) if right else "", right)
        self.console.print("\n", table)
        acted = ", ".join(f"{name} {count}" for name, count in sorted(walked.functions.items()))
        self.console.print(Text(f"\nFunctions: {acted}"), soft_wrap=True)
        if walked.feedback is not None:
            self.console.print(f"Feedback on the websocket {walked.feedback:.0f} ms after the run was asked for.")
        self.console.print(f"{len(walked.events)} events, fingerprint [bold]{walked.fingerprint}[/]")
