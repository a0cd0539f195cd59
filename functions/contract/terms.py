"""Terms compared, field by field: for the node that tells the learner, and for the API at which they are stated."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

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


def versioned(before: Terms, after: Terms, known: Collection[str] = ()) -> Terms:
    """`after` under a version of its own: what differs from the terms in force may go neither by their name nor by one
    of those before them (`known`), or an acceptance of old would hold for it."""
    if after == before:
        return after
    version = after.version
    while version == before.version or version in known:
        name, dash, number = version.rpartition("-")
        version = f"{name}{dash}{int(number) + 1}" if number.isdecimal() else f"{version[:36]}-2"
    return after if version == after.version else after.model_copy(update={"version": version})


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
