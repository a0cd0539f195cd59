"""What learners say of themselves, said again. One event holds all of it: what nobody changed is said as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from goals.client import interaction
from shared.clock import utc_now

KEPT = ("target", "level", "minutes", "language", "timezone", "days_off", "minutes_on", "job")


def restated(me: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """`me`: as GET /v1/me answers. `changes`: fields of `goals.profile.stated`; None leaves one as it is."""
    stands = {name: me[name] for name in KEPT if me[name] is not None}
    stands |= {f"consent_{name}": given for name, given in me["consents"].items()}
    said = stands | {name: value for name, value in changes.items() if value is not None}
    return interaction("profile.stated", said, time=utc_now())
