"""What the arguments of a function look like, read off its cases, and new ones of the same look.

A new value stays where the cases have shown that values may be: of the same type and nesting; negative, zero or empty
only where a case has it so; text of the kinds of characters seen. So an input is one that the statement most likely
allows: what lies outside, no learner's program is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random

from shared.curriculum.model import JSON
from shared.proof.scalars import SPREAD, Pool, Shape, numbers, texts


def shape_of(seen: Sequence[JSON]) -> Shape:
    """The shape all of `seen` have; several kinds at one place make a choice among them."""
    kinds: dict[str, list[JSON]] = {}
    for value in seen:
        kinds.setdefault(_kind(value), []).append(value)
    made = [SHAPES[kind](values) for kind, values in sorted(kinds.items())]
    if len(made) == 1:
        return made[0]
    return lambda random, pool: random.choice(made)(random, pool)


def _kind(value: JSON) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case str():
            return "text"
        case list():
            return "list"
        case _:
            return "dict"


def _lists(seen: Sequence[JSON]) -> Shape:
    values = [v for v in seen if isinstance(v, list)]
    lengths = {len(v) for v in values}
    if len(lengths) == 1 and lengths != {0} and len(values) > 1 and _is_record(values):
        parts = [shape_of([v[i] for v in values]) for i in range(lengths.pop())]
        return lambda random, pool: [_kept(part(random, pool), pool) for part in parts]
    items = [item for v in values for item in v]
    if not items:
        return lambda _random, _pool: []
    item = shape_of(items)
    shortest, longest = (0 if 0 in lengths else 1), max(lengths) + SPREAD // 2

    def one(random: Random, pool: Pool) -> JSON:
        if random.random() < 0.5:
            made = list(random.choice(values))
            match random.randrange(5):
                case 0 if len(made) > shortest:
                    del made[random.randrange(len(made))]
                case 1:
                    made.insert(random.randrange(len(made) + 1), item(random, pool))
                case 2 if made:
                    made[random.randrange(len(made))] = item(random, pool)
                case 3:
                    random.shuffle(made)
                case _ if made:
                    made.insert(random.randrange(len(made) + 1), random.choice(made))
            for there in made:
                _kept(there, pool)
            return made
        return [_kept(item(random, pool), pool) for _ in range(random.randint(shortest, longest))]

    return one


def _is_record(values: Sequence[list[JSON]]) -> bool:
    """`["Ada", 12]` beside `["Bo", 7]`: each place has its own type."""
    return len({_kind(item) for item in values[0]}) > 1 and all(
        [_kind(item) for item in value] == [_kind(item) for item in values[0]] for value in values
    )


def _kept(value: JSON, pool: Pool) -> JSON:
    if not isinstance(value, list | dict):
        pool.recent.append(value)
    return value


def _dicts(seen: Sequence[JSON]) -> Shape:
    values = [v for v in seen if isinstance(v, dict)]
    keys = {frozenset(v) for v in values}
    if len(keys) == 1 and len(values) > 1 and keys != {frozenset()}:
        parts = {key: shape_of([v[key] for v in values]) for key in values[0]}
        return lambda random, pool: {key: part(random, pool) for key, part in parts.items()}
    names = [key for v in values for key in v]
    if not names:
        return lambda _random, _pool: {}
    name, item = texts(list(names)), shape_of([x for v in values for x in v.values()])
    shortest, longest = (0 if {} in values else 1), max(map(len, values)) + SPREAD // 2

    def one(random: Random, pool: Pool) -> JSON:
        size = random.randint(shortest, longest)
        return {str(_kept(name(random, pool), pool)): _kept(item(random, pool), pool) for _ in range(size)}

    return one


SHAPES: Mapping[str, Callable[[Sequence[JSON]], Shape]] = {
    "none": lambda _seen: lambda _random, _pool: None,
    "bool": lambda _seen: lambda random, _pool: random.random() < 0.5,
    "number": numbers,
    "text": texts,
    "list": _lists,
    "dict": _dicts,
}
