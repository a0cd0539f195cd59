"""What a person sees when the system has come up."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from rich.console import Console

from shared.sandbox import probe

console = Console(highlight=False, soft_wrap=True)


def command() -> str:
    """How to call `goals` from here: by name where the shell finds it, else by its path."""
    if shutil.which("goals"):
        return "goals"
    program = Path(sys.executable).parent / "goals"
    return str(program.relative_to(Path.cwd()) if program.is_relative_to(Path.cwd()) else program)


def sandbox() -> str:
    """What learners' programs run in here; where they cannot, why, and what to install."""
    found = probe()
    if found.mode == "refuse":
        return f"[bold red]are not run[/]: {found.detail}"
    return f"run in {found.mode}"


def told(url: str, seconds: float, data_dir: str, parts: str) -> None:
    goals = command()
    console.print(f"\n[bold green]AI Goals Tracker is up[/] after {seconds:.1f} s  ({parts})")
    console.print(f"  API and its reference   [bold]{url}/docs[/]")
    console.print(f"  sign in                 {goals} register --server {url}")
    console.print(f"  today's goals           {goals} today")
    console.print(f"  tools for MCP clients   {url}/mcp, or {goals} mcp as a child process")
    console.print(f"  the whole journey       {goals} demo --attach {url} --data {data_dir}")
    console.print(f"  data                    {data_dir}")
    console.print(f"  learners' programs      {sandbox()}")
    console.print("  Ctrl-C stops everything; nothing is lost, and the next start finds it again.\n")
