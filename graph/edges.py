"""The edges: pure functions of the state, in every function's image.

    START ─ access ─┬ denied ─────────────────────────────────────────────────────────► process ─ END
                    └ granted ─ contract ─ by trigger:
       run                       → feedback ∥ evaluation ∥ mood → process ─┬ done, stuck, mastery moved → planner
       hint                      → feedback → process                      └ END
       profile, wish             → planner → challenges (one per order; rejected → again, at most three rounds)
                                           → courses (one per page) → process → END
       daily                     → evaluation (sums up the days before) → planner, and on as above
       mood                      → mood → process (→ planner if the plan is touched)
       doubt                     → evaluation → process (→ planner if mastery moved)
       wish, doubt, profile with words → mood first: who writes of harm is pointed to a person
       goal, course, contract    → process (→ planner)

A node with nothing to do costs no hop: `access` and `contract` are passed over while the state holds fresh evidence
of them (`access` not for a hint: the API asks the rule before it runs code, and nobody before a hint), `mood` where no
rule could speak, `planner` where nothing that a plan rests on has moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langgraph.graph import END
from langgraph.types import Send

from graph.state import Made, State

ROUNDS = 3
EQUAL_FAILURES = 3
AWAY_DAYS = 3
WORDS = ("text", "target", "job")
"""Facts that are a learner's own words: of a wish or a doubt, and what they say of themselves."""

Next = str | list[str] | list[Send] | Sequence[str | Send]


def after_start(state: State) -> Next:
    """Access first, unless this thread holds a grant that still holds, and no hint is asked for."""
    access = state.get("access") or {}
    if not _asked(state) and access.get("granted") and state["at"] < str(access.get("until", "")):
        return after_granted(state)
    return "access"


def after_access(state: State) -> Next:
    return after_granted(state) if (state.get("access") or {}).get("granted") else "process"


def after_granted(state: State) -> Next:
    """The contract is looked at when its evidence is stale, when it may have changed, and when we owe a refund."""
    contract = state.get("contract") or {}
    fresh = bool(contract.get("kept")) and state["at"] < str(contract.get("until", ""))
    owed = any(r.get("fault") for r in _runs(state))
    if fresh and state["trigger"] not in ("contract", "daily") and not owed:
        return by_trigger(state)
    return "contract"


def after_contract(state: State) -> Next:
    return by_trigger(state)


def by_trigger(state: State) -> Next:
    match state["trigger"]:
        case "run":
            if not _taught(state):
                return "feedback" if _asked(state) else "process"
            return ["feedback", "evaluation", "mood"] if _mood_may_speak(state) else ["feedback", "evaluation"]
        case "hint":
            return "feedback"
        case "doubt":
            return "mood" if _written(state) else "evaluation"
        case "wish":
            return "mood" if _written(state) else "planner"
        case "daily":
            return "evaluation"
        case "profile":
            return "mood" if _written(state) else "planner"
        case "mood":
            return "mood"
        case "goal" | "course" | "contract":
            return "process"


def after_evaluation(state: State) -> Next:
    return "planner" if state["trigger"] == "daily" else "process"


def after_mood(state: State) -> Next:
    """Words the learner wrote pass `mood` first: somebody who writes of harm is pointed to a person."""
    match state["trigger"]:
        case "wish" | "profile":
            return "planner"
        case "doubt":
            return "evaluation"
        case _:
            return "process"


def after_process(state: State) -> Next:
    findings = state.get("findings") or {}
    process = findings.get("process", {})
    if process.get("passes", 1) > 1 or not (state.get("access") or {}).get("granted"):
        return END
    touched = (
        process.get("done")
        or process.get("stuck")
        or findings.get("evaluation", {}).get("moved")
        or findings.get("mood", {}).get("effect", "none") != "none"
        or findings.get("contract", {}).get("terms")
        or state["trigger"] in ("goal", "course")
    )
    return "planner" if touched else END


def after_planner(state: State) -> Next:
    sends = [Send("challenges", {**_base(state), "order": order}) for order in state.get("orders") or []]
    sends += [Send("courses", {**_base(state), "page": page}) for page in state.get("pages") or []]
    # A day with nothing to make still moves what only time moves: reviews, silence, goals nobody opened. And what a
    # changed plan has no room for any more is not left standing.
    changed = (state.get("findings") or {}).get("planner", {}).get("changed")
    return sends or ("process" if state["trigger"] == "daily" or changed else END)


def after_challenge(state: State, made: Made) -> Next:
    """One order's way on: its page, another round, or (after the third) the end of it."""
    order = made["order"]
    if made["ok"]:
        page = {"concept": made["concept"], "goal": made["goal"], "anchor": None, "because": order["because"]}
        return [Send("courses", {**_base(state), "page": page})]
    if order.get("round", 1) < ROUNDS:
        avoid = [*order.get("avoid", []), *([made["challenge"]] if made.get("challenge") else [])]
        refused = list(made.get("reasons", []))
        again = {**order, "round": order.get("round", 1) + 1, "avoid": avoid, "refused": refused}
        return [Send("challenges", {**_base(state), "order": again})]
    return "process"


def _base(state: State) -> dict[str, Any]:
    """What a node run by `Send` gets of the state (it does not see the rest)."""
    keys = ("learner", "tenant", "goal", "at", "trigger", "inputs")
    return {key: state.get(key) for key in keys}


def _runs(state: State) -> list[dict[str, Any]]:
    return [i["facts"] for i in state["inputs"] if i["type"] == "goals.run.finished"]


def _taught(state: State) -> list[dict[str, Any]]:
    """The runs that say something about the learner: a fault of ours says nothing, it is only given back."""
    return [r for r in _runs(state) if not r.get("fault")]


def _asked(state: State) -> bool:
    return any(i["type"] == "goals.hint.asked" for i in state["inputs"])


def _mood_may_speak(state: State) -> bool:
    struggle = state.get("struggle") or {}
    solved = any(r["purpose"] == "submit" and r["passed"] == r["total"] for r in _taught(state))
    return solved or struggle.get("count", 0) >= EQUAL_FAILURES or struggle.get("away_days", 0) >= AWAY_DAYS


def _written(state: State) -> bool:
    return any(i["facts"].get(field) for i in state["inputs"] for field in WORDS)
