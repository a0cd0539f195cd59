"""Terms compared, field by field: for the node that tells the learner, and for the API at which they are stated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shared.events.catalogue.contracts import Terms

Changes = dict[str, tuple[str, str]]
ABSENT = "none"


def differences(before: Terms, after: Terms) -> Changes:
    """Field → (before, after), as text, for the fields that differ; `price.amount` is a field of its own."""
    old, new = dict(_flat(before.model_dump(mode="json"))), dict(_flat(after.model_dump(mode="json")))
    fields = dict.fromkeys([*old, *new])
    return {
        field: (old.get(field, ABSENT), new.get(field, ABSENT))
        for field in fields
        if old.get(field, ABSENT) != new.get(field, ABSENT)
    }


def versioned(before: Terms, after: Terms) -> Terms:
    """`after` under a version of its own: what differs from the terms in force may not go by their name."""
    if after.version != before.version or after == before:
        return after
    name, dash, number = before.version.rpartition("-")
    following = f"{name}{dash}{int(number) + 1}" if number.isdecimal() else f"{before.version}-2"
    return after.model_copy(update={"version": following[-40:]})


def _flat(fields: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in fields.items():
        match value:
            case None:
                continue
            case Mapping():
                yield from _flat(value, f"{above}{name}.")
            case list():
                everything = "all" if name == "courses" else ABSENT
                yield above + name, ", ".join(map(str, value)) or everything
            case _:
                yield above + name, str(value)
