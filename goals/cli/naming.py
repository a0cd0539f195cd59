"""Which goal the learner means: a number of `goals today`, the beginning of an id, or a slug."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shared.errors import InvalidInput, NotFound

Goal = dict[str, Any]
ORDER = ("open", "stuck", "paused", "assigned", "solved")


def numbered(goals: Sequence[Goal]) -> list[Goal]:
    """As `goals today` shows them, number 1 first: what is being worked on, what is new, what is done. Stable as long
    as no state changes: by day, kind and challenge within each."""

    def place(goal: Goal) -> tuple[int, str, str, str, str]:
        state = goal["state"]
        rank = ORDER.index(state) if state in ORDER else len(ORDER)
        return rank, str(goal["day"]), goal["kind"], goal["challenge"], goal["goal"]

    return sorted(goals, key=place)


def slug(goal: Goal) -> str:
    """The folder's name."""
    return str(goal["challenge"])


def meant(word: str, shown: Sequence[Goal], everything: Sequence[Goal] = ()) -> Goal:
    """The one goal `word` stands for; `everything`: looked through where `shown` has none. Raises NotFound, and
    InvalidInput where it may be several."""
    if word.isdecimal() and len(word) < 4:
        if 1 <= int(word) <= len(shown):
            return shown[int(word) - 1]
        raise NotFound(f"there is no goal number {word}", hint="`goals today` lists them")
    for goals in (shown, everything):
        exact = [g for g in goals if word in (g["goal"], slug(g))]
        found = exact or [g for g in goals if len(word) >= 4 and g["goal"].startswith(word)]
        found = found or [g for g in goals if slug(g).startswith(word)]
        alive = [g for g in found if g["state"] not in ("solved", "swapped", "abandoned")] or found
        if len({g["goal"] for g in alive}) == 1:
            return alive[0]
        if exact:  # the same challenge given twice: the newest
            return max(alive, key=lambda g: (str(g["day"]), str(g["assigned"])))
        if found:
            names = ", ".join(sorted(f"{slug(g)} ({g['goal'][:8]})" for g in alive))
            raise InvalidInput(f"{word!r} may be several goals: {names}", hint="write more of it")
    raise NotFound(f"there is no goal {word!r}", hint="`goals today` lists them")
