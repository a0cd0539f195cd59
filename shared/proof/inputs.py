"""Inputs for comparing a mutant with the reference: of the shapes its cases have, near what they and it name.

What a program reads (stdin, its files) is made line by line, as a list of lines would be."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import TypeAlias

from shared.curriculum.model import JSON, Case
from shared.proof.scalars import Pool, Shape
from shared.proof.shapes import shape_of
from shared.sandbox import Call

TRIES = 30
"""New inputs made for each one wanted, before a function counts as having no more."""

WIDER = (1, 4, 16)
"""How far numbers go, in the three thirds of the tries: a function of one small number needs more of them."""


Constants: TypeAlias = tuple[tuple[int | float, ...], tuple[str, ...]]
"""The numbers and texts that stand in a program: where it changes its mind."""

Slot: TypeAlias = int | str | tuple[str]
"""A place among the arguments; a keyword; a file, by its name; stdin (`STDIN`)."""

STDIN: Slot = ("",)


def inputs(cases: Sequence[Case], constants: Constants, *, count: int, seed: int) -> Iterator[Call]:
    """Distinct calls, none of them a case's, `count` for each function that a case calls (fewer where it has no more).

    Two arguments that every case gives the same length keep it. The same `seed` gives the same inputs.
    """
    numbers, texts = constants
    for function in sorted({case.call for case in cases}):
        own = [case for case in cases if case.call == function]
        random = Random(f"{seed}/{function}")  # noqa: S311  not for secrets
        yield from _of(own, numbers, texts, count, random)


def _of(
    cases: Sequence[Case], numbers: tuple[int | float, ...], texts: tuple[str, ...], count: int, random: Random
) -> Iterator[Call]:
    function = cases[0].call
    slots = _slots(cases)
    together = _of_one_length(cases)
    seen = {_key(case) for case in cases}
    made = 0
    for tried in range(count * TRIES):
        if made == count:
            return
        like = random.choice(cases)
        pool = Pool(numbers, texts, [], WIDER[len(WIDER) * tried // (count * TRIES)])
        values = _changed(like, slots, pool, random)
        args = [values[slot] for slot in range(len(like.args))]
        if any(len(args[a]) != len(args[b]) for a, b in together):  # type: ignore[arg-type]  # both have a length
            args = _levelled(args, together)
        call = Call(
            f"{function}-{made + 1}",
            function,
            tuple(args),
            {slot: value for slot, value in values.items() if isinstance(slot, str)},
            _text(values[STDIN]) if STDIN in values else "",
            {slot[0]: _text(value) for slot, value in values.items() if isinstance(slot, tuple) and slot != STDIN},
        )
        key = _key(call)
        if key in seen or any(not args[a] and like.args[a] for pair in together for a in pair):
            continue
        seen.add(key)
        made += 1
        yield call


def _values(case: Case) -> dict[Slot, JSON]:
    """All that the program is given, by its place. A text to read is the list of its lines."""
    given: dict[Slot, JSON] = dict(enumerate(case.args))
    given.update(case.kwargs)
    if case.stdin:
        given[STDIN] = list(case.stdin.splitlines())
    return given | {(name,): list(content.splitlines()) for name, content in case.files.items()}


def _text(lines: JSON) -> str:
    return "".join(f"{line}\n" for line in lines) if isinstance(lines, list) else ""


def _slots(cases: Sequence[Case]) -> Mapping[Slot, Shape]:
    found: dict[Slot, list[JSON]] = {}
    for case in cases:
        for slot, value in _values(case).items():
            found.setdefault(slot, []).append(value)
    return {slot: shape_of(values) for slot, values in found.items()}


def _changed(like: Case, slots: Mapping[Slot, Shape], pool: Pool, random: Random) -> dict[Slot, JSON]:
    """Each value is new, or (a third of them) that of the case."""
    values = copy.deepcopy(_values(like))
    alone = random.randrange(len(slots)) if slots and random.random() < 0.4 else None
    for at, slot in enumerate(list(values)):
        value = slots[slot](random, pool)
        if (alone is not None and alone != at) or (alone is None and random.random() < 0.25):
            value = values[slot]
            pool.recent.extend(value if isinstance(value, list) else [value])
        values[slot] = value
        if not isinstance(value, list | dict):
            pool.recent.append(value)
    return values


def _of_one_length(cases: Sequence[Case]) -> list[tuple[int, int]]:
    """Pairs of arguments whose lengths are always the same: seen in three cases or more, with two lengths at least."""
    width = min(len(case.args) for case in cases)
    pairs = []
    for a in range(width):
        for b in range(a + 1, width):
            both = [(case.args[a], case.args[b]) for case in cases]
            if not all(type(x) is type(y) and isinstance(x, str | list) for x, y in both):
                continue
            sizes = [(len(x), len(y)) for x, y in both]  # type: ignore[arg-type]
            if len(sizes) > 2 and all(x == y for x, y in sizes) and len(set(sizes)) > 1:
                pairs.append((a, b))
    return pairs


def _levelled(args: list[JSON], together: Sequence[tuple[int, int]]) -> list[JSON]:
    """The longer of two cut to the shorter's length."""
    for a, b in together:
        one, other = args[a], args[b]
        if isinstance(one, str | list) and isinstance(other, str | list):
            size = min(len(one), len(other))
            args[a], args[b] = one[:size], other[:size]
    return args


def _key(given: Case | Call) -> str:
    return json.dumps([list(given.args), dict(given.kwargs), given.stdin, dict(given.files)], sort_keys=True)
