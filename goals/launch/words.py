"""What a person sees when the system has come up."""

from __future__ import annotations

from rich.console import Console

console = Console(highlight=False)


def told(url: str, seconds: float, data_dir: str, parts: str) -> None:
    console.print(f"\n[bold green]AI Goals Tracker is up[/] after {seconds:.1f} s  ({parts})")
    console.print(f"  API and its reference   [bold]{url}/docs[/]")
    console.print(f"  sign in                 goals register --server {url}     (or: goals login)")
    console.print(f"  today's goals           goals today --server {url}")
    console.print(f"  the whole journey       goals demo --attach {url}")
    console.print(f"  data                    {data_dir}")
    console.print("  Ctrl-C stops everything; nothing is lost, and the next start finds it again.\n")
