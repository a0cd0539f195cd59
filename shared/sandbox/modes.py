"""The table of modes: adding one is an entry here. The inside is the same harness in all of them."""

from __future__ import annotations

from collections.abc import Callable

from shared.sandbox.bare import bare
from shared.sandbox.bubblewrap import bubblewrap
from shared.sandbox.cage import Cage
from shared.sandbox.contract import Limits, Mode
from shared.sandbox.landlock import landlock
from shared.sandbox.start import Frames

SPAWN: dict[Mode, Callable[[Limits, int, str], tuple[Cage, Frames]]] = {
    "bubblewrap": bubblewrap,
    "landlock": landlock,
    "none": bare,
}
