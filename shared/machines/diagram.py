"""Draws the machines: Mermaid state diagrams and tables, for `docs/states.md`."""

from __future__ import annotations

from shared.machines.machine import Machine

_HEAD = """# States of the learning process

Written by `shared.machines.document()` from the tables in `shared/machines/tables.py`: change those, not this page.
The `process` node makes these moves, each as a `goals.state.changed` event with its reason and the events that say so:
at each event that reaches the graph, and once a day for what only time moves or a crash left behind (a goal whose
solution was recorded and whose state was not is put right then). What is not in a table cannot happen; `goals why`
with the id of such an event shows what it rests on.
"""


def mermaid(machine: Machine) -> str:
    """A `stateDiagram-v2` of one machine, one line a move."""
    lines = ["stateDiagram-v2", f"    [*] --> {machine.initial}"]
    lines += [f"    {m.before} --> {m.after}: {_label(m.when)}" for m in machine.moves]
    lines += [f"    {state} --> [*]" for state in machine.final]
    return "\n".join(lines)


def document() -> str:
    """The whole page, as Markdown."""
    from shared.machines.tables import MACHINES

    parts = [_HEAD]
    for machine in MACHINES.values():
        parts.append(f"## {machine.entity.capitalize()}\n\n```mermaid\n{mermaid(machine)}\n```\n")
        rows = [
            f"| {m.before} | {m.after} | {m.when} | {', '.join(f'`{e}`' for e in dict.fromkeys(m.evidence))} |"
            for m in machine.moves
        ]
        parts.append("\n".join(["| from | to | when | evidence: one of |", "|---|---|---|---|", *rows]) + "\n")
    return "\n".join(parts)


def _label(when: str) -> str:
    """Mermaid ends a label at a colon or semicolon."""
    return when.replace(":", ",").replace(";", ",")
