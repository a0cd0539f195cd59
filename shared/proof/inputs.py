"""Inputs for comparing a mutant with the reference: of the shapes its cases have, near what they and it name."""

from __future__ import annotations

import ast
import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from random import Random

from shared.curriculum.model import JSON, Case
from shared.proof.scalars import Pool, Shape
from shared.proof.shapes import shape_of
from shared.sandbox import Call

TRIES = 30
"""New inputs made for each one wanted, before a function counts as having no more."""

WIDER = (1, 4, 16)
"""How far numbers go, in the three thirds of the tries: a function of one small number needs more of them."""


def inputs(cases: Sequence[Case], reference: str, *, count: int, seed: int) -> Iterator[Call]:
    """Distinct calls, none of them a case's, `count` for each function that a case calls (fewer where it has no more).

    Two arguments that every case gives the same length keep it. The same `seed` gives the same inputs.
    """
    numbers, texts = _named(reference)
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
    seen = {_key(case.args, case.kwargs) for case in cases}
    made = 0
    for tried in range(count * TRIES):
        if made == count:
            return
        like = random.choice(cases)
        pool = Pool(numbers, texts, [], WIDER[len(WIDER) * tried // (count * TRIES)])
        args, kwargs = _changed(like, slots, pool, random)
        if any(len(args[a]) != len(args[b]) for a, b in together):  # type: ignore[arg-type]  # both have a length
            args = _levelled(args, together)
        key = _key(args, kwargs)
        if key in seen or any(not args[a] and like.args[a] for pair in together for a in pair):
            continue
        seen.add(key)
        made += 1
        yield Call(f"{function}-{made}", function, tuple(args), kwargs)


def _slots(cases: Sequence[Case]) -> Mapping[int | str, Shape]:
    found: dict[int | str, list[JSON]] = {}
    for case in cases:
        for at, value in enumerate(case.args):
            found.setdefault(at, []).append(value)
        for name, value in case.kwargs.items():
            found.setdefault(name, []).append(value)
    return {slot: shape_of(values) for slot, values in found.items()}


def _changed(
    like: Case, slots: Mapping[int | str, Shape], pool: Pool, random: Random
) -> tuple[list[JSON], dict[str, JSON]]:
    """Each argument is new, or (a third of them) that of the case."""
    args, kwargs = copy.deepcopy(list(like.args)), copy.deepcopy(dict(like.kwargs))
    alone = random.randrange(len(slots)) if slots and random.random() < 0.4 else None
    for at, slot in enumerate((*range(len(args)), *kwargs)):
        value = slots[slot](random, pool)
        if (alone is not None and alone != at) or (alone is None and random.random() < 0.25):
            value = args[slot] if isinstance(slot, int) else kwargs[slot]
            pool.recent.extend(value if isinstance(value, list) else [value])
        if isinstance(slot, int):
            args[slot] = value
        else:
            kwargs[slot] = value
        if not isinstance(value, list | dict):
            pool.recent.append(value)
    return args, kwargs


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


def _named(source: str) -> tuple[tuple[int | float, ...], tuple[str, ...]]:
    """The numbers and texts that stand in a program: where it changes its mind."""
    values = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    numbers = {v for v in values if isinstance(v, int | float) and not isinstance(v, bool)}
    return tuple(sorted(numbers)), tuple(sorted({v for v in values if isinstance(v, str) and v}))


def _key(args: Sequence[JSON], kwargs: Mapping[str, JSON]) -> str:
    return json.dumps([list(args), dict(kwargs)], sort_keys=True)
