"""Moves the states as the evidence says, and reports what it found. Two visits a run: after work, after planning."""

from __future__ import annotations

from functions.process import moves, tending
from functions.process.context import Context, Seen
from functions.process.moves import Moved
from graph.decision import Decision, Said
from shared.events.catalogue.agents import ProcessReviewed

__all__ = ["Context", "Seen", "decide"]


def decide(context: Context) -> Decision:
    """Update: `findings.process`. `done`, `stuck`: this thread's goal got there in this run."""
    if context.refused is not None:
        return _found(context, [], [f"access denied: {context.refused}"])
    moved = [*moves.goal_moves(context), *tending.goals(context)]
    moved += moves.left_over(context, moves.after(context.goals, moved))
    goals = moves.after(context.goals, moved)
    asked = list(tending.enrolments(context))
    moved += [*asked, *moves.learner_moves(context, goals)]
    moved += [*moves.course_moves(tending.after(context, asked)), *moves.review_moves(context)]
    return _found(context, moved, [_line(m) for m in moved if m.notable])


def _found(context: Context, moved: list[Moved], findings: list[str]) -> Decision:
    reached = {m.body.after for m in moved if context.goal is not None and m.body.id == context.goal.goal}
    facts = {
        "done": "solved" in reached or context.before.get("done", False),
        "stuck": "stuck" in reached or context.before.get("stuck", False),
        "passes": context.passes + 1,
    }
    events = [Said(m.body, causation=m.causation) for m in moved]
    if findings:
        events.append(Said(ProcessReviewed(thread=context.thread, findings=tuple(findings))))
    return Decision({"findings": {"process": facts}}, events)


def _line(moved: Moved) -> str:
    body = moved.body
    return f"{body.entity} {body.id}: {body.before} to {body.after}. {body.because}"
