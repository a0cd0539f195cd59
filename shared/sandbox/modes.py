"""The table of modes: adding one is an entry here. The inside is the same harness in all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from shared.sandbox.bare import bare
from shared.sandbox.bubblewrap import bubblewrap, bubblewrap_fork, bubblewrap_zygote
from shared.sandbox.cage import Cage
from shared.sandbox.contract import Limits, Mode
from shared.sandbox.landlock import landlock, landlock_fork, landlock_zygote
from shared.sandbox.languages.language import Source
from shared.sandbox.start import Frames
from shared.sandbox.zygote import Forked, Zygote


class Spawn(Protocol):
    """Starts a run's process: its limits, its CPU in seconds, the nonce of its greeting; `source`: not Python."""

    def __call__(self, limits: Limits, cpu: int, nonce: str, source: Source | None = None) -> tuple[Cage, Frames]: ...


SPAWN: dict[Mode, Spawn] = {
    "bubblewrap": bubblewrap,
    "landlock": landlock,
    "none": bare,
}


class Start(Protocol):
    """`launching`: a zygote for runs in other languages than Python."""

    def __call__(self, *, launching: bool = False) -> Zygote: ...


Fork = Callable[[Zygote, Limits, int, str, Source | None], tuple[Forked, Frames]]

WARM: dict[Mode, tuple[Start, Fork]] = {
    "bubblewrap": (bubblewrap_zygote, bubblewrap_fork),
    "landlock": (landlock_zygote, landlock_fork),
}
"""How a mode's zygote starts, and how a run is forked from it. A mode that is not here starts each run cold."""
