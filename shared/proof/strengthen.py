"""Cases for a suite that lets mistakes through: inputs on which a surviving mutant parts from the reference."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from shared.curriculum.document import fields_of
from shared.curriculum.model import JSON, Case, Challenge
from shared.proof.model import Proof
from shared.proof.prove import prove
from shared.sandbox import Sandbox

ROUNDS = 4


def strengthen(challenge: Challenge, sandbox: Sandbox, *, seed: int, rounds: int = ROUNDS) -> Proof:
    """The proof of `challenge` with the cases it proposes, again and again on fresh inputs, until every survivor is
    equivalent (or `rounds` proofs were made): `proof.challenge` has the new cases, `added` tells which they are.

    What else is wrong with the challenge (a reference that fails, a lying example) stays wrong: no case mends it.
    """
    proof = prove(challenge, sandbox, seed=seed)
    for number in range(1, rounds):
        if not proof.proposed:
            break
        more = replace(proof.challenge, cases=(*proof.challenge.cases, *proof.proposed))
        proof = prove(more, sandbox, seed=seed + number)
    return proof


def added(before: Challenge, after: Challenge) -> tuple[Case, ...]:
    known = {case.id for case in before.cases}
    return tuple(case for case in after.cases if case.id not in known)


def as_toml(case: Case, *, entry: str) -> str:
    """The line to add to `cases` in a challenge.toml."""
    return f"{{ {', '.join(f'{key} = {_value(value)}' for key, value in fields_of(case, entry).items())} }},"


def _value(value: JSON) -> str:
    match value:
        case None:
            return "{ none = true }"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return repr(value)
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            inside = ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items())
            return f"{{ {inside} }}" if inside else "{}"


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _value(key)
